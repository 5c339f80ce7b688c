import { performance } from "node:perf_hooks";

/** How the callers' turns are dimensioned. */
const turnLimits = {
  /** Units of one slice: some five milliseconds of execution, or one operation that has not begun. */
  unitsOfSlice: 5_000,
  /** How long a caller counts as somebody whom others may hold up, after it asked last. In milliseconds. */
  rememberedMs: 60_000,
} as const;

/** An operation whose work waits. */
interface Work {
  /** Its turn has come: it may do a slice of work. */
  renew(): void;
}

interface Gate {
  readonly units: number;
  readonly open: () => void;
}

/** The work of one caller that waits: operation after operation, those that have had a slice last. */
class CallersQueue {
  readonly operations: { readonly of: Work; readonly gates: Gate[] }[] = [];

  constructor(readonly caller: string) {}

  add(of: Work, gate: Gate): void {
    const known = this.operations.find((each) => each.of === of);
    if (known === undefined) this.operations.push({ of, gates: [gate] });
    else known.gates.push(gate);
  }

  /** Opens gates of the operation whose turn it is, for one slice of work. */
  goOn(): void {
    const operation = this.operations.shift();
    if (operation === undefined) return;
    const { of, gates } = operation;
    let units = 0;
    let next = 0;
    while (next < gates.length && units < turnLimits.unitsOfSlice) {
      const gate = gates[next];
      units += gate?.units ?? 0;
      next += 1;
      gate?.open();
    }
    gates.splice(0, next);
    of.renew();
    if (gates.length > 0) this.operations.push(operation);
  }
}

/**
 * Who works on the event loop, which has no more than one thread: callers take turns, and so do the operations of each. Where
 * only one caller asks, its operations begin at once, one after another as they come in. Where there are several, each begins
 * one operation in a turn of the loop, and what it asks beyond that waits until the others have had theirs; so however much
 * one asks, it stands before another with one slice of work.
 */
export class Turns {
  /** In the order of their turns. */
  readonly #queues = new Map<string, CallersQueue>();
  /** Whoever began an operation since the loop last came round. */
  readonly #begun = new Set<string>();
  readonly #now: () => number;
  #isScheduled = false;
  #lastCaller: string | null = null;
  /** When each but the last asked last, the oldest first; empty where there was only one so far. */
  readonly #askedAtMs = new Map<string, number>();

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** The turn to begin an operation; `null`: now. */
  begin(caller: string): Promise<void> | null {
    if (!this.#hasOthers(caller)) return null;
    if (!this.#begun.has(caller) && !this.#queues.has(caller)) {
      this.#begun.add(caller);
      this.#schedule();
      return null;
    }
    return this.wait(caller, { renew: () => undefined }, turnLimits.unitsOfSlice);
  }

  /** Waits until so many units of an operation may be done. */
  wait(caller: string, of: Work, units: number): Promise<void> {
    return new Promise((open) => {
      let queue = this.#queues.get(caller);
      if (queue === undefined) {
        queue = new CallersQueue(caller);
        this.#queues.set(caller, queue);
      }
      queue.add(of, { units, open });
      this.#schedule();
    });
  }

  /** Whether anybody else asked of late. */
  #hasOthers(caller: string): boolean {
    if (caller !== this.#lastCaller) {
      const now = this.#now();
      if (this.#lastCaller !== null) this.#askedAtMs.set(this.#lastCaller, now);
      this.#lastCaller = caller;
      this.#askedAtMs.delete(caller);
    }
    if (this.#askedAtMs.size === 0) return false;
    const oldestMs = this.#now() - turnLimits.rememberedMs;
    for (const [other, atMs] of this.#askedAtMs) {
      if (atMs >= oldestMs) return true;
      this.#askedAtMs.delete(other);
    }
    return false;
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    // After what came in meanwhile: requests, and answers of sites.
    setImmediate(() => this.#goOn());
  }

  #goOn(): void {
    this.#isScheduled = false;
    this.#begun.clear();
    const [queue] = this.#queues.values();
    if (queue === undefined) return;
    this.#queues.delete(queue.caller);
    // What opens may wait anew, and comes after the others then.
    queue.goOn();
    if (queue.operations.length > 0) this.#queues.set(queue.caller, queue);
    if (this.#queues.size > 0) this.#schedule();
  }
}

/** One for the process, for it is the process that they hold up. */
export const turns = new Turns();
