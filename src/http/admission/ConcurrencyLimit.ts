import type { Clock } from "../../domain/Clock.js";
import { SiteError } from "../../domain/SiteError.js";
import { admissionLimits } from "../limits.js";
import { parseRateLimitHeaders, type RateLimitStatus } from "../rateLimits.js";
import type { HttpAnswer } from "../Transport.js";
import { AdaptiveWindow } from "./AdaptiveWindow.js";
import { BackgroundShare } from "./BackgroundShare.js";
import { CircuitBreaker } from "./CircuitBreaker.js";
import { type Errand, nobodysErrand } from "./Errand.js";
import { Pace } from "./Pace.js";
import { RetryBudget } from "./RetryBudget.js";
import { type Throttle, Throttles } from "./Throttles.js";
import { type Rank, ranks, TurnQueue } from "./TurnQueue.js";

export interface UpstreamState {
  /** Calls that may be in flight at once when nothing is wrong. */
  readonly concurrency: number;
  /** Calls that may be in flight now: half as many after a throttle, and more again for each that is answered. */
  readonly allowed: number;
  readonly inFlight: number;
  readonly waiting: number;
  /** Until when no call is let through, in milliseconds since the epoch; `null` while there is no pause. */
  readonly pausedUntilMs: number | null;
  /** What the upstream last said about its limits. */
  readonly rateLimit: RateLimitStatus | null;
  /** Since the start: calls that the site throttled, and calls that found no place to wait in. */
  readonly throttled: number;
  readonly refused: number;
}

/** The right to have one call in flight. Left exactly once, whatever came of the call. */
export interface Slot {
  /** How much of its waiting was a pause that the site asked for, and not the doing of the calls before. */
  readonly pausedMs: number;
  /** The site throttled the call. */
  throttled(throttle: Pick<Throttle, "status" | "retryAfterMs" | "told">): void;
  /** @param isAnswered the upstream answered and did not throttle: more may be in flight. */
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
  /** It changes something. */
  readonly isChange?: boolean;
  readonly errand?: Errand;
  /** Aborted with the error to reject with, when its time is over or the call is given up. */
  readonly signal: AbortSignal;
}

interface Waiter extends SlotRequest {
  readonly rank: Rank;
  readonly errand: Errand;
  readonly isFresh: boolean;
  /** How long there had been pauses for it when it came, without what was still ahead. */
  readonly pausedBeforeMs: number;
  readonly admit: (slot: Slot | null) => void;
  readonly refuse: (error: unknown) => void;
}

interface ConcurrencyLimitOptions {
  readonly concurrency: number;
  readonly clock: Clock;
  /** What calls that nobody waits for may take, of 1. Default: a quarter. */
  readonly backgroundShare?: number;
  /** Calls that may wait. */
  readonly maxWaiting?: number;
}

/**
 * The concurrency limit of one site, shared by all who call it: as many calls in flight as it bears (`AdaptiveWindow`), in the
 * order of `TurnQueue`, and none where the site wants to be left alone (`Throttles`) or says that nothing remains (`Pace`).
 * Those that nobody waits for, and those of requests that want nothing read before, have shares of their own.
 */
