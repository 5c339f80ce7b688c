import { performance } from "node:perf_hooks";
import { currentWaiter } from "../http/Waiting.js";
import { letGoOn, UnbegunWork, whenSettled } from "./UnbegunWork.js";

/** How the callers' turns are dimensioned. */
const turnLimits = {
  /** What one slice of work is: of units, or of milliseconds where they take longer than they should. */
  slice: { units: 5_000, ms: 5 },
  /** The same while several ask. */
  sliceBeside: { units: 1_000, ms: 0.5 },
  /** Who asks so long after the last does not come from the same turn of the loop: none takes as long. */
  apartMs: 50,
  /** Units of one operation that has not begun where nobody else asks: as many are begun in a slice as its time allows. */
  unitsOfBeginning: 50,
  /** Units of a piece of work that takes some tenths of a millisecond. */
  unitsOfPiece: 50,
  /** How long a caller counts as somebody whom others may hold up, after it asked last. In milliseconds. */
  rememberedMs: 60_000,
  /** And for how long all others get what they ask in smaller pieces for that. In milliseconds. */
  besideMs: 2_000,
  /** Operations of one caller that are under way together while others ask: what each has made so far is held, and copied with garbage. */
  underWay: 1,
  /** Pieces of one operation among which those are looked for that others wait for. */
  looksAhead: 500,
  /** Slices after which another begins all the same: what asks for little must not wait for what asks for very much. */
  slicesUntilNext: 20,
} as const;

/** An operation whose work waits. */
interface Work {
  /** Who asked for it; left out where that is all that is known of its caller. */
  readonly from?: unknown;
  /** Its turn has come: it may do a slice of work. */
  renew(): void;
}

/** Pieces of work that are nobody's operation in particular. */
class Piece implements Work {
  constructor(readonly from?: unknown) {}

  renew(): void {}
}

/** The beginning of an operation. */
class Beginning extends Piece {}

interface Gate {
  readonly units: number;
  readonly open: () => void;
  readonly work: UnbegunWork;
}

interface Waiting {
  readonly of: Work;
  readonly gates: Gate[];
  next: number;
}

/**
 * The work of one caller that waits: operation after operation, those that have had a slice last. While others ask few are under way
 * together, and those that have not begun wait for them.
 */
class CallersQueue {
  readonly #underWay: Waiting[] = [];
  readonly #notBegun: Waiting[] = [];
  #current: Waiting | undefined;
  #sinceBeginning = 0;

  constructor(readonly caller: string) {}

  /** Who asked for what is done of it now, or is next. */
  get from(): unknown {
    return (this.#current ?? this.#underWay[0] ?? this.#notBegun[0])?.of.from ?? this.caller;
  }

  get isEmpty(): boolean {
    return this.#underWay.length === 0 && this.#notBegun.length === 0 && this.#current === undefined;
  }

  add(of: Work, gate: Gate): void {
    if (of instanceof Beginning) {
      this.#notBegun.push({ of, gates: [gate], next: 0 });
      return;
    }
    const known = this.#current?.of === of ? this.#current : this.#underWay.find((each) => each.of === of);
    if (known === undefined) this.#underWay.push({ of, gates: [gate], next: 0 });
    else known.gates.push(gate);
  }

  /** Opens the next gate of the operation whose turn it is; tells its units. */
  openNext(isBeside: boolean): number {
    let current = this.#current;
    if (current === undefined) {
      current = this.#next(isBeside);
      if (current === undefined) return 0;
      this.#current = current;
      current.of.renew();
    }
    const { gates } = current;
    if (UnbegunWork.isAnyWaitedFor) bringForward(gates, current.next);
    const gate = gates[current.next];
    current.next += 1;
    if (current.next >= current.gates.length) this.#current = undefined;
    gate?.open();
    return gate?.units ?? 0;
  }

  #next(isBeside: boolean): Waiting | undefined {
    const isFull = isBeside && this.#underWay.length >= turnLimits.underWay;
    const isBeginning =
      this.#underWay.length === 0 || this.#sinceBeginning >= (isFull ? turnLimits.slicesUntilNext : 1);
    if (this.#notBegun.length > 0 && isBeginning) {
      this.#sinceBeginning = 0;
      return this.#notBegun.shift();
    }
    this.#sinceBeginning += 1;
    return this.#underWay.shift();
  }

