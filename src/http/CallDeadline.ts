import type { Clock } from "../domain/Clock.js";
import { SiteError } from "../domain/SiteError.js";
import type { HttpLimits } from "./limits.js";

/** Where a call stands: obtaining its credential, waiting for a slot, on the wire, or pausing before it is repeated. */
type CallPhase = "authorizing" | "queued" | "sent" | "pausing";

/**
 * The time one call may take, and the one signal that ends its waiting wherever it stands. Two allowances: waiting for a
 * turn behind other calls has its own, since it says nothing of how long this call takes.
 */
export class CallDeadline {
  readonly timeoutMs: number;

  readonly #clock: Clock;
  readonly #queueTimeoutMs: number;
  readonly #startedMs: number;
  readonly #expiry = new AbortController();
  #phase: CallPhase = "authorizing";
  #phaseSinceMs: number;
  #spentMs = 0;
  #queuedMs = 0;
  #timer: AbortController | null = null;
  #isStarting = false;
  #isOver = false;

  constructor(
    readonly call: string,
    limits: Pick<HttpLimits, "requestTimeoutMs" | "queueTimeoutMs">,
    clock: Clock,
  ) {
    this.#clock = clock;
    this.timeoutMs = limits.requestTimeoutMs;
    this.#queueTimeoutMs = limits.queueTimeoutMs;
    this.#startedMs = clock.now();
    this.#phaseSinceMs = this.#startedMs;
    this.#restartTimer();
  }

  /** Aborted with a `SiteError` when an allowance is spent or the call is cancelled. */
  get signal(): AbortSignal {
    return this.#expiry.signal;
  }

  get phase(): CallPhase {
    return this.#phase;
  }

  set phase(next: CallPhase) {
    const changesAllowance = (next === "queued") !== (this.#phase === "queued");
    if (changesAllowance) this.#settle();
    this.#phase = next;
    if (changesAllowance) this.#restartTimer();
  }

  /** Time since the call was made, waiting in the queue included. */
  get elapsedMs(): number {
    return this.#clock.now() - this.#startedMs;
  }

  /** Time of its own: without what it waited behind other calls. */
  get spentMs(): number {
    return this.#spentMs + (this.#phase === "queued" ? 0 : this.#sincePhaseMs());
  }

  get queuedMs(): number {
    return this.#queuedMs + (this.#phase === "queued" ? this.#sincePhaseMs() : 0);
  }

  /** Until when it may wait for its turn, if it began to wait now. */
  get queueDeadlineMs(): number {
    return this.#clock.now() + this.#queueTimeoutMs - this.queuedMs;
  }

  /** Counts what it waited in the queue because the site asked for it as time of its own. Called when it is sent. */
  charge(pausedMs: number): void {
    if (pausedMs === 0) return;
    this.#queuedMs -= pausedMs;
    this.#spentMs += pausedMs;
    this.#restartTimer();
  }

  cancel(reason: SiteError): void {
    this.#expiry.abort(reason);
  }

  /** The call is over: its timer goes. */
  finish(): void {
    this.#isOver = true;
    this.#timer?.abort("finished");
  }

  /** Resolves like `work`, unless its time is over first. */
  within<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const stop = () => reject(this.signal.reason);
      if (this.signal.aborted) stop();
      this.signal.addEventListener("abort", stop, { once: true });
      work.then(resolve, reject).finally(() => this.signal.removeEventListener("abort", stop));
    });
  }

  #sincePhaseMs(): number {
    return this.#clock.now() - this.#phaseSinceMs;
  }

  #settle(): void {
    if (this.#phase === "queued") this.#queuedMs += this.#sincePhaseMs();
    else this.#spentMs += this.#sincePhaseMs();
    this.#phaseSinceMs = this.#clock.now();
  }

  /**
   * At the end of this turn of the event loop: most calls have their credential and their slot at once, and a timer for each
   * step was a sixth of what a call costs us.
   */
  #restartTimer(): void {
    this.#timer?.abort("another allowance");
    this.#timer = null;
    if (this.#isStarting) return;
    this.#isStarting = true;
    setImmediate(() => {
      this.#isStarting = false;
      if (!this.#isOver) this.#startTimer();
    });
  }

  #startTimer(): void {
    const timer = new AbortController();
    this.#timer = timer;
    const leftMs = this.#phase === "queued" ? this.#queueTimeoutMs - this.queuedMs : this.timeoutMs - this.spentMs;
    if (leftMs <= 0) {
      this.#expiry.abort(this.#spentError());
      return;
    }
    this.#clock.sleep(leftMs, timer.signal).then(
      () => this.#expiry.abort(this.#spentError()),
      () => undefined,
    );
  }

  #spentError(): SiteError {
    const { call } = this;
    const seconds = `${this.timeoutMs / 1_000} s`;
    switch (this.#phase) {
      case "sent": {
        const message = `${call} got no answer within ${seconds}. The site is slow or unreachable; ask again later.`;
        return new SiteError("Unreachable", message, { call, isAnswerLost: true });
      }
      case "authorizing": {
        const message = `${call} was not sent: no credential could be obtained within ${seconds}. Check that the site's authentication service is reachable.`;
        return new SiteError("Unreachable", message, { call });
      }
      case "queued": {
        const message = `${call} was not sent: it waited ${this.#queueTimeoutMs / 1_000} s for its turn behind other calls to this site. Ask for less at once, ask again later, or raise the site's concurrency.`;
        return new SiteError("Overloaded", message, { call, retryAfterMs: this.#queueTimeoutMs });
      }
      case "pausing": {
        const message = `${call} was not repeated within ${seconds}. The site is slow or unreachable; ask again later.`;
        return new SiteError("Unreachable", message, { call });
      }
    }
  }
}
