import { performance } from "node:perf_hooks";
import { GraphQLError } from "graphql";
import { turns, whoAsks } from "../../callers/Turns.js";
import { UnbegunWork } from "../../callers/UnbegunWork.js";
import { currentWaiter } from "../../http/Waiting.js";

/**
 * Work that an operation does without others having their turn: an answer of 1,000 rows of some twenty fields. And how many items are
 * begun, of those that wait for something, before anybody looks how long they take: it may be at hand.
 */
const alone = { units: 25_000, ms: 25, together: 200 } as const;
/**
 * The same where others have asked lately. By no clock: what asks for little is answered the same each time, down to the order of its
 * errors.
 */
const beside = { units: 500, ms: Number.POSITIVE_INFINITY, together: 4 } as const;
/** A list of no more units does not wait by itself: what it takes is missing to the rows that it is of. */
const unitsOfTinyList = 50;
/** Items that wait are begun in one go, however little time that takes. */
const begunTogether = 1_000;
/**
 * Units of items that wait, of all lists of an operation: lists within the items of a list are short, and what all of them wait for may be
 * at hand as well.
 */
const unitsTogether = 1_000;
/** How often the clock is looked at in a slice of plain fields: looking takes as long as a field. */
const looksInSlice = 50;

/** Of what the division of work hangs, beside the work itself. */
interface SlicesParts {
  readonly now: () => number;
  readonly turns: Pick<typeof turns, "wait" | "isBeside" | "sliceOf">;
}

/**
 * Divides the work of one operation: what it does at first is done at once, as one piece; what is beyond that waits for its turn
 * in slices, behind whatever else the process has to do. Counted in units, so that it is mostly the same each time, and by a clock where
 * those take longer than they should.
 */
export class Slices {
  /** Who asks. */
  readonly from: unknown;
  readonly #now: () => number;
  readonly #turns: SlicesParts["turns"];
  #units: number;
  #left: number;
  /** Units taken since somebody looked at the clock. */
  #unlooked = 0;
  #untilMs: number;
  /** Units of items that were begun since all that was begun had last come as far as it gets, and wait for something. */
  #unsettled = 0;

  constructor(parts: Partial<SlicesParts> = {}) {
    const { now = () => performance.now(), turns: all = turns } = parts;
    this.from = whoAsks().from;
    this.#now = now;
    this.#turns = all;
    const { units, ms } = this.#atOnce;
    this.#units = all.sliceOf(this.from).units;
    this.#left = units;
    this.#untilMs = now() + ms;
  }

