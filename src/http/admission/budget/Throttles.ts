import { admissionLimits } from "../../limits.js";
import type { RateLimitStatus } from "../../rateLimits.js";
import { Closure } from "./Closure.js";

/** A call that was throttled. */
export interface Throttle {
  /** Its template. */
  readonly call: string;
  readonly status: number | null;
  readonly retryAfterMs: number | null;
  /** What its answer told of the limits. */
  readonly told: RateLimitStatus | null;
}

/** By how much two processes may differ about the same moment. */
export const jitterMs = 20;

interface RouteState {
  readonly closure: Closure;
  /** Throttled, and not answered since. */
  isSuspected: boolean;
}

/**
 * What a site's wish to be left alone covers. It is kept as told for whatever it covers, and never shortened:
 * - the whole site, where it names a quota or shows its bucket empty, is not available at all, or asks for so long that it can
 *   only be a quota, which are counted by the hour;
 * - one call, where it names a burst, which Atlassian counts for each call by itself;
 * - else the one request that was answered so, which waits it out by itself. Nothing says that others are meant, so the next answer
 *   shows it: where that is a throttle as well, its call is closed, and where it is one of another call, the site.
 */
export class Throttles {
  readonly site = new Closure();
  readonly #routes = new Map<string, RouteState>();
  /** The call that was throttled last, while nothing was answered since. */
  #lastThrottled: string | null = null;

  /** When a call may be sent: the past for now. */
  openFromMs(call: string): number {
    return Math.max(this.site.untilMs, this.#routes.get(call)?.closure.untilMs ?? Number.NEGATIVE_INFINITY);
  }

  /** How long a call has been closed since the start, with what is ahead. */
  totalMs(call: string): number {
    return this.site.totalMs + (this.#routes.get(call)?.closure.totalMs ?? 0);
  }

  /** The same, without what is ahead. */
  pastMs(call: string, nowMs: number): number {
    return this.totalMs(call) - this.site.leftMs(nowMs) - (this.#routes.get(call)?.closure.leftMs(nowMs) ?? 0);
  }

  note(throttle: Throttle, nowMs: number): void {
    const { call } = throttle;
    const waitMs = Math.min(throttle.retryAfterMs ?? 0, admissionLimits.maxPauseMs);
    if (waitMs <= 0) return;
    const route = this.#routeOf(call);
    switch (reachOf(throttle, waitMs)) {
      case "site":
        this.site.close(waitMs, nowMs);
        return;
      case "call":
        route.closure.close(waitMs, nowMs);
        return;
      case "request":
        if (this.#lastThrottled !== null && this.#lastThrottled !== call) this.site.close(waitMs, nowMs);
        else if (route.isSuspected) route.closure.close(waitMs, nowMs);
        route.isSuspected = true;
        this.#lastThrottled = call;
    }
  }

  /** All that is closed: calls by their templates, the site as `null`. */
  *closed(nowMs: number): Generator<{ readonly call: string | null; readonly leftMs: number }> {
    const leftMs = this.site.leftMs(nowMs);
    if (leftMs > 0) yield { call: null, leftMs };
    for (const [call, { closure }] of this.#routes) {
      const leftOfCallMs = closure.leftMs(nowMs);
      if (leftOfCallMs > 0) yield { call, leftMs: leftOfCallMs };
    }
  }

  /**
   * Another process knows that a call, or the site as `null`, is closed. Answers whether that is longer than was known here; by
   * some milliseconds it is so each time, because of the way.
   */
  hear(call: string | null, leftMs: number, nowMs: number): boolean {
    if (leftMs <= 0) return false;
    const closure = call === null ? this.site : this.#routeOf(call).closure;
    if (leftMs <= closure.leftMs(nowMs) + jitterMs) return false;
    closure.close(Math.min(leftMs, admissionLimits.maxPauseMs), nowMs);
    return true;
  }

  /** A call was answered: it is open, and so is the site. */
  answered(call: string): void {
    this.#lastThrottled = null;
    const route = this.#routes.get(call);
    if (route !== undefined) route.isSuspected = false;
  }

  #routeOf(call: string): RouteState {
    const known = this.#routes.get(call);
    if (known !== undefined) return known;
    const made: RouteState = { closure: new Closure(), isSuspected: false };
    this.#routes.set(call, made);
    return made;
  }
}

/** @param waitMs what it asks to wait. */
export function reachOf({ status, told }: Throttle, waitMs: number): "site" | "call" | "request" {
  if (status !== 429 || waitMs >= admissionLimits.quotaWaitMs) return "site";
  const reason = told?.reason ?? "";
  if (/burst/i.test(reason)) return "call";
  return /quota/i.test(reason) || told?.remaining === 0 || told?.refill != null ? "site" : "request";
}