export class ConcurrencyLimit {
  readonly concurrency: number;
  /** Whether the site as a whole is down, as its calls find out together. */
  readonly breaker = new CircuitBreaker(() => this.#recall());
  readonly retries: RetryBudget;
  readonly #clock: Clock;
  readonly #maxWaiting: number;
  readonly #queue = new TurnQueue<Waiter>();
  readonly #window: AdaptiveWindow;
  readonly #throttles = new Throttles();
  readonly #pace = new Pace();
  readonly #backgroundShare: BackgroundShare;
  readonly #freshLanes: number;
  #inFlight = 0;
  #backgroundInFlight = 0;
  #freshInFlight = 0;
  /** How long one turn took of late. */
  #turnMs = 0;
  #lastTurnAtMs: number | null = null;
  #throttled = 0;
  #refused = 0;
  #wake: { readonly atMs: number; readonly stop: AbortController } | null = null;
  #rateLimit: RateLimitStatus | null = null;

  constructor(options: ConcurrencyLimitOptions) {
    const { concurrency, backgroundShare: share = admissionLimits.backgroundShare } = options;
    this.concurrency = concurrency;
    this.retries = new RetryBudget({ concurrency });
    this.#window = new AdaptiveWindow(concurrency);
    this.#backgroundShare = new BackgroundShare({ share, concurrency });
    this.#freshLanes = Math.max(1, Math.floor(concurrency * admissionLimits.freshShare));
    this.#clock = options.clock;
    this.#maxWaiting = options.maxWaiting ?? admissionLimits.maxWaiting;
  }

  get state(): UpstreamState {
    const { site } = this.#throttles;
    return {
      concurrency: this.concurrency,
      allowed: this.#window.size,
      inFlight: this.#inFlight,
      waiting: this.#queue.size,
      pausedUntilMs: site.leftMs(this.#clock.now()) > 0 ? site.untilMs : null,
      rateLimit: this.#rateLimit,
      throttled: this.#throttled,
      refused: this.#refused,
    };
  }

  /**
   * Resolves when a call may be sent, and with `null` where the site was found to be down meanwhile: ask the breaker for a
   * turn then. Rejects at once with `Overloaded` when too many wait already, with `Throttled` when its pause ends after the
   * request's deadline or is longer than its allowance, or the site is down as well, and with the signal's reason when that
   * is aborted first.
   */
  enter(request: SlotRequest): Promise<Slot | null> {
    return new Promise((resolve, reject) => {
      const { signal, call, errand = nobodysErrand } = request;
      if (signal.aborted) {
        reject(signal.reason);
        return;
      }
      const rank = rankOf(request, errand);
      const crowd = this.#crowd(call, rank, errand);
      if (crowd !== null) {
        this.#refused += 1;
        reject(crowd);
        return;
      }
      if (errand !== nobodysErrand) errand.calls += 1;
      const stop = () => waiter.refuse(signal.reason);
      const settle = () => {
        signal.removeEventListener("abort", stop);
        this.#queue.delete(waiter);
        if (this.#queue.size === 0) this.#cancelWake();
      };
      const nowMs = this.#clock.now();
      const waiter: Waiter = {
        ...request,
        rank,
        errand,
        isFresh: errand.kind === "fresh-reading" && rank !== ranks.background,
        pausedBeforeMs: this.#throttles.pastMs(call, nowMs),
        admit: (slot) => {
          settle();
          resolve(slot);
        },
        refuse: (error) => {
          settle();
          reject(error);
        },
      };
      signal.addEventListener("abort", stop, { once: true });
      this.#queue.add(waiter);
      this.#refuseWhereHopeless(waiter, nowMs);
      this.#admit();
    });
  }

  /** Keeps what an answer says about the upstream's limits. */
  observe(headers: HttpAnswer["headers"], isBackground = false): RateLimitStatus | null {
    const told = parseRateLimitHeaders(headers, this.#clock.now());
    if (told === null) return null;
    this.#rateLimit = told;
    this.#pace.observe(told);
    this.#backgroundShare.observe(told, isBackground);
    return told;
  }

  #recall(): void {
    for (const waiter of [...this.#queue.inOrder()]) waiter.admit(null);
  }

  #admit(): void {
    if (this.#queue.size === 0) return;
    const nowMs = this.#clock.now();
    const { site } = this.#throttles;
    if (site.leftMs(nowMs) > 0) {
      this.#wakeAt(site.untilMs);
      return;
    }
    while (this.#inFlight < this.#window.size) {
      const paceMs = this.#pace.nextMs(nowMs, this.#inFlight);
      if (paceMs > nowMs) {
        this.#wakeAt(paceMs);
        return;
      }
      const next = this.#next(nowMs);
      if (next === null) return;
      this.#queue.take(next);
      next.admit(this.#takeSlot(next, nowMs));
    }
  }

  /** The first in order that may go now; has it looked again when the first of those may that may not. */
  #next(nowMs: number): Waiter | null {
    for (const waiter of this.#queue.inOrder()) {
      // Its signal is about to say so; sending it now would only lose its answer.
      if (waiter.deadlineMs <= nowMs) continue;
      if (waiter.isFresh && this.#freshInFlight >= this.#freshLanes) continue;
      let turnMs = this.#throttles.openFromMs(waiter.call);
      if (waiter.rank === ranks.background && turnMs <= nowMs)
        turnMs = this.#backgroundShare.nextMs(nowMs, this.#backgroundInFlight);
      if (turnMs <= nowMs) return waiter;
      this.#wakeAt(turnMs);
      // They are the last, and one is like another.
      if (turnMs === Number.POSITIVE_INFINITY) return null;
    }
    return null;
  }

  #takeSlot({ call, rank, isFresh, pausedBeforeMs }: Waiter, nowMs: number): Slot {
    const isBackground = rank === ranks.background;
    const { round } = this.#window;
    this.#noteTurn(nowMs);
    this.#count(1, isBackground, isFresh);
    let hasLeft = false;
    return {
      pausedMs: this.#throttles.totalMs(call) - pausedBeforeMs,
      throttled: (throttle) => {
        this.#throttled += 1;
        this.#window.throttled(round);
        const atMs = this.#clock.now();
        this.#throttles.note({ ...throttle, call }, atMs);
        for (const waiter of [...this.#queue.inOrder()]) this.#refuseWhereHopeless(waiter, atMs);
      },
      leave: (isAnswered) => {
        if (hasLeft) return;
        hasLeft = true;
        this.#count(-1, isBackground, isFresh);
        if (isAnswered) {
          this.#window.answered(round);
          this.#throttles.answered(call);
        }
        this.#admit();
      },
    };
  }

  #count(by: 1 | -1, isBackground: boolean, isFresh: boolean): void {
    this.#inFlight += by;
    if (isBackground) this.#backgroundInFlight += by;
    if (isFresh) this.#freshInFlight += by;
  }

  /** A turn after another while somebody waits: how long that takes is how fast the queue moves. */
  #noteTurn(nowMs: number): void {
    if (this.#lastTurnAtMs !== null) {
      const tookMs = this.#queue.size === 0 ? 0 : nowMs - this.#lastTurnAtMs;
      this.#turnMs += (tookMs - this.#turnMs) / 16;
    }
    this.#lastTurnAtMs = nowMs;
  }

  #crowd(call: string, rank: Rank, { caller }: Errand): SiteError | null {
    if (rank === ranks.background || rank === ranks.change) return null;
    const waiting = this.#queue.sizeOf(ranks.small) + this.#queue.sizeOf(ranks.long);
    const isOfCaller = waiting < this.#maxWaiting;
    const callersPlaces = Math.max(1, Math.floor(this.#maxWaiting * admissionLimits.callerShare));
    // Counting a caller's own is work; while few wait nobody can have too many.
    if (waiting < callersPlaces || (isOfCaller && this.#queue.sizeOfCaller(caller) < callersPlaces)) return null;
    const retryAfterMs = Math.max(admissionLimits.minComeBackMs, Math.ceil(waiting * this.#turnMs));
    const whose = isOfCaller ? "of the same caller " : "";
    const message = `${call} was not sent: ${waiting} calls to this site ${whose}wait for their turn already, and more may not. Ask for less at once, or again in ${Math.ceil(retryAfterMs / 1_000)} s.`;
    return new SiteError("Overloaded", message, { call, retryAfterMs });
  }

  #refuseWhereHopeless(waiter: Waiter, nowMs: number): void {
    const { call, deadlineMs, allowanceMs, pausedBeforeMs } = waiter;
    const openMs = this.#throttles.openFromMs(call);
    if (openMs <= nowMs) return;
    const { isDown } = this.breaker;
    if (!isDown && deadlineMs > openMs && allowanceMs > this.#throttles.totalMs(call) - pausedBeforeMs) return;
    const retryAfterMs = openMs - nowMs;
    const why = isDown ? "it is down" : "that is longer than this request may";
    const message = `${call} was not sent: the site asked us to wait, and ${why}. Ask again in ${Math.ceil(retryAfterMs / 1_000)} s.`;
    waiter.refuse(new SiteError("Throttled", message, { call, retryAfterMs }));
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

function rankOf({ isBackground, isChange }: SlotRequest, { kind, calls }: Errand): Rank {
  if (isBackground === true) return ranks.background;
  if (isChange === true || kind === "change") return ranks.change;
  return calls < admissionLimits.smallRequestCalls ? ranks.small : ranks.long;
}