  /** Its slice is over: the operation that has had it waits behind the others. */
  rest(): void {
    const current = this.#current;
    if (current === undefined) return;
    this.#current = undefined;
    current.gates.splice(0, current.next);
    current.next = 0;
    this.#underWay.push(current);
  }
}

/** Has work go first that others wait for. */
function bringForward(gates: Gate[], from: number): void {
  const to = Math.min(gates.length, from + turnLimits.looksAhead);
  for (let at = from; at < to; at += 1) {
    const gate = gates[at] as Gate;
    if (!gate.work.isWaitedFor) continue;
    gates.splice(at, 1);
    gates.splice(from, 0, gate);
    return;
  }
}

/**
 * Who works on the event loop, which has no more than one thread: one slice of work is done in a turn of the loop, callers take
 * turns, and so do the operations of each. Where only one caller asks, its operations begin at once for as long as a slice takes.
 * Where there are several, each begins one operation in a turn of the loop or has one slice of its work done, and what it asks beyond
 * that waits until the others have had theirs; so however much one asks, it stands before another with one piece of work.
 */
export class Turns {
  /** In the order of their turns. */
  readonly #queues = new Map<string, CallersQueue>();
  /** Whoever began an operation since the loop last came round. */
  readonly #begun = new Set<string>();
  /** Whose work was done when the loop last came round. */
  #lastServed: string | null = null;
  readonly #now: () => number;
  #isScheduled = false;
  /** Operations that have not begun. */
  #beginning = 0;
  /** Since when operations begin at once. */
  #atOnceSinceMs = 0;
  readonly #askedByCallers = new LastAsked();
  /** The same of whoever asks by a connection of its own: of one caller's many clients each is one. */
  readonly #asked = new LastAsked();

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /**
   * The turn to begin an operation; `null`: now.
   *
   * @param from who asks, of all who do so as that caller
   */
  begin(caller: string, from: unknown = caller): Promise<void> | null {
    const now = this.#now();
    if (now - this.#askedByCallers.lastMs > turnLimits.apartMs) this.#atOnceSinceMs = now;
    this.#askedByCallers.note(caller, now);
    this.#asked.note(from, now);
    const hasOthers = this.#askedByCallers.isOther(caller, now - turnLimits.rememberedMs);
    if (hasOthers) {
      if (!this.#begun.has(caller) && !this.#queues.has(caller) && this.#lastServed !== caller) {
        this.#begun.add(caller);
        this.#schedule();
        return null;
      }
    } else if (this.#beginning === 0 && now - this.#atOnceSinceMs < turnLimits.slice.ms) return null;
    this.#beginning += 1;
    return this.wait(
      caller,
      new Beginning(from),
      hasOthers ? turnLimits.slice.units : turnLimits.unitsOfBeginning,
    ).then(() => {
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
      queue.add(of, { units, open, work: UnbegunWork.current });
      this.#schedule();
    });
  }

  /** What a slice of somebody's work is: a small one where others have asked lately, for they may do so again at any time. */
  sliceOf(from: unknown): { readonly units: number; readonly ms: number } {
    return this.isBeside(from) ? turnLimits.sliceBeside : turnLimits.slice;
  }

  /** Whether anybody else asked lately. */
  isBeside(from: unknown): boolean {
    return this.#asked.isOther(from, this.#now() - turnLimits.besideMs);
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    // After what came in meanwhile: requests, and answers of sites.
    setImmediate(() => this.#goOn());
  }

  #goOn(): void {
    const now = this.#now();
    this.#atOnceSinceMs = now;
    const queue = this.#whoseTurn();
    this.#begun.clear();
    this.#lastServed = queue?.caller ?? null;
    if (queue === undefined) {
      this.#isScheduled = false;
      if (this.#queues.size > 0) this.#schedule();
      return;
    }
    // What opens may wait anew, and comes after the others then.
    this.#queues.delete(queue.caller);
    this.#queues.set(queue.caller, queue);
    const isBeside = this.#askedByCallers.isOther(queue.caller, now - turnLimits.besideMs);
    this.#openMore(queue, { isBeside, slice: this.sliceOf(queue.from), sinceMs: now, units: 0 });
  }

  /** Who began something since the loop last came round has had its turn. */
  #whoseTurn(): CallersQueue | undefined {
    for (const queue of this.#queues.values()) if (!this.#begun.has(queue.caller)) return queue;
    return undefined;
  }

  /** Opens one gate, and another only when all that it let through was done: so what it took is known. */
  #openMore(queue: CallersQueue, turn: OneTurn): void {
    letGoOn(() => {
      turn.units += queue.openNext(turn.isBeside);
      whenSettled(() => {
        const isOver = turn.units >= turn.slice.units || this.#now() - turn.sinceMs >= turn.slice.ms;
        if (!isOver && !queue.isEmpty) return this.#openMore(queue, turn);
        queue.rest();
        // Whoever asks while a slice takes longer than it should begins when it is over like any other.
        this.#atOnceSinceMs = this.#now();
        if (queue.isEmpty) this.#queues.delete(queue.caller);
        this.#isScheduled = false;
        // Also where nothing waits: who had its turn may have another when the loop has come round.
        this.#schedule();
      });
    });
  }
}

/** What a caller is given before the loop comes round. */
interface OneTurn {
  /** Whether other callers ask. */
  readonly isBeside: boolean;
  readonly slice: { readonly units: number; readonly ms: number };
  readonly sinceMs: number;
  units: number;
}

/** Who asked last, and when anybody else did. */
class LastAsked {
  lastMs = Number.NEGATIVE_INFINITY;
  #last: unknown = null;
  #otherMs = Number.NEGATIVE_INFINITY;

  note(who: unknown, ms: number): void {
    if (who !== this.#last) {
      this.#otherMs = this.lastMs;
      this.#last = who;
    }
    this.lastMs = ms;
  }

  /** Whether anybody but that one asked since. */
  isOther(than: unknown, sinceMs: number): boolean {
    return (than === this.#last ? this.#otherMs : this.lastMs) >= sinceMs;
  }
}

/** One for the process, for it is the process that they hold up. */
export const turns = new Turns();

/** Waits until the caller whose work this is may do another slice of it. */
export function othersTurn(): Promise<void> {
  return waitForTurn(turnLimits.slice.units);
}

/** Waits until it may do a piece of work that takes a fraction of a millisecond, of which others may fit into the same slice. */
export function pieceTurn(): Promise<void> {
  return waitForTurn(turnLimits.unitsOfPiece);
}

/** Milliseconds of a slice of the work at hand. */
export function sliceMs(): number {
  return turns.sliceOf(whoAsks().from).ms;
}

function waitForTurn(units: number): Promise<void> {
  const { caller, from } = whoAsks();
  return UnbegunWork.current.during(turns.wait(caller, new Piece(from), units));
}

/** For whom the work at hand is done, as far as turns go. */
export function whoAsks(): { readonly caller: string; readonly from: unknown } {
  const waiter = currentWaiter();
  const caller = waiter?.errand?.caller ?? "";
  return { caller, from: waiter?.from ?? caller };
}

/**
 * Does a piece of work that takes a fraction of a millisecond, and of which one query may ask for thousands, when its turn comes: with
 * what else there is to do between some of them.
 */
export async function inTurn<T>(work: () => T): Promise<T> {
  await pieceTurn();
  return work();
}
