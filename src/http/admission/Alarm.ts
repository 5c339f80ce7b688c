import type { Clock } from "../../domain/Clock.js";

/** Calls once, at the earliest of the moments that it was asked for since. */
export class Alarm {
  readonly #clock: Clock;
  readonly #call: () => void;
  #set: { readonly atMs: number; readonly stop: AbortController } | null = null;

  constructor(clock: Clock, call: () => void) {
    this.#clock = clock;
    this.#call = call;
  }

  at(atMs: number): void {
    if (!Number.isFinite(atMs) || (this.#set !== null && this.#set.atMs <= atMs)) return;
    this.stop();
    const stop = new AbortController();
    this.#set = { atMs, stop };
    this.#clock.sleep(atMs - this.#clock.now(), stop.signal).then(
      () => {
        // One that was set anew in the same moment counts, and not this one.
        if (this.#set?.stop !== stop) return;
        this.#set = null;
        this.#call();
      },
      () => undefined,
    );
  }

  stop(): void {
    this.#set?.stop.abort("not awaited any more");
    this.#set = null;
  }
}