  get #atOnce(): typeof alone | typeof beside {
    return this.#turns.isBeside(this.from) ? beside : alone;
  }

  /** Items that are begun before anybody looks how long they take. */
  get firstTogether(): number {
    return this.#atOnce.together;
  }

  /** Units of one slice. */
  get slice(): number {
    return this.#units;
  }

  /** Whether the time of the present slice is over, whatever was done in it. */
  get isLate(): boolean {
    return this.#now() >= this.#untilMs;
  }

  /** Milliseconds that are left of it. */
  get leftMs(): number {
    return this.#untilMs - this.#now();
  }

  /** One piece of work: `null` where it may be begun at once, else when its turn has come. */
  begin(units: number): Promise<void> | null {
    if (units <= this.#left && !this.isLate) {
      this.#left -= units;
      return null;
    }
    this.#left = 0;
    return this.turn(units);
  }

  /** The items of a list as GraphQL completes them: as they are where they are few, else some at a time where they take long. */
  share<T>(items: readonly T[], unitsEach: number): readonly T[] | SharedItems<T> {
    const units = items.length * unitsEach;
    if (units > unitsOfTinyList) return new SharedItems(this, items, unitsEach);
    this.#left -= units;
    return items;
  }

  /** Takes the units of one item where any are left, of them or of time. */
  take(units: number): boolean {
    if (this.#left <= 0) return false;
    this.#unlooked += units;
    if (this.#unlooked >= this.#units / looksInSlice) {
      this.#unlooked = 0;
      if (this.isLate) {
        this.#left = 0;
        return false;
      }
    }
    this.#left -= units;
    return true;
  }

  /** Takes the units of as many items as there is room for. */
  takeSome(count: number, unitsEach: number): number {
    const taken = Math.min(count, Math.max(0, Math.floor(this.#left / unitsEach)));
    this.#left = taken < count ? 0 : this.#left - taken * unitsEach;
    return taken;
  }

  /** An item waits for something; whether those that do are so many that it has to be seen how long they take. */
  noteWaiting(units: number): boolean {
    this.#unsettled += units;
    return this.#unsettled >= unitsTogether;
  }

  /** All that was begun has come as far as it gets. */
  noteSettled(): void {
    this.#unsettled = 0;
  }

  /** Its turn has come. */
  renew(): void {
    this.noteSettled();
    const { units, ms } = this.#turns.sliceOf(this.from);
    this.#units = units;
    this.#left = units;
    this.#untilMs = this.#now() + ms;
  }

  /** When the turn of some work has come; never where nobody waits for it any more: that fails. */
  turn(units: number): Promise<void> {
    const waiter = currentWaiter();
    const turn = this.#turns.wait(waiter?.errand?.caller ?? "", this, units);
    return UnbegunWork.current.during(turn).then(() => {
      if (waiter?.isGone) throw new GraphQLError("Nobody waits for the answer any more.");
    });
  }
}

/**
 * A list that is completed some items at a time. Whoever completes it item by item himself has it done in slices with a promise a slice;
 * to GraphQL's own execution it is a list of items, of which those that wait are promises.
 */
export class SharedItems<T> implements Iterable<T | Promise<T>> {
  readonly #slices: Slices;
  readonly #items: (T | undefined)[];
  readonly #unitsEach: number;

  constructor(slices: Slices, items: readonly T[], unitsEach: number) {
    this.#slices = slices;
    // A copy of its own: what is written is let go of, and not held until the last of the list is.
    this.#items = items.slice();
    this.#unitsEach = unitsEach;
    hearFailures(items);
  }

  /**
   * What is made of each item. Where that waits for something it may be at hand all the same, and be worked on as soon as this lets go of
   * the loop's turn: so few are begun before that is let happen, and more where it takes no time. What has to be read for them is read
   * when all are begun.
   */
  inSlices<R>(complete: (item: T, at: number) => R | Promise<R>): readonly R[] | Promise<readonly R[]> {
    const slices = this.#slices;
    const items = this.#items;
    const unitsEach = this.#unitsEach;
    const completed: (R | Promise<R>)[] = [];
    let unsettled = 0;
    let together: number = slices.firstTogether;
    let areAllAtHand = true;
    let heard = 0;
    // Until all are begun nobody else hears one of them fail.
    const hear = () => {
      hearFailures(completed.slice(heard));
      heard = completed.length;
    };
    const nextTurn = () => {
      unsettled = 0;
      hear();
      return slices.turn(Math.min(slices.slice, (items.length - completed.length) * unitsEach)).then(goOn);
    };
    const look = () => {
      const leftMs = slices.leftMs;
      unsettled = 0;
      hear();
      return UnbegunWork.current.settled().then(() => {
        slices.noteSettled();
        if (slices.leftMs > (leftMs * 3) / 4) together = Math.min(begunTogether, together * 2);
        else if (slices.leftMs < 0) together = Math.max(1, together >> 1);
        return slices.isLate ? nextTurn() : goOn();
      });
    };
    const goOn = (): readonly R[] | Promise<readonly R[]> => {
      for (let at = completed.length; at < items.length; at += 1) {
        if (!slices.take(unitsEach)) return nextTurn();
        const item = items[at] as T;
        items[at] = undefined;
        const one = complete(item, at);
        completed.push(one);
        if (!(one instanceof Promise)) continue;
        areAllAtHand = false;
        unsettled += 1;
        if (slices.noteWaiting(unitsEach) || unsettled >= together) return look();
      }
      return areAllAtHand ? (completed as R[]) : Promise.all(completed);
    };
    const failed = (error: unknown): never => {
      hearFailures(completed);
      throw error;
    };
    try {
      const done = goOn();
      return done instanceof Promise ? done.catch(failed) : done;
    } catch (error) {
      return failed(error);
    }
  }

  *[Symbol.iterator](): Generator<T | Promise<T>> {
    const items = this.#items as readonly T[];
    const atOnce = this.#slices.takeSome(items.length, this.#unitsEach);
    yield* items.slice(0, atOnce);
    // Half of a slice: the other half is for the lists within the items.
    const size = Math.max(1, Math.floor(this.#slices.slice / 2 / this.#unitsEach));
    for (let start = atOnce; start < items.length; start += size) {
      const chunk = items.slice(start, start + size);
      const turn = this.#slices.turn(chunk.length * this.#unitsEach);
      for (const item of chunk) yield turn.then(() => item);
    }
  }
}

/** Nobody else hears an item fail until its turn comes. */
function hearFailures(items: readonly unknown[]): void {
  for (const item of items) if (item instanceof Promise) item.catch(() => undefined);
}
