import { pathToFileURL } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";

type Results = Readonly<Record<string, unknown>>;

function isFunction(value: unknown): boolean {
  return typeof value === "function";
}

const ratios = z.object({
  fallen: z.custom<(before: Results, now: Results) => unknown>(isFunction),
  whyNotComparable: z.custom<(before: Results | null, machine: Results, nowMs: number) => string | null>(isFunction),
  wrongCounts: z.custom<(now: Results) => readonly string[]>(isFunction),
});

const measuredAt = "2026-11-30T05:00:00.000Z";
const soonMs = Date.parse(measuredAt) + 3_599_000;

/** What a run measured, as far as a check looks at it. */
function results({ grants = 0.8, sequential = 20, calls = 29 } = {}): Results {
  return {
    measuredAt,
    machine: { host: "1f" },
    cached: [
      { question: "grants", servers: { ours: { ratio: { median: grants } }, apollo: { ratio: { median: 0.1 } } } },
    ],
    reading: {
      joins: { grants: { title: "a join", expectedCalls: 29, calls: { ours: calls, warm: 0 }, timesFasterThan: {} } },
      wholeGraph: {
        expectedCalls: { total: 750 },
        lanes: { 32: { calls: { cold: 750, warm: 0 }, timesFasterThanSequential: { median: sequential } } },
      },
    },
  };
}

describe("the check of the bench", () => {
  let check: z.infer<typeof ratios>;
  beforeAll(async () => {
    const module: unknown = await import(pathToFileURL("bench/run/ratios.mjs").href);
    check = ratios.parse(module);
  });

  it("names each ratio of ours that fell by more than a quarter, and no other's", () => {
    expect(check.fallen(results(), results({ grants: 0.61, sequential: 15.1 }))).toEqual([]);
    expect(check.fallen(results(), results({ grants: 0.59, sequential: 14.9 }))).toEqual([
      { name: "grants, ours to bare graphql-js", was: 0.8, is: 0.59 },
      { name: "whole graph on 32 lanes, times faster than sequential", was: 20, is: 14.9 },
    ]);
  });

  it("compares with results of this machine and of the last hour alone", () => {
    expect(check.whyNotComparable(results(), { host: "1f" }, soonMs)).toBeNull();
    expect(check.whyNotComparable(null, { host: "1f" }, soonMs)).toMatch("no results");
    expect(check.whyNotComparable(results(), { host: "2e" }, soonMs)).toMatch("another machine");
    expect(check.whyNotComparable(results(), { host: "1f" }, soonMs + 2_000)).toMatch("more than an hour ago");
  });

  it("finds every count of calls that is not what is promised", () => {
    expect(check.wrongCounts(results())).toEqual([]);
    expect(check.wrongCounts(results({ calls: 30 }))).toEqual(["a join: 30 calls instead of 29"]);
  });
});
