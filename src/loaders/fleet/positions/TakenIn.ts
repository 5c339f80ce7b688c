import type { HeardPlaces } from "./HeardPlaces.js";
import type { Place, Position } from "./position.js";

const mostEpochs = 50;
const mostProcesses = 1_000;

/**
 * What was ever taken in of the changes of other processes: streams that have ended since, and of each process the last change that
 * stood in one. It only grows: what was taken in stays so, whatever is forgotten after it.
 */
export class TakenIn {
  readonly #epochs = new Map<string, HeardPlaces>();
  readonly #tickets = new Map<string, number>();

  /** All of a stream that has ended, as far as it was heard. */
  noteEpoch(heard: HeardPlaces): void {
    keep(this.#epochs, heard.epoch, heard, mostEpochs);
  }

  /** The rest of it was told again. */
  noteToldAgain({ epoch, n }: Position): void {
    this.#epochs.get(epoch)?.noteToldAgain(n);
  }

  /** A change of a process, and with it all of its changes before: each tells them in their order. */
  noteTicket(processId: string, ticket: number): void {
    keep(this.#tickets, processId, Math.max(ticket, this.ticketOf(processId)), mostProcesses);
  }

  hasPlace(place: Place): boolean {
    return this.#epochs.get(place.epoch)?.has(place) === true;
  }

  /** 0: none of them. */
  ticketOf(processId: string): number {
    return this.#tickets.get(processId) ?? 0;
  }
}

/** Those that were heard of last. */
function keep<Known>(all: Map<string, Known>, name: string, known: Known, most: number): void {
  all.delete(name);
  all.set(name, known);
  const [oldest] = all.keys();
  if (all.size > most && oldest !== undefined) all.delete(oldest);
}
