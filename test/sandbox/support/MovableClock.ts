import type { SandboxClock } from "../../../sandbox/src/http/service.js";

/** Time that tests move; sleeping takes none of it and is noted. */
export class MovableClock implements SandboxClock {
  readonly sleeps: number[] = [];
  #now = Date.UTC(2026, 10, 20);

  now(): number {
    return this.#now;
  }

  async sleep(durationMs: number): Promise<void> {
    this.sleeps.push(durationMs);
  }

  advance(durationMs: number): void {
    this.#now += durationMs;
  }
}
