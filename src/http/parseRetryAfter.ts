import { longestTimerMs } from "./longestTimerMs.js";

const httpDate = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*, .+ GMT$/;

/**
 * Milliseconds to wait by a `Retry-After` header: seconds or an HTTP date, at most what a timer can hold, 0 for a date
 * that has passed. `null` for none, a negative number, or anything else that is neither.
 */
export function parseRetryAfter(value: string | readonly string[] | null | undefined, nowMs: number): number | null {
  const text = (typeof value === "string" ? value : value?.[0])?.trim();
  if (!text) return null;
  if (/^\d+(\.\d+)?$/.test(text)) return clamp(Math.ceil(Number(text) * 1_000));
  // `Date.parse` alone makes a date of "soon 12"; only what looks like an HTTP date may be one.
  if (!httpDate.test(text)) return null;
  const atMs = Date.parse(text);
  return Number.isNaN(atMs) ? null : clamp(atMs - nowMs);
}

function clamp(durationMs: number): number {
  return Math.min(Math.max(0, durationMs), longestTimerMs);
}
