import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { unboundedCaller } from "../../src/callers/Caller.js";
import { CallerBudgets, type OverBudget } from "../../src/callers/CallerBudgets.js";
import type { CallerLimits } from "../../src/config/callers/CallersConfig.js";
import { ManualClock } from "../support/ManualClock.js";
import { hasRedis, startRedis, type TestRedis } from "../support/startRedis.js";
import { LogicalEngine, quiet } from "./LogicalEngine.js";

const limits = { costPerMinute: 600, operationsAtOnce: 4, writesPerMinute: 60 };

describe.skipIf(!hasRedis)("callers' budgets over several processes", () => {
  let redis: TestRedis;

  beforeAll(async () => {
    redis = await startRedis();
  });
  beforeEach(async () => {
    await redis.client.flushall();
  });
  afterAll(() => redis.stop());

  function open(processes = 3) {
    const clock = new ManualClock();
    const engines = Array.from(
      { length: processes },
      (_, index) => new LogicalEngine({ processId: `p${index}`, server: redis.client, clock, processes }),
    );
    const budgets = engines.map((engine) => new CallerBudgets(clock, engine));
    return {
      clock,
      engines,
      of(process: number, changed: Partial<CallerLimits> = {}, name = "wiki-portal") {
        const budget = budgets[process]?.of(unboundedCaller(name, { ...limits, ...changed }));
        if (budget === undefined) throw new Error("There is no such process.");
        return budget;
      },
      async pass(durationMs: number) {
        for (let leftMs = durationMs; leftMs > 0; leftMs -= 50) {
          await clock.advance(Math.min(50, leftMs));
          await quiet(engines);
        }
      },
    };
  }

  it("keeps what was spent until it is all there again, and a minute more", async () => {
    const { of, pass } = open(1);
    of(0).charge(900);
    await pass(300);
    const [key = ""] = await redis.client.keys("*");
    // 300 below nothing, of 600 a minute; the server's own time passes meanwhile.
    const keptMs = await redis.client.pttl(key);
    expect([keptMs > 100_000, keptMs <= 150_000]).toEqual([true, true]);
  });

  it("decides on reads at once, and knows within a moment what was spent elsewhere", async () => {
    const { of, pass, engines } = open();
    expect(of(0).begin(1)).toBeNull();
    of(0).end(1);
    of(0).charge(900);
    // Nobody has told the other yet: it lets one begin, and asks behind it.
    expect(of(1).begin(1)).toBeNull();
    of(1).end(1);
    await pass(250);
    expect(of(1).begin(1)).toMatchObject({ budget: "cost", limit: 600, retryAfterMs: expect.closeTo(29_850, -3) });
    expect(of(0).begin(1)).toMatchObject({ budget: "cost" });
    // One round trip each 200 ms, however much is asked.
    for (const engine of engines) engine.runs.length = 0;
    for (let count = 0; count < 100; count += 1) of(0).charge(1);
    await pass(200);
    expect(engines[0]?.runs.length).toBeLessThanOrEqual(2);
    expect(engines[2]?.runs).toEqual([]);
  });

  it("gives a caller its budget once, and not once a process", async () => {
    const { of, pass } = open();
    let spent = 0;
    // A minute of a caller that asks all three for all that it gets.
    for (let count = 0; count < 300; count += 1) {
      await pass(200);
      for (const process of [0, 1, 2]) {
        if (of(process).begin(1) !== null) continue;
        of(process).end(1);
        of(process).charge(20);
        spent += 20;
      }
    }
    expect(spent).toBeGreaterThan(1_100);
    // A minute's worth to begin with, and at most what two others let through before they heard of it.
    expect(spent).toBeLessThanOrEqual(1_200 + 2 * 20);
  });

  it("counts what other processes have under way, and lets go of what one that died had", async () => {
    const { of, pass, engines } = open();
    expect(of(0).begin(3)).toBeNull();
    await pass(50);
    expect(of(1).begin(1)).toBeNull();
    await pass(250);
    expect(of(1).begin(1)).toEqual({ budget: "operations", limit: 4, retryAfterMs: 1_000 });
    // It is told again as long as it lasts.
    await pass(4_000);
    of(1).begin(1);
    await pass(250);
    expect(of(1).begin(1)).toMatchObject({ budget: "operations" });
    engines[0]?.turn(false);
    await pass(4_500);
    expect(of(1).begin(1)).toBeNull();
  });

  it("asks before each write, and never lets more through than there are", async () => {
    const { of, pass, clock, engines } = open();
    const asked = [0, 1, 2].flatMap((process) => Array.from({ length: 30 }, () => of(process).write(1)));
    await quiet(engines);
    const answers = await Promise.all(asked);
    expect(answers.filter((each) => each === null)).toHaveLength(60);
    expect(answers.find((each) => each !== null)).toEqual({ budget: "writes", limit: 60, retryAfterMs: 1_000 });
    // Plans are counted by themselves.
    expect(await of(1).rehearse(60)).toBeNull();
    expect(await of(2).rehearse(1)).toMatchObject({ budget: "dryRuns" });
    // What one was found to be made of is settled behind it.
    of(0).chargeWrites(10);
    await pass(250);
    await clock.advance(10_000);
    expect(await of(1).write(1)).toMatchObject({ budget: "writes" });
    await clock.advance(1_000);
    expect(await of(1).write(1)).toBeNull();
  });

  it("is a part for each while they do not hear of each other, and one again after", async () => {
    const { of, pass, clock, engines } = open();
    for (const process of [0, 1, 2]) {
      of(process).begin(1);
      of(process).end(1);
    }
    await pass(250);
    for (const engine of engines) engine.turn(false);
    const spend = (process: number) => {
      let spent = 0;
      while (of(process).begin(1) === null) {
        of(process).end(1);
        of(process).charge(10);
        spent += 10;
      }
      return spent;
    };
    for (const process of [0, 1, 2]) expect(spend(process)).toBe(200);
    let writes = 0;
    while ((of(0).write(1) as OverBudget | null) === null) writes += 1;
    expect(writes).toBe(20);
    await clock.advance(60_000);
    expect(spend(0)).toBe(200);
    expect(of(1).begin(1)).toBeNull();
    expect(of(1).begin(1)).toMatchObject({ budget: "operations", limit: 4 });
    of(1).end(1);
    of(0).charge(100);
    // It comes back, and holds nothing any more: what each knows counts.
    await redis.client.flushall();
    for (const engine of engines) engine.turn(true);
    for (const process of [1, 0, 2, 1, 0, 2]) {
      of(process).begin(1);
      await pass(250);
    }
    for (const process of [0, 1, 2]) expect(of(process).begin(1)).toMatchObject({ budget: "cost" });
  });

  it("knows what was spent although the engine lost it", async () => {
    const { of, pass } = open(2);
    of(0).charge(1_200);
    await pass(250);
    await redis.client.flushall();
    of(1).begin(1);
    of(0).begin(1);
    await pass(250);
    of(1).begin(1);
    await pass(250);
    expect(of(1).begin(1)).toMatchObject({ budget: "cost" });
  });

  it("goes on where one process has read the new limits and the other has not", async () => {
    const { of, pass } = open(2);
    of(0).charge(590);
    await pass(250);
    const changed = { costPerMinute: 1_200 };
    of(1, changed).charge(0);
    await pass(250);
    // What is left is left; it fills at the rate of whoever tells.
    of(1, changed).charge(300);
    await pass(250);
    expect(of(1, changed).begin(1)).toMatchObject({ limit: 1_200, retryAfterMs: expect.closeTo(14_250, -3) });
    expect(of(0).begin(1)).toBeNull();
    await pass(250);
    expect(of(0).begin(1)).toMatchObject({ limit: 600, retryAfterMs: expect.closeTo(28_000, -3.3) });
    of(1, { costPerMinute: null }).charge(100_000);
    await pass(250);
    expect(of(0).begin(1)).toMatchObject({ limit: 600, retryAfterMs: expect.closeTo(28_000, -3.3) });
  });

  it("tells nobody whom it is about, and nothing where nothing is bounded", async () => {
    const { of, pass, engines } = open(1);
    const free = of(0, { costPerMinute: null, operationsAtOnce: null, writesPerMinute: null }, "free");
    free.begin(1);
    free.charge(1_000);
    expect(free.write(1)).toBeNull();
    await pass(250);
    expect(engines[0]?.runs).toEqual([]);
    of(0).charge(1);
    await pass(250);
    const keys = await redis.client.keys("*");
    expect(keys).toHaveLength(1);
    const held = await Promise.all(keys.map((key) => redis.client.get(key)));
    expect([...keys, ...held].join(" ")).not.toContain("wiki-portal");
  });

  it("takes no notice of what somebody else put in its place", async () => {
    const { of, pass, engines } = open(1);
    of(0).charge(100);
    await pass(250);
    const [key = ""] = await redis.client.keys("*");
    await redis.client.set(key, "garbage");
    of(0).charge(600);
    await pass(250);
    expect(of(0).begin(1)).toMatchObject({ budget: "cost" });
    expect(engines[0]?.isThere).toBe(true);
  });

  /** What somebody else writes over the figures of the one caller that there is. */
  async function write(what: string): Promise<void> {
    const [key = ""] = await redis.client.keys("*");
    const lua = `local s = cmsgpack.unpack(redis.call('GET', KEYS[1])) ${what} redis.call('SET', KEYS[1], cmsgpack.pack(s))`;
    await redis.client.eval(lua, 1, key);
  }

  it("has nobody else's figures give a caller more than its budget, or keep it out for longer than a minute", async () => {
    const { of, pass, clock } = open(2);
    of(0).charge(500);
    expect(await of(0).write(60)).toBeNull();
    await pass(250);
    await write("s.buckets.cost.level, s.buckets.writes.level, s.buckets.writes.at = 1e9, 1e9, 0");
    expect(await of(1).write(60)).toBeNull();
    expect(await of(1).write(1)).toMatchObject({ budget: "writes" });
    of(0).charge(120);
    await pass(250);
    // By what it knows itself.
    expect(of(0).begin(1)).toMatchObject({ budget: "cost" });

    await write("for _, b in pairs(s.buckets) do b.level = -1e9 end");
    for (const each of [of(0), of(1)]) each.charge(0);
    await pass(250);
    expect(of(1).begin(1)).toMatchObject({ budget: "cost", retryAfterMs: expect.closeTo(60_000, -3) });
    // What is under way is answered first: told a minute later, it would count from then.
    await pass(50);
    await clock.advance(61_000);
    await pass(250);
    for (const each of [of(0), of(1)]) {
      expect(each.begin(1)).toBeNull();
      each.end(1);
    }
    expect(await of(1).write(1)).toBeNull();

    expect(of(0).begin(3)).toBeNull();
    await pass(250);
    await write("s.underWay.nobody = { count = -100, at = s.buckets.cost.at }");
    of(1).charge(0);
    await pass(250);
    expect(of(1).begin(2)).toMatchObject({ budget: "operations" });
    expect(of(1).begin(1)).toBeNull();
  });

  it("is rid of figures that nobody can have written, of one caller or of all", async () => {
    for (const spoil of ["s.buckets.cost.level = 0/0", "s.since = 5", "s.buckets.cost.level = -1/0"]) {
      const { of, pass, engines } = open(1);
      of(0).charge(100);
      await pass(250);
      await write(spoil);
      of(0).charge(1);
      await pass(250);
      expect([spoil, of(0).begin(1), of(0).tell().since]).toEqual([spoil, null, expect.any(String)]);
      expect([spoil, of(0).tell().isApart, engines[0]?.isThere]).toEqual([spoil, false, true]);
    }
  });
});
