import { SiteError } from "../../domain/SiteError.js";
import { admissionLimits } from "../limits.js";
import type { RateLimitStatus } from "../rateLimits.js";
import type { Throttle } from "./budget/Throttles.js";
import type { Errand } from "./Errand.js";
import type { StopSignal } from "./Stop.js";
import { type Rank, ranks } from "./TurnQueue.js";

export interface UpstreamState {
  /** Calls that may be in flight at once when nothing is wrong: of all processes that share the budget. */
  readonly concurrency: number;
  /** Calls that may be in flight now: half as many after a throttle, and more again for each that is answered. Of all, where the budget is shared. */
  readonly allowed: number;
  /** Of this process. */
  readonly inFlight: number;
  readonly waiting: number;
  /** Until when no call is let through, in milliseconds since the epoch; `null` while there is no pause. */
  readonly pausedUntilMs: number | null;
  /** What the upstream last said about its limits, to whichever process. */
  readonly rateLimit: RateLimitStatus | null;
  /** Since the start, of this process: calls that the site throttled, and calls that found no place to wait in. */
  readonly throttled: number;
  readonly refused: number;
  /** Whether the budget is one with that of other processes now; `null` where there are none to share it with. */
  readonly sharing: SharingState | null;
}

export interface SharingState {
  /** False while this process has to keep to a share by itself. */
  readonly isShared: boolean;
  /** Of how many processes each has an equal part. */
  readonly processes: number;
  /** Calls in flight and waiting of all that were heard of, as this process heard last; its own where it is by itself. */
  readonly inFlight: number;
  readonly waiting: number;
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
export interface SlotRequest {
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
  /** Told of its slot before anybody else gets one. */
  readonly onAdmitted?: () => void;
  /** Aborted with the error to reject with, when its time is over or the call is given up. */
  readonly signal: StopSignal;
}

/** One that waits. */
export interface Waiter extends Pick<SlotRequest, "call" | "deadlineMs" | "allowanceMs" | "signal"> {
  readonly rank: Rank;
  readonly errand: Errand;
  readonly isFresh: boolean;
  /** How long there had been pauses for it when it came, without what was still ahead. */
  readonly pausedBeforeMs: number;
  readonly admit: (slot: Slot | null) => void;
  readonly refuse: (error: unknown) => void;
}

/** In which order it goes. */
export function rankOf({ isBackground, isChange }: SlotRequest, { kind, calls }: Errand): Rank {
  if (isBackground === true) return ranks.background;
  if (isChange === true || kind === "change") return ranks.change;
  return calls < admissionLimits.smallRequestCalls ? ranks.small : ranks.long;
}

/** What one gets that would have to wait for longer than it may. */
export function refusalToWait(call: string, retryAfterMs: number, isDown: boolean): SiteError {
  const why = isDown ? "it is down" : "that is longer than this request may";
  const message = `${call} was not sent: the site asked us to wait, and ${why}. Ask again in ${Math.ceil(retryAfterMs / 1_000)} s.`;
  return new SiteError("Throttled", message, { call, retryAfterMs });
}
