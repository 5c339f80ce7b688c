import { describe, expect, it } from "vitest";
import { unboundedCaller } from "../../../src/callers/Caller.js";
import { CallerBudgets } from "../../../src/callers/CallerBudgets.js";
import type { CallerLimits } from "../../../src/config/callers/CallersConfig.js";
import { ManualClock } from "../../support/ManualClock.js";

const limits = { costPerMinute: 600, operationsAtOnce: 2, writesPerMinute: 60 };

function start(name = "one") {
  const clock = new ManualClock();
  const budgets = new CallerBudgets(clock);
  return { clock, budgets, budget: budgets.of(unboundedCaller(name, limits)) };
}

describe("a caller's budget", () => {
  it("lets an operation overdraw it, and the next wait until it is made good", async () => {
    const { clock, budget } = start();
    expect(budget.begin(1)).toBeNull();
    budget.end(1);
    budget.charge(900);
    // 300 too many, at 10 a second, and one to begin with.
    const over = { budget: "cost", limit: 600, retryAfterMs: 30_100 };
    expect(budget.begin(1)).toEqual(over);
    await clock.advance(30_099);
    expect(budget.begin(1)).toMatchObject({ retryAfterMs: 1 });
    await clock.advance(1);
    expect(budget.begin(1)).toBeNull();
  });

  it("pays for an answer that is given again by its bytes, and something for each however short", () => {
    const { budget } = start();
    budget.chargeRepeat(10 * 1_024);
    for (let count = 0; count < 10; count += 1) budget.chargeRepeat(0);
    // 21 of 600 are gone: the others are the last that may be had.
    budget.charge(579);
    expect(budget.begin(1)).toMatchObject({ budget: "cost", retryAfterMs: 100 });
  });

  it("saves up a minute's worth and no more", async () => {
    const { clock, budget } = start();
    await clock.advance(3_600_000);
    budget.charge(600);
    expect(budget.begin(1)).toMatchObject({ budget: "cost", retryAfterMs: 100 });
  });

  it("lets so many operations run at a time, a batch counting as what it holds", () => {
    const { budget } = start();
    expect(budget.begin(2)).toBeNull();
    expect(budget.begin(1)).toEqual({ budget: "operations", limit: 2, retryAfterMs: 1_000 });
    budget.end(2);
    expect(budget.begin(1)).toBeNull();
  });

  it("lets so many changes be made a minute", async () => {
    const { clock, budget } = start();
    expect(budget.write(59)).toBeNull();
    expect(budget.write(1)).toBeNull();
    expect(budget.write(1)).toEqual({ budget: "writes", limit: 60, retryAfterMs: 1_000 });
    await clock.advance(1_000);
    expect(budget.write(1)).toBeNull();
  });

  it("lets as many changes be planned, and counts them by themselves", () => {
    const { budget } = start();
    expect(budget.rehearse(60)).toBeNull();
    expect(budget.rehearse(1)).toEqual({ budget: "dryRuns", limit: 60, retryAfterMs: 1_000 });
    expect(budget.write(60)).toBeNull();
  });

  it("goes on when the callers' file is read again: by the name, whatever the limits are then", async () => {
    const { clock, budgets, budget } = start();
    budget.begin(2);
    budget.charge(700);
    const of = (changed: Partial<CallerLimits>) => budgets.of(unboundedCaller("one", { ...limits, ...changed }));
    expect(of({}).begin(1)).toMatchObject({ budget: "cost", retryAfterMs: 10_100 });
    // A hundred too many are made good twice as fast, and a minute's worth is what the new limit says.
    expect(of({ costPerMinute: 1_200 }).begin(1)).toMatchObject({ limit: 1_200, retryAfterMs: 5_050 });
    expect(of({ costPerMinute: null }).begin(1)).toMatchObject({ budget: "operations", limit: 2 });
    expect(of({ costPerMinute: null, operationsAtOnce: 3 }).begin(1)).toBeNull();
    expect(of({ costPerMinute: 600, operationsAtOnce: null }).begin(1)).toMatchObject({ retryAfterMs: 10_100 });
    await clock.advance(60_000);
    expect(of({ costPerMinute: 10 }).begin(1)).toMatchObject({ budget: "operations" });
    of({ costPerMinute: 10 }).charge(10);
    expect(of({ costPerMinute: 10, operationsAtOnce: null }).begin(1)).toMatchObject({ budget: "cost", limit: 10 });
  });

  it("begins with a minute's worth where nothing bounded it before", () => {
    const { budgets } = start();
    const free = budgets.of(unboundedCaller("free"));
    free.charge(1_000_000);
    expect(free.write(1_000)).toBeNull();
    const bounded = budgets.of(unboundedCaller("free", limits));
    expect(bounded.begin(1)).toBeNull();
    expect(bounded.write(1)).toBeNull();
  });

  it("is one for all that a caller does, and another for each caller", () => {
    const { budgets, budget } = start();
    budget.charge(10_000);
    expect(budgets.of(unboundedCaller("one", limits)).begin(1)).not.toBeNull();
    expect(budgets.of(unboundedCaller("two", limits)).begin(1)).toBeNull();
    expect(budgets.of(unboundedCaller("unbounded")).begin(1_000_000)).toBeNull();
  });
});
