import { currentWaiter } from "../http/Waiting.js";

/** By whoever waits for an answer; one for all work that nobody waits for. */
const known = new WeakMap<object, UnbegunWork>();
const ofNobody = {};

/** Of which reading that follows which is done just now; `null` where it follows from none in particular. */
let followed: UnbegunWork | null = null;

/** What was told whole, and of which some waits for its turn that others wait for. */
const waitedFor = new Set<UnbegunWork>();

const toGoOn: (() => void)[] = [];
let isGoingOn = false;

/** When all that was let through has come as far as it gets without waiting: ticks asked for by a microtask run after all of those. */
export function whenSettled(goOn: () => void): void {
  queueMicrotask(() => process.nextTick(goOn));
}

/**
 * Lets something go on that waited, as far as it gets without waiting again, before anything else is let go on that way: so it is known
 * of all that is done meanwhile what it follows from. It is called within whoever's work came first: of the work that it belongs to is
 * only what goes on behind a promise that it settles.
 */
export function letGoOn(open: () => void): void {
  toGoOn.push(open);
  if (isGoingOn) return;
  isGoingOn = true;
  whenSettled(goOn);
}

function goOn(): void {
  followed = null;
  const open = toGoOn.shift();
  isGoingOn = open !== undefined;
  if (open === undefined) return;
  whenSettled(goOn);
  open();
}

/**
 * What of an answer waits for its turn, because the process works on answers a slice at a time. What the first of its rows ask for
 * waits for what the last will ask for, so that how many calls an answer takes never hangs on how long a slice was.
 *
 * Lists that are asked for together come one after the other, and what follows from each is begun as it comes. What that asks for waits
 * for what will follow from the last of them, likewise; and for nothing else, so that what does not follow from one another is read side
 * by side. Whatever waits here waits for the end of a reading that is under way or for turns, which come, and never the other way round.
 */
export class UnbegunWork {
  #pieces = 0;
  #isTold = false;
  readonly #waiter: object;
  readonly #isOfReading: boolean;
  readonly #waiting: (() => void)[] = [];

  private constructor(waiter: object, isOfReading: boolean) {
    this.#waiter = waiter;
    this.#isOfReading = isOfReading;
  }

  /** That of the work at hand. */
  static get current(): UnbegunWork {
    const waiter = currentWaiter() ?? ofNobody;
    if (followed !== null && followed.#waiter === waiter) return followed;
    const existing = known.get(waiter);
    if (existing !== undefined) return existing;
    const created = new UnbegunWork(waiter, false);
    known.set(waiter, created);
    return created;
  }

  /** What follows from a reading that begins to tell what it read; to be ended when it has told all. */
  static ofReading(): UnbegunWork {
    const created = new UnbegunWork(currentWaiter() ?? ofNobody, true);
    created.#pieces = 1;
    return created;
  }

  /** All was told. */
  end(): void {
    this.#isTold = true;
    this.#done();
  }

  /** Whether nothing but its turn keeps others waiting: what is left of it goes first then. */
  get isWaitedFor(): boolean {
    return waitedFor.has(this);
  }

  /** Whether there is any such work. */
  static get isAnyWaitedFor(): boolean {
    return waitedFor.size > 0;
  }

  /** What is let go on just now follows from this. */
  follow(): void {
    followed = this.#isOfReading ? this : null;
  }

  /** Some of it waits for its turn. */
  async during<T>(turn: Promise<T>): Promise<T> {
    this.#pieces += 1;
    try {
      return await turn;
    } finally {
      this.follow();
      this.#done();
    }
  }

  /** Goes on when all that was begun has come as far as it gets without waiting. */
  async settled(): Promise<void> {
    await new Promise<void>(letGoOn);
    this.follow();
  }

  /** Goes on when the turn of the event loop has ended in which the last of it was begun. */
  whenBegun(goOn: () => void): void {
    setImmediate(() => {
      if (this.#pieces === 0) {
        goOn();
        return;
      }
      this.#waiting.push(goOn);
      if (this.#isTold) waitedFor.add(this);
    });
  }

  #done(): void {
    this.#pieces -= 1;
    if (this.#pieces > 0) {
      if (this.#isTold && this.#waiting.length > 0) waitedFor.add(this);
      return;
    }
    waitedFor.delete(this);
    // Work whose turn has come may leave some for another.
    for (const goOn of this.#waiting.splice(0)) this.whenBegun(goOn);
  }
}
