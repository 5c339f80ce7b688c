import type { Clock } from "../domain/Clock.js";
import { SiteError } from "../domain/SiteError.js";
import { Outage } from "./CircuitBreaker.js";
import { httpLimits } from "./limits.js";
import { parseRateLimitHeaders, type UpstreamBudget } from "./rateLimits.js";
import type { HttpAnswer } from "./Transport.js";

export interface LaneState {
  /** Calls that may be in flight at once when nothing is wrong. */
  readonly concurrency: number;
  /** Calls that may be in flight now: 1 after a throttle, one more for each call answered since. */
  readonly allowed: number;
  readonly inFlight: number;
  readonly waiting: number;
  /** Until when no call is let through, in milliseconds since the epoch; `null` while the lane is open. */
  readonly closedUntilMs: number | null;
  /** What the upstream last said about its limits. */
  readonly budget: UpstreamBudget | null;
}

/** The right to have one call in flight. Left exactly once, whatever came of the call. */
export interface LaneSlot {
  /** How much of the time it was waited for the lane was closed: the site's doing, and not that of the calls before. */
  readonly closedMs: number;
  /** @param isAnswered the upstream answered and did not throttle: the lane may open further. */
  leave(isAnswered: boolean): void;
}

/** A call that asks for a slot. */
export interface LaneTicket {
  /** The call's template, for the error. */
  readonly call: string;
  /** Until when it may wait for its turn, in milliseconds since the epoch. */
  readonly deadlineMs: number;
  /** The time of its own that is left: a lane that is closed for longer, all in all, is not waited for. */
  readonly allowanceMs: number;
  /** Aborted with the error to reject with, when the budget ends or the call is given up. */
  readonly signal: AbortSignal;
}

interface Waiter extends LaneTicket {
  /** What the lane's closed time stood at when it came, without what was still ahead. */
  readonly closedBeforeMs: number;
  readonly admit: (slot: LaneSlot | null) => void;
  readonly refuse: (error: unknown) => void;
}

/**
 * Concurrency and pacing of one site, shared by all who call it: at most `concurrency` calls in flight, first come first
 * served. A throttle closes it for everyone, and it reopens gently: one call, then one more for each that is answered.
 */
