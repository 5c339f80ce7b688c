import type { Clock } from "../../domain/Clock.js";
import { admissionLimits } from "../limits.js";
import { parseRateLimitHeaders, type RateLimitStatus } from "../rateLimits.js";
import type { HttpAnswer } from "../Transport.js";
import { Alarm } from "./Alarm.js";
import { OwnBudget } from "./budget/OwnBudget.js";
import { RetryBudget } from "./budget/RetryBudget.js";
import { jitterMs, Throttles } from "./budget/Throttles.js";
import { CircuitBreaker } from "./CircuitBreaker.js";
import { Crowding } from "./Crowding.js";
import { nobodysErrand } from "./Errand.js";
import { type Figures, type Fleet, SharedBudget } from "./shared/SharedBudget.js";
import { rankOf, refusalToWait, type Slot, type SlotRequest, type UpstreamState, type Waiter } from "./slots.js";
import { type Rank, ranks, TurnQueue } from "./TurnQueue.js";

interface ConcurrencyLimitOptions {
  readonly concurrency: number;
  readonly clock: Clock;
  /** What calls that nobody waits for may take, of 1. Default: a quarter. */
  readonly backgroundShare?: number;
  /** Calls that may wait. */
  readonly maxWaiting?: number;
  /** The other processes that call the site; none unless they are said. */
  readonly fleet?: Fleet | null;
}

/**
 * The concurrency limit of one site, shared by all who call it: as many calls in flight as it bears (`AdaptiveWindow`), in the
 * order of `TurnQueue`, and none where the site wants to be left alone (`Throttles`) or says that nothing remains (`Pace`).
 * Those that nobody waits for, and those of requests that want nothing read before, have shares of their own. Where several
 * processes share the budget, they decide together what may go (`SharedBudget`), and here only who is next.
 */
