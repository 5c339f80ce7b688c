import { describe, expect, it } from "vitest";
import { longestTimerMs } from "../../../src/http/longestTimerMs.js";
import { parseRetryAfter } from "../../../src/http/parseRetryAfter.js";

const nowMs = Date.UTC(2026, 10, 20, 12, 0, 0);

describe("parseRetryAfter", () => {
  it.each<[string, string | string[] | null | undefined, number | null]>([
    ["seconds", "120", 120_000],
    ["seconds with spaces around", " 7 ", 7_000],
    ["a fraction of a second, rounded up", "0.0015", 2],
    ["0", "0", 0],
    ["the first of several headers", ["3", "9"], 3_000],
    ["an HTTP date", "Fri, 20 Nov 2026 12:00:30 GMT", 30_000],
    ["a date in the past as no wait", "Fri, 20 Nov 2026 11:00:00 GMT", 0],
    ["the longest that a timer can hold", String(longestTimerMs / 1_000), longestTimerMs],
    ["2^63 - 1, which nobody can wait for, as nothing", "9223372036854775807", null],
    ["a date too far off to wait for as nothing", "Fri, 20 Nov 2099 12:00:00 GMT", null],
    ["a negative number as nothing", "-5", null],
    ["words as nothing", "soon", null],
    ["words with a number, which Date.parse takes for a date, as nothing", "soon 12", null],
    ["a date that does not exist as nothing", "Fri, 99 Nov 2026 12:00:00 GMT", null],
    ["infinity as nothing", "Infinity", null],
    ["an empty header as nothing", "", null],
    ["no header as nothing", undefined, null],
  ])("reads %s", (_case, value, expected) => {
    expect(parseRetryAfter(value, nowMs)).toBe(expected);
  });
});
