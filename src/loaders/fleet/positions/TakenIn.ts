import type { Position } from "./position.js";

const mostEpochs = 50;
const mostProcesses = 1_000;

/**
 * What was ever taken in of the changes of other processes: streams that have ended since, and of each process the last change that
 * stood in one. It only grows: what was taken in stays so, whatever is forgotten after it.
 */
export class TakenIn {
  readonly #epochs = new Map<string, number>();
  readonly #tickets = new Map<string, number>();

  /** All of a stream that has ended, up to there. */
  noteEpoch({ epoch, n }: Position): void {
    note(this.#epochs, epoch, n, mostEpochs);
  }

  /** A change of a process, and with it all of its changes before: each tells them in their order. */
  noteTicket(processId: string, ticket: number): void {
    note(this.#tickets, processId, ticket, mostProcesses);
  }

  hasEpoch({ epoch, n }: Position): boolean {
    return (this.#epochs.get(epoch) ?? -1) >= n;
  }

  /** 0: none of them. */
  ticketOf(processId: string): number {
    return this.#tickets.get(processId) ?? 0;
  }
}

/** Keeps those that were heard of last. */
function note(known: Map<string, number>, name: string, number: number, most: number): void {
  const last = Math.max(number, known.get(name) ?? 0);
  known.delete(name);
  known.set(name, last);
  const [oldest] = known.keys();
  if (known.size > most && oldest !== undefined) known.delete(oldest);
}
