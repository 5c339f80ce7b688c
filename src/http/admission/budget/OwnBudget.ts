import { admissionLimits } from "../../limits.js";
import type { RateLimitStatus } from "../../rateLimits.js";
import { AdaptiveWindow } from "./AdaptiveWindow.js";
import { BackgroundShare } from "./BackgroundShare.js";
import { Pace } from "./Pace.js";

/** What a site's budget is made of: calls at once, and how much of them for whom. */
interface Budget {
  readonly concurrency: number;
  /** What calls that nobody waits for may take, of 1. */
  readonly backgroundShare: number;
}

/** What one process may do by itself: all of a site's budget, or the equal part of one of several that do not hear of each other. */
export class OwnBudget {
  readonly #whole: Budget;
  readonly #pace = new Pace();
  #parts = 1;
  #window: AdaptiveWindow;
  #background: BackgroundShare;

  constructor(whole: Budget) {
    this.#whole = whole;
    this.#window = new AdaptiveWindow(whole.concurrency);
    this.#background = this.#backgroundOf(1);
  }

  get window(): AdaptiveWindow {
    return this.#window;
  }

  /** What requests that want nothing read before may have in flight. */
  get freshLanes(): number {
    return Math.max(1, Math.floor((this.#whole.concurrency / this.#parts) * admissionLimits.freshShare));
  }

  /** From now on it is one of so many parts, and of the whole so much is allowed. */
  divide(parts: number, allowed = this.#whole.concurrency): void {
    this.#parts = parts;
    this.#window = new AdaptiveWindow(
      Math.max(1, Math.floor(this.#whole.concurrency / parts)),
      Math.floor(allowed / parts),
    );
    this.#background = this.#backgroundOf(parts);
  }

  /** Takes over what an answer tells of the site's limits; `null`: it was another process's answer. */
  observe(told: RateLimitStatus, isBackground: boolean | null): void {
    this.#pace.observe(told);
    if (isBackground !== null) this.#background.observe(told, isBackground);
  }

  /** When a call may go, and when one may that nobody waits for: in the past for now, never before one is over for infinity. */
  nextMs(nowMs: number, inFlight: number): number {
    return this.#pace.nextMs(nowMs, inFlight, this.#parts);
  }

  nextInBackgroundMs(nowMs: number, inFlight: number): number {
    return this.#background.nextMs(nowMs, inFlight);
  }

  #backgroundOf(parts: number): BackgroundShare {
    const { concurrency, backgroundShare } = this.#whole;
    return new BackgroundShare({ share: backgroundShare / parts, concurrency });
  }
}
