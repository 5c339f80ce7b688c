import type { Clock } from "../domain/Clock.js";

/** Somebody who waits for an answer. */
interface Waiting {
  reject(error: Error): void;
}

/** Those who began to wait within a moment, for equally long: one timer for all, which is due for the first of them. */
class Moment {
  readonly waiting = new Set<Waiting>();
  readonly over = new AbortController();

  constructor(readonly startMs: number) {}
}

/** How long a moment is: the last of it waits so much less. */
const momentMs = 20;

interface DeadlineOptions {
  readonly clock: Clock;
  /** Milliseconds that never go back. */
  nowMs(): number;
  /** Told when some waited too long, for how long they should have, and how they are rejected: not by that alone. */
  onMissed(limitMs: number, reject: (error: Error) => void): void;
}

/** Ends waits that take too long. A timer for each would cost more than what is waited for. */
export class Deadlines {
  readonly #options: DeadlineOptions;
  readonly #moments = new Set<Moment>();
  /** Those that may still be joined, by how long is waited. */
  readonly #open = new Map<number, Moment>();

  constructor(options: DeadlineOptions) {
    this.#options = options;
  }

  /** The same, or a rejection by `rejectAll` before. */
  watch<T>(work: Promise<T>, limitMs: number): Promise<T> {
    const moment = this.#momentOf(limitMs);
    return new Promise<T>((resolve, reject) => {
      const entry: Waiting = { reject };
      moment.waiting.add(entry);
      const end = () => {
        moment.waiting.delete(entry);
        if (moment.waiting.size === 0 && this.#open.get(limitMs) !== moment) this.#end(moment);
      };
      work.then(
        (value) => {
          end();
          resolve(value);
        },
        (error) => {
          end();
          reject(error);
        },
      );
    });
  }

  /** Nobody waits any longer. */
  rejectAll(error: Error): void {
    this.#open.clear();
    for (const moment of this.#moments) this.#rejectAllOf(moment, error);
  }

  #rejectAllOf(moment: Moment, error: Error): void {
    for (const { reject } of moment.waiting) reject(error);
    moment.waiting.clear();
    this.#end(moment);
  }

  #momentOf(limitMs: number): Moment {
    const { clock, nowMs, onMissed } = this.#options;
    const startMs = nowMs();
    const open = this.#open.get(limitMs);
    if (open !== undefined && startMs - open.startMs <= momentMs) return open;
    const moment = new Moment(startMs);
    this.#open.set(limitMs, moment);
    if (open?.waiting.size === 0) this.#end(open);
    this.#moments.add(moment);
    void clock.atMost(limitMs, moment.over.signal).then(
      async () => {
        if (this.#open.get(limitMs) === moment) this.#open.delete(limitMs);
        // A process that stood still finds its timer due before it has read what came meanwhile.
        await nextTurn();
        await nextTurn();
        if (moment.waiting.size > 0) onMissed(limitMs, (error) => this.#rejectAllOf(moment, error));
        else this.#end(moment);
      },
      () => undefined,
    );
    return moment;
  }

  #end(moment: Moment): void {
    this.#moments.delete(moment);
    moment.over.abort();
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
