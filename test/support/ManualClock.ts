import type { Clock } from "../../src/domain/Clock.js";

interface Sleeper {
  readonly wakeMs: number;
  readonly durationMs: number;
  readonly wake: () => void;
}

/** Time that moves only when a test says so. */
export class ManualClock implements Clock {
  #nowMs: number;
  readonly #sleepers = new Set<Sleeper>();
  readonly #watchers = new Set<() => void>();

  constructor(startMs: number = Date.UTC(2026, 10, 20)) {
    this.#nowMs = startMs;
  }

  now(): number {
    return this.#nowMs;
  }

  /** Durations of the sleeps that are not over, in the order they began. */
  get sleeping(): readonly number[] {
    return [...this.#sleepers].map(({ durationMs }) => durationMs);
  }

  sleep(durationMs: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason);
        return;
      }
      const stop = () => {
        this.#sleepers.delete(sleeper);
        reject(signal?.reason);
      };
      const sleeper: Sleeper = {
        wakeMs: this.#nowMs + durationMs,
        durationMs,
        wake: () => {
          signal?.removeEventListener("abort", stop);
          resolve();
        },
      };
      signal?.addEventListener("abort", stop, { once: true });
      this.#sleepers.add(sleeper);
      for (const watcher of [...this.#watchers]) watcher();
    });
  }

  atMost(durationMs: number, signal?: AbortSignal): Promise<void> {
    return this.sleep(durationMs, signal);
  }

  /** Resolves once `count` sleeps of exactly `durationMs` are under way. */
  whenSleeping(durationMs: number, count = 1): Promise<void> {
    return new Promise((resolve) => {
      const watcher = () => {
        if (this.sleeping.filter((each) => each === durationMs).length < count) return;
        this.#watchers.delete(watcher);
        resolve();
      };
      this.#watchers.add(watcher);
      watcher();
    });
  }

  /** Moves time, waking in order what falls due; what a sleeper does next may sleep again within the same stretch. */
  async advance(durationMs: number): Promise<void> {
    const targetMs = this.#nowMs + durationMs;
    for (;;) {
      const next = [...this.#sleepers].sort((a, b) => a.wakeMs - b.wakeMs)[0];
      if (next === undefined || next.wakeMs > targetMs) break;
      this.#nowMs = Math.max(this.#nowMs, next.wakeMs);
      this.#sleepers.delete(next);
      next.wake();
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.#nowMs = targetMs;
    await new Promise((resolve) => setImmediate(resolve));
  }
}
