import { performance } from "node:perf_hooks";
import { currentWaiter } from "../http/Waiting.js";

/** What one slice of work is: of units, or of milliseconds where they take longer than they should. */
interface SliceSize {
  readonly units: number;
  readonly ms: number;
}

/** How the callers' turns are dimensioned. */
const turnLimits = {
  slice: { units: 5_000, ms: 5 },
  /** The same while several callers ask. */
  sliceBeside: { units: 2_000, ms: 2 },
  /** Who asks so long after the last does not come from the same turn of the loop: none takes as long. */
  apartMs: 50,
  /** Units of one operation that has not begun where nobody else asks: as many are begun in a slice as its time allows. */
  unitsOfBeginning: 50,
  /** Units of a piece of work that takes some tenths of a millisecond. */
  unitsOfPiece: 50,
  /** How long a caller counts as somebody whom others may hold up, after it asked last. In milliseconds. */
  rememberedMs: 60_000,
  /** And for how long whoever asks for much at once gets it in smaller pieces for that. In milliseconds. */
  besideMs: 2_000,
} as const;

/** An operation whose work waits. */
interface Work {
  /** Its turn has come: it may do a slice of work. */
  renew(): void;
}

/** Pieces of work that are nobody's operation in particular. */
class Piece implements Work {
  renew(): void {}
}

interface Gate {
  readonly units: number;
  readonly open: () => void;
}

interface Waiting {
  readonly of: Work;
  readonly gates: Gate[];
  next: number;
}

/** The work of one caller that waits: operation after operation, those that have had a slice last. */
class CallersQueue {
  readonly operations: Waiting[] = [];
  #current: Waiting | undefined;

  constructor(readonly caller: string) {}

  get isEmpty(): boolean {
    return this.operations.length === 0 && this.#current === undefined;
  }

  add(of: Work, gate: Gate): void {
    const known = this.#current?.of === of ? this.#current : this.operations.find((each) => each.of === of);
    if (known === undefined) this.operations.push({ of, gates: [gate], next: 0 });
    else known.gates.push(gate);
  }

  /** Opens the next gate of the operation whose turn it is; tells its units. */
  openNext(): number {
    let current = this.#current;
    if (current === undefined) {
      current = this.operations.shift();
      if (current === undefined) return 0;
      this.#current = current;
      current.of.renew();
    }
    const gate = current.gates[current.next];
    current.next += 1;
    if (current.next >= current.gates.length) this.#current = undefined;
    gate?.open();
    return gate?.units ?? 0;
  }

  /** Its slice is over: the operation that has had it waits behind the others. */
  rest(): void {
    const current = this.#current;
    if (current === undefined) return;
    this.#current = undefined;
    current.gates.splice(0, current.next);
    current.next = 0;
    this.operations.push(current);
  }
}

/**
 * Who works on the event loop, which has no more than one thread: one slice of work is done in a turn of the loop, callers take
 * turns, and so do the operations of each. Where only one caller asks, its operations begin at once for as long as a slice takes.
 * Where there are several, each begins one operation in a turn of the loop, and what it asks beyond that waits until the others have
 * had theirs; so however much one asks, it stands before another with one slice of work.
 */
export class Turns {
  /** In the order of their turns. */
  readonly #queues = new Map<string, CallersQueue>();
  /** Whoever began an operation since the loop last came round. */
  readonly #begun = new Set<string>();
  readonly #now: () => number;
  #isScheduled = false;
  /** Operations that have not begun. */
  #beginning = 0;
  /** Since when operations begin at once. */
  #atOnceSinceMs = 0;
  #lastCaller: string | null = null;
  #lastAskedMs = Number.NEGATIVE_INFINITY;
  /** When anybody but the last asked last. */
  #otherAskedMs = Number.NEGATIVE_INFINITY;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** The turn to begin an operation; `null`: now. */
  begin(caller: string): Promise<void> | null {
    const now = this.#now();
    if (caller !== this.#lastCaller) {
      this.#otherAskedMs = this.#lastAskedMs;
      this.#lastCaller = caller;
    }
    if (now - this.#lastAskedMs > turnLimits.apartMs) this.#atOnceSinceMs = now;
    this.#lastAskedMs = now;
    const hasOthers = this.#hasOthers(caller, now - turnLimits.rememberedMs);
    if (hasOthers) {
      if (!this.#begun.has(caller) && !this.#queues.has(caller)) {
        this.#begun.add(caller);
        this.#schedule();
        return null;
      }
    } else if (this.#beginning === 0 && now - this.#atOnceSinceMs < turnLimits.slice.ms) return null;
    this.#beginning += 1;
    return this.wait(caller, new Piece(), hasOthers ? turnLimits.slice.units : turnLimits.unitsOfBeginning).then(() => {
      this.#beginning -= 1;
    });
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

  /** Whether a caller has more asked than it is given, while others ask as well: then all of it is done in small pieces. */
  isCrowding(caller: string): boolean {
    return this.#queues.has(caller) && this.#hasOthers(caller, this.#now() - turnLimits.besideMs);
  }

  /** Whether anybody else asked since. */
  #hasOthers(caller: string, sinceMs: number): boolean {
    return (caller === this.#lastCaller ? this.#otherAskedMs : this.#lastAskedMs) >= sinceMs;
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    // After what came in meanwhile: requests, and answers of sites.
    setImmediate(() => this.#goOn());
  }

  #goOn(): void {
    this.#begun.clear();
    const now = this.#now();
    this.#atOnceSinceMs = now;
    const [queue] = this.#queues.values();
    if (queue === undefined) {
      this.#isScheduled = false;
      return;
    }
    // What opens may wait anew, and comes after the others then.
    this.#queues.delete(queue.caller);
    this.#queues.set(queue.caller, queue);
    const isBeside = this.#hasOthers(queue.caller, now - turnLimits.besideMs);
    this.#openMore(queue, isBeside ? turnLimits.sliceBeside : turnLimits.slice, now, 0);
  }

  /** Opens one gate, and another only when all that it let through was done: so what it took is known. */
  #openMore(queue: CallersQueue, slice: SliceSize, sinceMs: number, unitsBefore: number): void {
    const units = unitsBefore + queue.openNext();
    whenSettled(() => {
      const isOver = units >= slice.units || this.#now() - sinceMs >= slice.ms;
      if (!isOver && !queue.isEmpty) return this.#openMore(queue, slice, sinceMs, units);
      queue.rest();
      if (queue.isEmpty) this.#queues.delete(queue.caller);
      this.#isScheduled = false;
      if (this.#queues.size > 0) this.#schedule();
    });
  }
}

/** When all that was let through has come as far as it gets without waiting: ticks asked for by a microtask run after all of those. */
function whenSettled(goOn: () => void): void {
  queueMicrotask(() => process.nextTick(goOn));
}

/** One for the process, for it is the process that they hold up. */
export const turns = new Turns();

/** Waits until the caller whose work this is may do another slice of it. */
export function othersTurn(): Promise<void> {
  return turns.wait(currentWaiter()?.errand?.caller ?? "", new Piece(), turnLimits.slice.units);
}

/** Waits until it may do a piece of work that takes a fraction of a millisecond, of which others may fit into the same slice. */
export function pieceTurn(): Promise<void> {
  return turns.wait(currentWaiter()?.errand?.caller ?? "", new Piece(), turnLimits.unitsOfPiece);
}

/**
 * Does a piece of work that takes a fraction of a millisecond, and of which one query may ask for thousands, when its turn comes: with
 * what else there is to do between some of them.
 */
export async function inTurn<T>(work: () => T): Promise<T> {
  await pieceTurn();
  return work();
}
