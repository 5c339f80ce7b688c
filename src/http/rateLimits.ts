import { type BareItem, type List, type Parameters, parseList } from "structured-headers";
import { longestTimerMs, nearLimitShare } from "./limits.js";
import type { HttpAnswer } from "./Transport.js";

/** What the upstream last said about how much we may still ask. A field it did not name is `null`. */
export interface RateLimitStatus {
  /** Units in the window: points or calls, as the upstream counts. */
  readonly limit: number | null;
  readonly remaining: number | null;
  /** When the window starts anew, in milliseconds since the epoch. */
  readonly resetAtMs: number | null;
  /** The upstream's own warning, or fewer than a fifth remaining. */
  readonly isNearLimit: boolean;
  /** Which limit it is, in the upstream's word: `global-app-quota`. */
  readonly reason: string | null;
  /** Where a bucket is filled all the time: with how much, and how often. */
  readonly refill: { readonly units: number; readonly intervalMs: number } | null;
  /** When it was said, in milliseconds since the epoch. */
  readonly observedAtMs: number;
}

interface Quota {
  readonly name: string;
  readonly limit: number | null;
  readonly remaining: number;
  readonly resetAtMs: number | null;
}

/**
 * Reads `X-RateLimit-*` and the structured `RateLimit` / `RateLimit-Policy` pair, with or without its `Beta-` prefix.
 * Of several quotas the one with the smallest share left counts. `null` where the answer says nothing.
 *
 * `X-Beta-RateLimit-*` is not read: it says what would have been limited, not what is (2026-11-20, pinned in
 * rateLimits.test.ts).
 */
export function parseRateLimitHeaders(headers: HttpAnswer["headers"], nowMs: number): RateLimitStatus | null {
  const text = (name: string) => {
    const value = headers[name] ?? "";
    return typeof value === "string" ? value : value.join(", ");
  };
  const quota = tightest(
    text("ratelimit") || text("beta-ratelimit"),
    text("ratelimit-policy") || text("beta-ratelimit-policy"),
    nowMs,
  );
  const limit = wholeNumber(text("x-ratelimit-limit")) ?? quota?.limit ?? null;
  const remaining = wholeNumber(text("x-ratelimit-remaining")) ?? quota?.remaining ?? null;
  const resetAtMs = instant(text("x-ratelimit-reset")) ?? quota?.resetAtMs ?? null;
  const reason = text("ratelimit-reason") || quota?.name || null;
  const warning = text("x-ratelimit-nearlimit").toLowerCase();
  if (limit === null && remaining === null && resetAtMs === null && reason === null && warning === "") return null;

  const hasLittleLeft = limit !== null && remaining !== null && remaining < limit * nearLimitShare;
  const isNearLimit = warning === "" ? hasLittleLeft : warning === "true";
  const units = wholeNumber(text("x-ratelimit-fillrate"));
  const seconds = wholeNumber(text("x-ratelimit-interval-seconds"));
  const refill = units === null || seconds === null ? null : { units, intervalMs: seconds * 1_000 };
  return { limit, remaining, resetAtMs, isNearLimit, reason, refill, observedAtMs: nowMs };
}

function tightest(quotas: string, policies: string, nowMs: number): Quota | null {
  const limits = new Map(items(policies).map(({ name, parameters }) => [name, countOf(parameters.get("q"))]));
  let found: Quota | null = null;
  for (const { name, parameters } of items(quotas)) {
    const remaining = countOf(parameters.get("r"));
    if (remaining === null) continue;
    const resetSeconds = countOf(parameters.get("t"));
    const resetAtMs = resetSeconds === null ? null : nowMs + resetSeconds * 1_000;
    const quota = { name, limit: limits.get(name) ?? null, remaining, resetAtMs };
    if (found === null || shareLeft(quota) < shareLeft(found)) found = quota;
  }
  return found;
}

function shareLeft(quota: Quota): number {
  return quota.limit === null || quota.limit === 0 ? quota.remaining : quota.remaining / quota.limit;
}

/** The members of a structured list: `"name";r=11000;t=600, "other";r=3`. One that cannot be read says nothing at all (RFC 9651). */
function items(text: string): { name: string; parameters: Parameters }[] {
  if (text === "") return [];
  let members: List;
  try {
    members = parseList(text);
  } catch {
    return [];
  }
  return members.flatMap(([name, parameters]) => (typeof name === "string" ? [{ name, parameters }] : []));
}

function countOf(parameter: BareItem | undefined): number | null {
  return typeof parameter === "number" && Number.isInteger(parameter) && parameter >= 0 ? parameter : null;
}

function wholeNumber(text: string): number | null {
  return /^\d+$/.test(text.trim()) ? Number(text) : null;
}

function instant(text: string): number | null {
  const atMs = /^\d{4}-\d\d-\d\dT/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(atMs) ? null : atMs;
}

const httpDate = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*, .+ GMT$/;

/**
 * Milliseconds to wait by a `Retry-After` header: seconds or an HTTP date, 0 for a date that has passed. `null` for none,
 * a negative number, or anything else that is neither; and for longer than a timer can hold: Data Center says
 * `9223372036854775807` where no wait will help, which must not keep others from asking (2026-11-21, test "that says to
 * wait for ever fails its own call alone: others go on").
 */
export function parseRetryAfter(value: string | readonly string[] | null | undefined, nowMs: number): number | null {
  const text = (typeof value === "string" ? value : value?.[0])?.trim();
  if (!text) return null;
  if (/^\d+(\.\d+)?$/.test(text)) return waitOf(Math.ceil(Number(text) * 1_000));
  // `Date.parse` alone makes a date of "soon 12"; only what looks like an HTTP date may be one.
  if (!httpDate.test(text)) return null;
  const atMs = Date.parse(text);
  return Number.isNaN(atMs) ? null : waitOf(atMs - nowMs);
}

function waitOf(durationMs: number): number | null {
  return durationMs > longestTimerMs ? null : Math.max(0, durationMs);
}
