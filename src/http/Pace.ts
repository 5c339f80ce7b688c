import type { Clock } from "../domain/Clock.js";
import { SiteError } from "../domain/SiteError.js";

const minuteMs = 60_000;

/**
 * At most so many calls in any minute, for an upstream that counts by the minute. The calls of a fresh minute go at once;
 * one whose turn is further off than it may wait fails with `Throttled` and says when.
 */
export class Pace {
  readonly #clock: Clock;
  readonly #callsAMinute: number;
  /** When each of the last calls went, or is to go; oldest first. */
  #turns: number[] = [];

  constructor(options: { readonly callsAMinute: number; readonly clock: Clock }) {
    this.#clock = options.clock;
    this.#callsAMinute = options.callsAMinute;
  }

  /** Waits for a turn, at most `maxWaitMs`. */
  async take(call: string, maxWaitMs: number): Promise<void> {
    const now = this.#clock.now();
    this.#turns = this.#turns.filter((atMs) => atMs > now - minuteMs);
    const before = this.#turns.at(-this.#callsAMinute);
    const turnMs = before === undefined ? now : Math.max(now, before + minuteMs);
    const waitMs = turnMs - now;
    if (waitMs > maxWaitMs) {
      throw new SiteError(
        "Throttled",
        `${call} is held to ${this.#callsAMinute} calls a minute, and the next turn is ${Math.ceil(waitMs / 1_000)} s away. Ask for fewer at once, or again later.`,
        { call, retryAfterMs: Math.ceil(waitMs) },
      );
    }
    this.#turns.push(turnMs);
    if (waitMs > 0) await this.#clock.sleep(waitMs);
  }
}
