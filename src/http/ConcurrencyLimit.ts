import type { Clock } from "../domain/Clock.js";
import { SiteError } from "../domain/SiteError.js";
import { BackgroundShare } from "./BackgroundShare.js";
import { CircuitBreaker } from "./CircuitBreaker.js";
import { httpLimits } from "./limits.js";
import { parseRateLimitHeaders, type RateLimitStatus } from "./rateLimits.js";
import type { HttpAnswer } from "./Transport.js";

export interface UpstreamState {
  /** Calls that may be in flight at once when nothing is wrong. */
  readonly concurrency: number;
  /** Calls that may be in flight now: 1 after a throttle, one more for each call answered since. */
  readonly allowed: number;
  readonly inFlight: number;
  readonly waiting: number;
  /** Until when no call is let through, in milliseconds since the epoch; `null` while there is no pause. */
  readonly pausedUntilMs: number | null;
  /** What the upstream last said about its limits. */
  readonly rateLimit: RateLimitStatus | null;
}

/** The right to have one call in flight. Left exactly once, whatever came of the call. */
export interface Slot {
  /** How much of its waiting was a pause that the site asked for, and not the doing of the calls before. */
  readonly pausedMs: number;
  /** @param isAnswered the upstream answered and did not throttle: one more may be in flight. */
  leave(isAnswered: boolean): void;
}

/** A call that asks for a slot. */
interface SlotRequest {
  /** The call's template, for the error. */
  readonly call: string;
  /** Until when it may wait for its turn, in milliseconds since the epoch. */
  readonly deadlineMs: number;
  /** The time of its own that is left: pauses that are longer, all in all, are not waited for. */
  readonly allowanceMs: number;
  /** Nobody waits for it: it goes when no other call waits, and takes no more than its share. */
  readonly isBackground?: boolean;
  /** Aborted with the error to reject with, when its time is over or the call is given up. */
  readonly signal: AbortSignal;
}

interface Waiter extends SlotRequest {
  /** How long there had been pauses when it came, without what was still ahead. */
  readonly pausedBeforeMs: number;
  readonly admit: (slot: Slot | null) => void;
  readonly refuse: (error: unknown) => void;
}

interface ConcurrencyLimitOptions {
  readonly concurrency: number;
  readonly clock: Clock;
  readonly maxPauseMs?: number;
  /** What calls that nobody waits for may take, of 1. Default: a quarter. */
  readonly backgroundShare?: number;
}

/**
 * The concurrency limit of one site, shared by all who call it: at most `concurrency` calls in flight, first come first
 * served; those that nobody waits for go behind all others and have a share of their own. When the site throttles, everybody pauses; after the pause one call goes, then one more for each that is answered.
 */
