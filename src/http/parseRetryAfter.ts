import { longestTimerMs } from "./longestTimerMs.js";

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
