import type { Clock } from "../domain/Clock.js";

/** Somebody who waits for an answer. */
interface Waiting {
  reject(error: Error): void;
}

/** Those who began to wait in one turn of the event loop, for equally long. */
class Turn {
  readonly waiting = new Set<Waiting>();
  readonly over = new AbortController();
}

/** Ends waits that take too long: one timer for all that began in one turn. */
export class Deadlines {
  readonly #clock: Clock;
  readonly #onMissed: () => void;
  readonly #turns = new Set<Turn>();
  /** Of this turn, by how long they wait. */
  readonly #open = new Map<number, Turn>();

  /** @param onMissed told when somebody waited too long; nobody is rejected by that alone. */
  constructor(clock: Clock, onMissed: () => void) {
    this.#clock = clock;
    this.#onMissed = onMissed;
  }

  /** The same, or a rejection by `rejectAll` before. */
  watch<T>(work: Promise<T>, limitMs: number): Promise<T> {
    const turn = this.#turnOf(limitMs);
    return new Promise<T>((resolve, reject) => {
      const entry: Waiting = { reject };
      turn.waiting.add(entry);
      const end = () => {
        turn.waiting.delete(entry);
        if (turn.waiting.size > 0 || this.#open.get(limitMs) === turn) return;
        this.#end(turn);
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
    for (const turn of this.#turns) {
      for (const { reject } of turn.waiting) reject(error);
      turn.waiting.clear();
      this.#end(turn);
    }
  }

  #turnOf(limitMs: number): Turn {
    const open = this.#open.get(limitMs);
    if (open !== undefined) return open;
    const turn = new Turn();
    this.#turns.add(turn);
    this.#open.set(limitMs, turn);
    setImmediate(() => {
      if (this.#open.get(limitMs) === turn) this.#open.delete(limitMs);
      if (turn.waiting.size === 0) this.#end(turn);
    });
    void this.#clock.atMost(limitMs, turn.over.signal).then(
      async () => {
        // A process that stood still finds its timer due before it has read what came meanwhile.
        await nextTurn();
        await nextTurn();
        if (turn.waiting.size > 0) this.#onMissed();
      },
      () => undefined,
    );
    return turn;
  }

  #end(turn: Turn): void {
    this.#turns.delete(turn);
    for (const [limitMs, open] of this.#open) if (open === turn) this.#open.delete(limitMs);
    turn.over.abort();
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