export class ConcurrencyLimit {
  readonly concurrency: number;
  /** Whether the site as a whole is down, as its calls find out together. */
  readonly breaker = new CircuitBreaker(() => this.#recall());
  readonly retries: RetryBudget;
  readonly #clock: Clock;
  readonly #queue = new TurnQueue<Waiter>();
  readonly #crowding: Crowding;
  readonly #throttles = new Throttles();
  /** What holds while this process decides by itself. */
  readonly #own: OwnBudget;
  readonly #shared: SharedBudget | null;
  #inFlight = 0;
  #backgroundInFlight = 0;
  #freshInFlight = 0;
  #throttled = 0;
  #refused = 0;
  readonly #alarm: Alarm;
  #rateLimit: RateLimitStatus | null = null;

  constructor(options: ConcurrencyLimitOptions) {
    const { concurrency, clock, backgroundShare = admissionLimits.backgroundShare, fleet = null } = options;
    this.concurrency = concurrency;
    this.retries = new RetryBudget({ concurrency });
    this.#own = new OwnBudget({ concurrency, backgroundShare });
    this.#clock = clock;
    this.#alarm = new Alarm(clock, () => this.#admit());
    this.#crowding = new Crowding(this.#queue, options.maxWaiting);
    this.#shared = fleet === null ? null : this.#shareWith(fleet, backgroundShare);
    if (this.#shared !== null) this.#turn(this.#shared);
  }

  get state(): UpstreamState {
    const { site } = this.#throttles;
    const shared = this.#shared;
    const own = { inFlight: this.#inFlight, waiting: this.#queue.size };
    return {
      concurrency: this.concurrency,
      allowed: shared?.isShared === true ? shared.size : this.#own.window.size,
      ...own,
      pausedUntilMs: site.leftMs(this.#clock.now()) > 0 ? site.untilMs : null,
      rateLimit: this.#rateLimit,
      throttled: this.#throttled,
      refused: this.#refused,
      sharing: shared && {
        isShared: shared.isShared,
        processes: shared.processes,
        inFlight: own.inFlight + shared.others.inFlight,
        waiting: own.waiting + shared.others.waiting,
      },
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
      const { signal, call, deadlineMs, allowanceMs, errand = nobodysErrand } = request;
      if (signal.aborted) return reject(signal.reason);
      const rank = rankOf(request, errand);
      const crowd = this.#crowding.refusalOf(call, rank, errand);
      if (crowd !== null) {
        this.#refused += 1;
        return reject(crowd);
      }
      if (errand !== nobodysErrand) errand.calls += 1;
      const stop = () => waiter.refuse(signal.reason);
      const settle = () => {
        signal.removeEventListener("abort", stop);
        this.#queue.delete(waiter);
        if (this.#queue.size === 0) this.#alarm.stop();
      };
      const nowMs = this.#clock.now();
      const waiter: Waiter = {
        call,
        deadlineMs,
        allowanceMs,
        signal,
        rank,
        errand,
        isFresh: errand.kind === "fresh-reading" && rank !== ranks.background,
        pausedBeforeMs: this.#throttles.pastMs(call, nowMs),
        admit: (slot) => {
          settle();
          // Others are not to wait for it where that fails.
          try {
            if (slot !== null) request.onAdmitted?.();
            resolve(slot);
          } catch (error) {
            reject(error);
            slot?.leave(false);
          }
        },
        refuse: (error) => {
          settle();
          reject(error);
        },
      };
      signal.addEventListener("abort", stop, { once: true });
      this.#queue.add(waiter);
      this.#shared?.know(call);
      this.#refuseWhereHopeless(waiter, nowMs);
      this.#admit();
    });
  }

  /** Keeps what an answer says about the upstream's limits. */
  observe(headers: HttpAnswer["headers"], isBackground = false): RateLimitStatus | null {
    const told = parseRateLimitHeaders(headers, this.#clock.now());
    if (told === null) return null;
    this.#rateLimit = told;
    this.#own.observe(told, isBackground);
    this.#shared?.told(told, isBackground);
    return told;
  }

  #recall(): void {
    for (const waiter of [...this.#queue.inOrder()]) waiter.admit(null);
  }

  #admit(): void {
    if (this.#queue.size === 0) return;
    if (this.#shared?.isShared === true) {
      this.#shared.ask();
      return;
    }
    const nowMs = this.#clock.now();
    if (this.#isClosed(nowMs)) return;
    while (this.#inFlight < this.#own.window.size) {
      const paceMs = this.#own.nextMs(nowMs, this.#inFlight);
      if (paceMs > nowMs) {
        this.#alarm.at(paceMs);
        return;
      }
      const next = this.#next(nowMs);
      if (next === null) return;
      this.#queue.take(next);
      next.admit(this.#takeSlot(next, nowMs));
    }
  }

  /** The site as a whole; has it looked again when it is open. */
  #isClosed(nowMs: number): boolean {
    const { site } = this.#throttles;
    if (site.leftMs(nowMs) <= 0) return false;
    this.#alarm.at(site.untilMs);
    return true;
  }

  /** The first in order that may go now; has it looked again when the first of those may that may not. */
  #next(nowMs: number): Waiter | null {
    for (const waiter of this.#queue.inOrder()) {
      let turnMs = this.#turnMsOf(waiter, nowMs);
      if (turnMs <= nowMs && waiter.rank === ranks.background) {
        turnMs = this.#own.nextInBackgroundMs(nowMs, this.#backgroundInFlight);
        // They are the last, and one is like another.
        if (turnMs === Number.POSITIVE_INFINITY) return null;
      }
      if (turnMs <= nowMs) return waiter;
      this.#alarm.at(turnMs);
    }
    return null;
  }

  /** When one may go as far as it is about itself alone: in the past for now, not before something else happens for infinity. */
  #turnMsOf({ deadlineMs, isFresh, call }: Waiter, nowMs: number): number {
    // Its signal is about to say so; sending it now would only lose its answer.
    if (deadlineMs <= nowMs) return Number.POSITIVE_INFINITY;
    if (isFresh && this.#freshRoom <= 0) return Number.POSITIVE_INFINITY;
    return this.#throttles.openFromMs(call);
  }

  #takeSlot({ call, rank, isFresh, pausedBeforeMs }: Waiter, nowMs: number): Slot {
    const isBackground = rank === ranks.background;
    const shared = this.#shared?.isShared === true ? this.#shared : null;
    const { window } = this.#own;
    const { round } = shared ?? window;
    this.#crowding.noteTurn(nowMs);
    this.#count(1, isBackground, isFresh);
    let hasLeft = false;
    return {
      pausedMs: this.#throttles.totalMs(call) - pausedBeforeMs,
      throttled: (throttle) => {
        this.#throttled += 1;
        // What was sent under other conditions tells of those that there are by now.
        this.#own.window.throttled(window === this.#own.window ? round : this.#own.window.round);
        this.#shared?.throttled({ ...throttle, call }, shared === null ? null : round);
        const atMs = this.#clock.now();
        this.#throttles.note({ ...throttle, call }, atMs);
        this.#refuseHopeless(atMs);
      },
      leave: (isAnswered) => {
        if (hasLeft) return;
        hasLeft = true;
        this.#count(-1, isBackground, isFresh);
        if (isAnswered) {
          window.answered(round);
          this.#throttles.answered(call);
          this.#shared?.answered(call, shared === null ? null : round);
        }
        // Others may wait where nobody does here.
        this.#shared?.ask();
        this.#admit();
      },
    };
  }

  #shareWith({ engine, scope }: Fleet, backgroundShare: number): SharedBudget {
    return new SharedBudget({
      ...{ engine, scope, concurrency: this.concurrency, backgroundShare },
      ...{ clock: this.#clock, throttles: this.#throttles, retries: this.retries },
      door: {
        figures: () => this.#figures(),
        allowed: () => this.#own.window.size,
        letGo: (granted) => this.#letGo(granted),
        heard: ({ isClosedLonger, told }) => {
          if (told !== null && told.observedAtMs > (this.#rateLimit?.observedAtMs ?? 0) + jitterMs) {
            this.#rateLimit = told;
            this.#own.observe(told, null);
          }
          if (isClosedLonger) this.#refuseHopeless(this.#clock.now());
        },
        turned: () => {
          if (this.#shared !== null) this.#turn(this.#shared);
          this.#admit();
        },
      },
    });
  }

  /** The budget is one with other processes', or a part of it this process's own: then nobody else is asked, and nobody gets more. */
  #turn({ isShared, size, processes }: SharedBudget): void {
    if (isShared) this.#own.divide(1);
    else {
      this.#own.divide(processes, size);
      this.retries.divide(processes);
    }
  }

  #figures(): Figures {
    const nowMs = this.#clock.now();
    const isClosed = this.#queue.size > 0 && this.#isClosed(nowMs);
    const ready = Object.values(ranks).map((rank) => (isClosed ? [] : this.#readyOf(rank, nowMs)));
    return {
      ...{ inFlight: this.#inFlight, background: this.#backgroundInFlight, fresh: this.#freshInFlight },
      ready: ready.map(({ length }) => length),
      freshReady: ready.flat().filter(({ isFresh }) => isFresh).length,
      waiting: this.#queue.size,
    };
  }

  /** How many calls more may go of requests that want nothing read before: what others leave of it, and a part of it whatever they do. */
  get #freshRoom(): number {
    const { freshLanes } = this.#own;
    const shared = this.#shared;
    const part = shared === null ? 0 : Math.max(1, Math.floor(freshLanes / shared.processes));
    return Math.max(freshLanes - (shared?.others.fresh ?? 0), part) - this.#freshInFlight;
  }

  /** Those of a rank that may go as far as it is about themselves; no more than may be in flight at all. */
  #readyOf(rank: Rank, nowMs: number): readonly Waiter[] {
    const ready: Waiter[] = [];
    let freshRoom = this.#freshRoom;
    for (const waiter of this.#queue.ofRank(rank)) {
      const turnMs = this.#turnMsOf(waiter, nowMs);
      if (turnMs > nowMs) this.#alarm.at(turnMs);
      else if (!waiter.isFresh || freshRoom > 0) {
        ready.push(waiter);
        if (waiter.isFresh) freshRoom -= 1;
        if (ready.length === this.concurrency) break;
      }
    }
    return ready;
  }

  #letGo(granted: readonly number[]): number {
    const nowMs = this.#clock.now();
    let went = 0;
    for (const rank of Object.values(ranks)) {
      for (let left = granted[rank] ?? 0; left > 0; left -= 1) {
        const next = this.#firstReady(rank, nowMs);
        if (next === null) break;
        this.#queue.take(next);
        next.admit(this.#takeSlot(next, nowMs));
        went += 1;
      }
    }
    return went;
  }

  #firstReady(rank: Rank, nowMs: number): Waiter | null {
    for (const waiter of this.#queue.ofRank(rank)) if (this.#turnMsOf(waiter, nowMs) <= nowMs) return waiter;
    return null;
  }

  #count(by: 1 | -1, isBackground: boolean, isFresh: boolean): void {
    this.#inFlight += by;
    if (isBackground) this.#backgroundInFlight += by;
    if (isFresh) this.#freshInFlight += by;
  }

  #refuseHopeless(nowMs: number): void {
    for (const waiter of [...this.#queue.inOrder()]) this.#refuseWhereHopeless(waiter, nowMs);
  }

  #refuseWhereHopeless(waiter: Waiter, nowMs: number): void {
    const { call, deadlineMs, allowanceMs, pausedBeforeMs } = waiter;
    const openMs = this.#throttles.openFromMs(call);
    if (openMs <= nowMs) return;
    const { isDown } = this.breaker;
    if (!isDown && deadlineMs > openMs && allowanceMs > this.#throttles.totalMs(call) - pausedBeforeMs) return;
    waiter.refuse(refusalToWait(call, openMs - nowMs, isDown));
  }
}