export class Lane {
  readonly concurrency: number;
  /** Whether the site as a whole is down, as the calls in this lane find out together. */
  readonly outage = new Outage(() => this.#recall());
  readonly #clock: Clock;
  readonly #maxClosedMs: number;
  readonly #waiters = new Set<Waiter>();
  #allowed: number;
  #inFlight = 0;
  #closedUntilMs = Number.NEGATIVE_INFINITY;
  /** How long it was closed since the start, up to `closedUntilMs`. */
  #closedMs = 0;
  /** Counts the throttles: a call sent before the last one proves nothing about the time after it. */
  #throttles = 0;
  #wake: AbortController | null = null;
  #budget: UpstreamBudget | null = null;

  constructor(options: { readonly concurrency: number; readonly clock: Clock; readonly maxClosedMs?: number }) {
    this.concurrency = options.concurrency;
    this.#allowed = options.concurrency;
    this.#clock = options.clock;
    this.#maxClosedMs = options.maxClosedMs ?? httpLimits.maxLaneClosedMs;
  }

  get state(): LaneState {
    return {
      concurrency: this.concurrency,
      allowed: this.#allowed,
      inFlight: this.#inFlight,
      waiting: this.#waiters.size,
      closedUntilMs: this.#isClosed() ? this.#closedUntilMs : null,
      budget: this.#budget,
    };
  }

  /**
   * Resolves when a call may be sent, and with `null` where the site was found to be down meanwhile: ask the outage for a
   * turn then. Rejects at once with `Throttled` when the lane stays closed past the ticket's
   * deadline or for longer than its allowance, or is closed while the site is down, and with the signal's reason when that is aborted first.
   */
  enter(ticket: LaneTicket): Promise<LaneSlot | null> {
    return new Promise((resolve, reject) => {
      if (ticket.signal.aborted) {
        reject(ticket.signal.reason);
        return;
      }
      const stop = () => waiter.refuse(ticket.signal.reason);
      const settle = () => {
        ticket.signal.removeEventListener("abort", stop);
        this.#waiters.delete(waiter);
        if (this.#waiters.size === 0) this.#cancelWake();
      };
      const waiter: Waiter = {
        ...ticket,
        closedBeforeMs: this.#closedMs - this.#closedForMs(),
        admit: (slot) => {
          settle();
          resolve(slot);
        },
        refuse: (error) => {
          settle();
          reject(error);
        },
      };
      ticket.signal.addEventListener("abort", stop, { once: true });
      this.#waiters.add(waiter);
      this.#refuseHopeless();
      this.#admit();
    });
  }

  /** The upstream throttled a call: nothing is let through for `retryAfterMs`, and little at first after that. */
  throttle(retryAfterMs: number): void {
    this.#throttles += 1;
    this.#allowed = 1;
    const beforeMs = this.#closedForMs();
    const untilMs = this.#clock.now() + Math.min(retryAfterMs, this.#maxClosedMs);
    this.#closedUntilMs = Math.max(this.#closedUntilMs, untilMs);
    this.#closedMs += this.#closedForMs() - beforeMs;
    this.#refuseHopeless();
  }

  /** Keeps what an answer says about the upstream's limits. */
  observe(headers: HttpAnswer["headers"]): void {
    this.#budget = parseRateLimitHeaders(headers, this.#clock.now()) ?? this.#budget;
  }

  #recall(): void {
    for (const waiter of [...this.#waiters]) waiter.admit(null);
  }

  #isClosed(): boolean {
    return this.#closedForMs() > 0;
  }

  /** How long it stays closed from now. */
  #closedForMs(): number {
    return Math.max(0, this.#closedUntilMs - this.#clock.now());
  }

  #admit(): void {
    for (const waiter of this.#waiters) {
      if (this.#isClosed()) {
        this.#wakeWhenOpen();
        return;
      }
      if (this.#inFlight >= this.#allowed) return;
      // Its signal is about to say so; sending it now would only lose its answer.
      if (waiter.deadlineMs <= this.#clock.now()) continue;
      waiter.admit(this.#takeSlot(this.#closedMs - waiter.closedBeforeMs));
    }
  }

  #takeSlot(closedMs: number): LaneSlot {
    this.#inFlight += 1;
    const throttlesBefore = this.#throttles;
    let hasLeft = false;
    return {
      closedMs,
      leave: (isAnswered) => {
        if (hasLeft) return;
        hasLeft = true;
        this.#inFlight -= 1;
        if (isAnswered && throttlesBefore === this.#throttles && this.#allowed < this.concurrency) this.#allowed += 1;
        this.#admit();
      },
    };
  }

  #refuseHopeless(): void {
    if (!this.#isClosed()) return;
    const retryAfterMs = this.#closedForMs();
    for (const waiter of [...this.#waiters]) {
      const { isDown } = this.outage;
      if (
        !isDown &&
        waiter.deadlineMs > this.#closedUntilMs &&
        waiter.allowanceMs > this.#closedMs - waiter.closedBeforeMs
      )
        continue;
      const why = isDown ? "it is down" : "that is longer than this request may";
      const message = `${waiter.call} was not sent: the site asked us to wait, and ${why}. Ask again in ${Math.ceil(retryAfterMs / 1_000)} s.`;
      waiter.refuse(new SiteError("Throttled", message, { call: waiter.call, retryAfterMs }));
    }
  }

  #wakeWhenOpen(): void {
    if (this.#wake !== null) return;
    const wake = new AbortController();
    this.#wake = wake;
    this.#clock.sleep(this.#closedUntilMs - this.#clock.now(), wake.signal).then(
      () => {
        this.#wake = null;
        this.#admit();
      },
      () => undefined,
    );
  }

  #cancelWake(): void {
    this.#wake?.abort("nobody waits");
    this.#wake = null;
  }
}
