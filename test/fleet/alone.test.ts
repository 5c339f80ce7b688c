import { describe, expect, it } from "vitest";
import { unboundedCaller } from "../../src/callers/Caller.js";
import { CallerBudgets } from "../../src/callers/CallerBudgets.js";
import { RateLimiter } from "../../src/http/admission/RateLimiter.js";
import { ManualClock } from "../support/ManualClock.js";
import { LogicalEngine } from "./LogicalEngine.js";
import { openLimits } from "./openLimits.js";

const away = () => ({ server: null, scope: "site" });

describe("a process whose engine is away", () => {
  it("has its part of the calls at once, and half of that after a throttle", async () => {
    const { ask, settle, slots, limits, leave } = openLimits({ ...away(), concurrency: 12 });
    for (let index = 0; index < 9; index += 1) ask(0, `GET /${index}`);
    await settle();
    expect(slots.size).toBe(4);
    slots.get("GET /0")?.throttled({ status: 429, retryAfterMs: null, told: null });
    leave("GET /1");
    leave("GET /2");
    await settle();
    expect(slots.size).toBe(4);
    leave("GET /3");
    await settle();
    expect(slots.size).toBe(5);
    expect(limits[0]?.state).toMatchObject({ allowed: 2, concurrency: 12, inFlight: 2 });
    expect(limits[0]?.state.sharing).toEqual({ isShared: false, processes: 3, inFlight: 2, waiting: 4 });
  });

  it("lets one go though there are more processes than calls", async () => {
    const { ask, settle, slots } = openLimits({ ...away(), concurrency: 2 });
    for (let index = 0; index < 3; index += 1) ask(0, `GET /${index}`);
    await settle();
    expect(slots.size).toBe(1);
  });

  it("has its part of what the site says remains, of repetitions, and of what nobody waits for", async () => {
    const { ask, settle, slots, limits, clock } = openLimits({ ...away(), concurrency: 48 });
    const [limit] = limits;
    const reset = new Date(clock.now() + 5_000).toISOString();
    limit?.observe({ "x-ratelimit-limit": "100", "x-ratelimit-remaining": "9", "x-ratelimit-reset": reset });
    for (let index = 0; index < 9; index += 1) ask(0, `GET /${index}`);
    await settle();
    expect(slots.size).toBe(3);
    let repeated = 0;
    while (limit?.retries.spend() === true) repeated += 1;
    expect(repeated).toBe(32);
    for (let index = 0; index < 9; index += 1) ask(1, `b${index}`, { isBackground: true });
    await settle();
    expect([...slots.keys()].filter((name) => name.startsWith("b"))).toHaveLength(4);
  });

  it("has its part of the calls of a minute, and of callers' budgets", async () => {
    const clock = new ManualClock();
    const engine = new LogicalEngine({ processId: "p", server: null, clock, processes: 3 });
    const limiter = new RateLimiter({ callsAMinute: 6, clock, fleet: { engine, scope: "organization" } });
    await limiter.take("GET /a", 0);
    await limiter.take("GET /a", 0);
    await expect(limiter.take("GET /a", 0)).rejects.toMatchObject({ kind: "Throttled", retryAfterMs: 60_000 });
    const limits = { costPerMinute: 600, operationsAtOnce: 6, writesPerMinute: 3 };
    const budget = new CallerBudgets(clock, engine).of(unboundedCaller("one", limits));
    expect(budget.begin(2)).toBeNull();
    expect(budget.begin(1)).toMatchObject({ budget: "operations", limit: 6 });
    budget.end(2);
    // A batch is not kept out for good.
    expect(budget.begin(6)).toBeNull();
    budget.charge(200);
    expect(budget.begin(1)).toMatchObject({ budget: "cost", limit: 600 });
    expect(budget.write(1)).toBeNull();
    expect(budget.write(1)).toMatchObject({ budget: "writes", limit: 3 });
  });
});
