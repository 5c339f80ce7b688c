import type { Clock } from "../domain/Clock.js";
import { SiteError } from "../domain/SiteError.js";
import { Alarm } from "./admission/Alarm.js";
import { Stop } from "./admission/Stop.js";
import type { HttpLimits } from "./limits.js";

/** Where a call stands: obtaining its credential, waiting for a slot, on the wire, or pausing before it is repeated. */
type CallPhase = "authorizing" | "queued" | "sent" | "pausing";

/** Those of all calls in progress. One timer for all of them: one for each was a good part of what a call costs us. */
export class CallDeadlines {
  readonly #clock: Clock;
  readonly #running = new Set<CallDeadline>();
  readonly #alarm: Alarm;
  #alarmMs = Number.POSITIVE_INFINITY;
  /** Those with another allowance since this turn of the event loop began. */
  #changed: CallDeadline[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#alarm = new Alarm(clock, () => this.#ring());
  }

  get running(): Iterable<CallDeadline> {
    return this.#running;
  }

  begin(call: string, limits: Pick<HttpLimits, "requestTimeoutMs" | "queueTimeoutMs">): CallDeadline {
    const deadline = new CallDeadline(call, limits, this.#clock, (changed) => this.#note(changed));
    this.#running.add(deadline);
    this.#note(deadline);
    return deadline;
  }

  /** The call is over; the timer goes with the last of them. */
  finish(deadline: CallDeadline): void {
    this.#running.delete(deadline);
    if (this.#running.size > 0) return;
    this.#alarmMs = Number.POSITIVE_INFINITY;
    this.#alarm.stop();
  }

  /** Looked at when this turn of the event loop ends: most calls have their credential and their slot at once. */
  #note(deadline: CallDeadline): void {
    if (this.#changed.push(deadline) > 1) return;
    setImmediate(() => {
      const changed = this.#changed;
      this.#changed = [];
      this.#look(changed, this.#clock.now());
    });
  }

  #ring(): void {
    // A timer may come a little before its time, which it is to end all the same.
    const nowMs = Math.max(this.#clock.now(), this.#alarmMs);
    this.#alarmMs = Number.POSITIVE_INFINITY;
    this.#look(this.#running, nowMs);
  }

  #look(deadlines: Iterable<CallDeadline>, nowMs: number): void {
    let firstMs = this.#alarmMs;
    for (const deadline of deadlines) {
      if (deadline.stop.aborted || !this.#running.has(deadline)) continue;
      const { dueMs } = deadline;
      if (dueMs <= nowMs) deadline.expire();
      else if (dueMs < firstMs) firstMs = dueMs;
    }
    if (firstMs === this.#alarmMs) return;
    this.#alarmMs = firstMs;
    this.#alarm.at(firstMs);
  }
}

/**
 * The time one call may take, and the one signal that ends its waiting wherever it stands. Two allowances: waiting for a
 * turn behind other calls has its own, since it says nothing of how long this call takes.
 */
export class CallDeadline {
  readonly timeoutMs: number;

  readonly #clock: Clock;
  readonly #queueTimeoutMs: number;
  readonly #startedMs: number;
  readonly #stop = new Stop();
  #phase: CallPhase = "authorizing";
  #phaseSinceMs: number;
  #spentMs = 0;
  #queuedMs = 0;
  readonly #changed: (deadline: CallDeadline) => void;

  constructor(
    readonly call: string,
    limits: Pick<HttpLimits, "requestTimeoutMs" | "queueTimeoutMs">,
    clock: Clock,
    changed: (deadline: CallDeadline) => void,
  ) {
    this.#clock = clock;
    this.#changed = changed;
    this.timeoutMs = limits.requestTimeoutMs;
    this.#queueTimeoutMs = limits.queueTimeoutMs;
    this.#startedMs = clock.now();
    this.#phaseSinceMs = this.#startedMs;
  }

  /** Aborted with a `SiteError` when an allowance is spent, and with the reason when the call is cancelled. */
  get stop(): Stop {
    return this.#stop;
  }

  get phase(): CallPhase {
    return this.#phase;
  }

  set phase(next: CallPhase) {
    const changesAllowance = (next === "queued") !== (this.#phase === "queued");
    if (changesAllowance) this.#settle();
    this.#phase = next;
    if (changesAllowance) this.#changed(this);
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
    this.#changed(this);
  }

  cancel(reason: Error): void {
    this.#stop.abort(reason);
  }

  /** When the allowance of its phase is spent. */
  get dueMs(): number {
    const { phase } = this;
    return (
      this.#phaseSinceMs + (phase === "queued" ? this.#queueTimeoutMs - this.#queuedMs : this.timeoutMs - this.#spentMs)
    );
  }

  /** What its phase allows is spent. */
  expire(): void {
    this.#stop.abort(this.#spentError());
  }

  /** Resolves like `work`, unless its time is over first. */
  within<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const stop = () => reject(this.#stop.reason);
      if (this.#stop.aborted) stop();
      this.#stop.addEventListener("abort", stop);
      work.then(resolve, reject).finally(() => this.#stop.removeEventListener("abort", stop));
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
