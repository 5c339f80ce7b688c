import { currentWaiter } from "../http/Waiting.js";

/** By whoever waits for an answer; one for all work that nobody waits for. */
const known = new WeakMap<object, UnbegunWork>();
const ofNobody = {};

/**
 * What of an answer waits for its turn, because the process works on answers a slice at a time. What the first of its rows ask for
 * waits for what the last will ask for, so that how many calls an answer takes never hangs on how long a slice was.
 */
export class UnbegunWork {
  #pieces = 0;
  readonly #waiting: (() => void)[] = [];

  /** That of the work at hand. */
  static get current(): UnbegunWork {
    const waiter = currentWaiter() ?? ofNobody;
    const existing = known.get(waiter);
    if (existing !== undefined) return existing;
    const created = new UnbegunWork();
    known.set(waiter, created);
    return created;
  }

  /** Some of it waits for its turn. */
  async during<T>(turn: Promise<T>): Promise<T> {
    this.#pieces += 1;
    try {
      return await turn;
    } finally {
      this.#pieces -= 1;
      if (this.#pieces === 0) this.#tell();
    }
  }

  /** Goes on when the turn of the event loop has ended in which the last of it was begun. */
  whenBegun(goOn: () => void): void {
    setImmediate(() => {
      if (this.#pieces === 0) goOn();
      else this.#waiting.push(goOn);
    });
  }

  #tell(): void {
    // Work whose turn has come may leave some for another.
    for (const goOn of this.#waiting.splice(0)) this.whenBegun(goOn);
  }
}