export class ConcurrencyLimit {
  readonly concurrency: number;
  /** Whether the site as a whole is down, as its calls find out together. */
  readonly breaker = new CircuitBreaker(() => this.#recall());
  readonly #clock: Clock;
  readonly #maxPauseMs: number;
  readonly #waiters = new Set<Waiter>();
  readonly #background = new Set<Waiter>();
  readonly #backgroundShare: BackgroundShare;
  #backgroundInFlight = 0;
  #allowed: number;
  #inFlight = 0;
  #pausedUntilMs = Number.NEGATIVE_INFINITY;
  /** How long it was closed since the start, up to `pausedUntilMs`. */
  #pausedMs = 0;
  /** Counts the throttles: a call sent before the last one proves nothing about the time after it. */
  #pauses = 0;
  #wake: { readonly atMs: number; readonly stop: AbortController } | null = null;
  #rateLimit: RateLimitStatus | null = null;

  constructor(options: ConcurrencyLimitOptions) {
    const { concurrency, backgroundShare: share = httpLimits.backgroundShare } = options;
    this.concurrency = concurrency;
    this.#allowed = concurrency;
    this.#backgroundShare = new BackgroundShare({ share, concurrency });
    this.#clock = options.clock;
    this.#maxPauseMs = options.maxPauseMs ?? httpLimits.maxPauseMs;
  }

  get state(): UpstreamState {
    return {
      concurrency: this.concurrency,
      allowed: this.#allowed,
      inFlight: this.#inFlight,
      waiting: this.#waiters.size + this.#background.size,
      pausedUntilMs: this.#isPaused() ? this.#pausedUntilMs : null,
      rateLimit: this.#rateLimit,
    };
  }

  /**
   * Resolves when a call may be sent, and with `null` where the site was found to be down meanwhile: ask the breaker for a
   * turn then. Rejects at once with `Throttled` when the pause ends after the request's deadline or is longer than its
   * allowance, or the site is down as well, and with the signal's reason when that is aborted first.
   */
  enter(ticket: SlotRequest): Promise<Slot | null> {
    return new Promise((resolve, reject) => {
      if (ticket.signal.aborted) {
        reject(ticket.signal.reason);
        return;
      }
      const stop = () => waiter.refuse(ticket.signal.reason);
      const queue = ticket.isBackground === true ? this.#background : this.#waiters;
      const settle = () => {
        ticket.signal.removeEventListener("abort", stop);
        queue.delete(waiter);
        if (this.#waiters.size + this.#background.size === 0) this.#cancelWake();
      };
      const waiter: Waiter = {
        ...ticket,
        pausedBeforeMs: this.#pausedMs - this.#pauseLeftMs(),
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
      queue.add(waiter);
      this.#refuseHopeless();
      this.#admit();
    });
  }

  /** The upstream throttled a call: nothing is let through for `retryAfterMs`, and little at first after that. */
  pause(retryAfterMs: number): void {
    this.#pauses += 1;
    this.#allowed = 1;
    const beforeMs = this.#pauseLeftMs();
    const untilMs = this.#clock.now() + Math.min(retryAfterMs, this.#maxPauseMs);
    this.#pausedUntilMs = Math.max(this.#pausedUntilMs, untilMs);
    this.#pausedMs += this.#pauseLeftMs() - beforeMs;
    this.#refuseHopeless();
  }

  /** Keeps what an answer says about the upstream's limits. */
  observe(headers: HttpAnswer["headers"], isBackground = false): void {
    const told = parseRateLimitHeaders(headers, this.#clock.now());
    if (told === null) return;
    this.#rateLimit = told;
    this.#backgroundShare.observe(told, isBackground);
  }

  #recall(): void {
    for (const waiter of [...this.#inOrder()]) waiter.admit(null);
  }

  #isPaused(): boolean {
    return this.#pauseLeftMs() > 0;
  }

  /** How long it stays closed from now. */
  #pauseLeftMs(): number {
    return Math.max(0, this.#pausedUntilMs - this.#clock.now());
  }

  /** Whoever is waited for, then what nobody waits for; each as it came. */
  *#inOrder(): Generator<Waiter> {
    yield* this.#waiters;
    yield* this.#background;
  }

  #admit(): void {
    for (const waiter of this.#inOrder()) {
      const nowMs = this.#clock.now();
      if (this.#isPaused()) {
        this.#wakeAt(this.#pausedUntilMs);
        return;
      }
      if (this.#inFlight >= this.#allowed) return;
      // Its signal is about to say so; sending it now would only lose its answer.
      if (waiter.deadlineMs <= nowMs) continue;
      const isBackground = waiter.isBackground === true;
      const turnMs = isBackground ? this.#backgroundShare.nextMs(nowMs, this.#backgroundInFlight) : nowMs;
      if (turnMs > nowMs) {
        this.#wakeAt(turnMs);
        return;
      }
      waiter.admit(this.#takeSlot(this.#pausedMs - waiter.pausedBeforeMs, isBackground));
    }
  }

  #takeSlot(pausedMs: number, isBackground: boolean): Slot {
    this.#inFlight += 1;
    if (isBackground) this.#backgroundInFlight += 1;
    const pausesBefore = this.#pauses;
    let hasLeft = false;
    return {
      pausedMs,
      leave: (isAnswered) => {
        if (hasLeft) return;
        hasLeft = true;
        this.#inFlight -= 1;
        if (isBackground) this.#backgroundInFlight -= 1;
        if (isAnswered && pausesBefore === this.#pauses && this.#allowed < this.concurrency) this.#allowed += 1;
        this.#admit();
      },
    };
  }

  #refuseHopeless(): void {
    if (!this.#isPaused()) return;
    const retryAfterMs = this.#pauseLeftMs();
    for (const waiter of [...this.#inOrder()]) {
      const { isDown } = this.breaker;
      if (
        !isDown &&
        waiter.deadlineMs > this.#pausedUntilMs &&
        waiter.allowanceMs > this.#pausedMs - waiter.pausedBeforeMs
      )
        continue;
      const why = isDown ? "it is down" : "that is longer than this request may";
      const message = `${waiter.call} was not sent: the site asked us to wait, and ${why}. Ask again in ${Math.ceil(retryAfterMs / 1_000)} s.`;
      waiter.refuse(new SiteError("Throttled", message, { call: waiter.call, retryAfterMs }));
    }
  }

  /** Looks again then, or earlier where that is asked for as well; when a call is over it looks anyway. */
  #wakeAt(atMs: number): void {
    if (!Number.isFinite(atMs) || (this.#wake !== null && this.#wake.atMs <= atMs)) return;
    this.#cancelWake();
    const stop = new AbortController();
    this.#wake = { atMs, stop };
    this.#clock.sleep(atMs - this.#clock.now(), stop.signal).then(
      () => {
        this.#wake = null;
        this.#admit();
      },
      () => undefined,
    );
  }

  #cancelWake(): void {
    this.#wake?.stop.abort("not awaited any more");
    this.#wake = null;
  }
}
