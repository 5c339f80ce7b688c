import { afterAll, beforeAll, expect, it } from "vitest";
import { AdaptiveWindow } from "../../src/http/admission/budget/AdaptiveWindow.js";
import { BackgroundShare } from "../../src/http/admission/budget/BackgroundShare.js";
import { Pace } from "../../src/http/admission/budget/Pace.js";
import { reachOf, Throttles } from "../../src/http/admission/budget/Throttles.js";
import { Errand } from "../../src/http/admission/Errand.js";
import { budgetFunction } from "../../src/http/admission/shared/budgetFunction.js";
import { readBudgetReply, statusOf, toldToOthers } from "../../src/http/admission/shared/budgetReply.js";
import { type Rank, ranks, TurnQueue } from "../../src/http/admission/TurnQueue.js";
import { admissionLimits } from "../../src/http/limits.js";
import type { RateLimitStatus } from "../../src/http/rateLimits.js";
import { ManualClock } from "../support/ManualClock.js";
import { hasRedis, startRedis, type TestRedis } from "../support/startRedis.js";
import { seededRandom } from "../unit/graph/nastyTexts.js";
import { LogicalEngine } from "./LogicalEngine.js";

const concurrency = 12;
const share = 0.25;
const calls = ["GET /a", "GET /b", "GET /c"] as const;
const order = Object.values(ranks);

/** What a process by itself would do: the classes whose rules the function repeats for all. */
class Alone {
  readonly window = new AdaptiveWindow(concurrency);
  readonly throttles = new Throttles();
  readonly pace = new Pace();
  readonly background = new BackgroundShare({ share, concurrency });
  readonly queue = new TurnQueue<{ readonly rank: Rank; readonly errand: Errand }>();
  told: RateLimitStatus | null = null;

  observe(told: RateLimitStatus, isBackground: boolean): void {
    this.told = told;
    this.pace.observe(told);
    this.background.observe(told, isBackground);
  }

  /** How many go of those that wait, by rank; and in how long it makes sense to look again, where that is known. */
  grant(nowMs: number, inFlight: number, ready: readonly number[]) {
    const errand = new Errand("reading");
    const waiting = order.flatMap((rank) => Array.from({ length: ready[rank] ?? 0 }, () => ({ rank, errand })));
    for (const waiter of waiting) this.queue.add(waiter);
    const granted = order.map(() => 0);
    let taken = inFlight;
    let background = 0;
    let openMs = nowMs;
    while (this.throttles.site.leftMs(nowMs) <= 0 && taken < this.window.size) {
      const next = this.queue.inOrder().next().value;
      if (next === undefined) break;
      openMs = this.pace.nextMs(nowMs, taken);
      if (openMs <= nowMs && next.rank === ranks.background) openMs = this.background.nextMs(nowMs, background++);
      if (openMs > nowMs) break;
      this.queue.take(next);
      waiting.splice(waiting.indexOf(next), 1);
      granted[next.rank] = (granted[next.rank] ?? 0) + 1;
      taken += 1;
    }
    for (const waiter of waiting) this.queue.delete(waiter);
    return { granted, look: openMs > nowMs && Number.isFinite(openMs) ? openMs - nowMs : null };
  }
}

let redis: TestRedis | null = null;
beforeAll(async () => {
  redis = hasRedis ? await startRedis() : null;
});
afterAll(() => redis?.stop());

type Pick = (most: number) => number;

/** A call is answered, or told to wait: for both. */
function happen(alone: Alone, pick: Pick, nowMs: number): Record<string, unknown> {
  const call = calls[pick(calls.length)] ?? calls[0];
  const round = Math.max(0, alone.window.round - pick(3));
  const closedMs = 1_000 * (1 + pick(9));
  switch (pick(30)) {
    case 0:
      alone.throttles.hear(null, closedMs, nowMs);
      return { k: "s", ms: closedMs };
    case 1:
      alone.throttles.hear(call, closedMs, nowMs);
      return { k: "r", call, ms: closedMs };
  }
  if (pick(8) < 5) {
    alone.window.answered(round);
    alone.throttles.answered(call);
    return { k: "a", call, round };
  }
  const asked = [0, 300, 4_000, admissionLimits.quotaWaitMs, 2 * admissionLimits.maxPauseMs][pick(5)] ?? 0;
  const ms = Math.min(asked, admissionLimits.maxPauseMs);
  const reason = pick(4) === 0 ? "burst" : null;
  const told = { ...quotaOf(pick, nowMs), remaining: 1, refill: null, reason };
  const throttle = { call, status: 429, retryAfterMs: asked, told };
  alone.window.throttled(round);
  alone.throttles.note(throttle, nowMs);
  return { k: "t", call, round, ms, reach: reachOf(throttle, ms) };
}

/** A site tells what it allows. */
function tell(alone: Alone, pick: Pick, nowMs: number): Record<string, unknown> {
  const told = quotaOf(pick, nowMs);
  const isBackground = pick(2) === 0;
  alone.observe(told, isBackground);
  return { k: "h", b: isBackground, ago: 0, ...toldToOthers(told) };
}

function quotaOf(pick: Pick, nowMs: number): RateLimitStatus {
  const isFilled = pick(3) === 0;
  return {
    limit: pick(4) === 0 ? null : 20,
    remaining: pick(10) === 0 ? null : pick(3) === 0 ? 0 : pick(20),
    resetAtMs: isFilled ? null : nowMs + ([200, 3_000, 60_000, 60_000][pick(4)] ?? 0),
    refill: isFilled ? { units: 1 + pick(3), intervalMs: 500 } : null,
    isNearLimit: false,
    reason: null,
    observedAtMs: nowMs,
  };
}

/** Processes of one budget, and how each tells and hears. */
function openProcesses(scope: string) {
  const clock = new ManualClock();
  const processes = 2;
  const tell = async (processId: string, told: Record<string, unknown>) => {
    const engine = new LogicalEngine({ processId, server: redis?.client ?? null, clock, processes });
    const nothing = { f: 0, b: 0, fresh: 0, w: [0, 0, 0, 0], freshReady: 0, seen: [], retries: 0, retriesMost: 20 };
    const message = { id: processId, most: concurrency, share, expected: processes, ...nothing, ...told };
    return readBudgetReply(await engine.run(budgetFunction, [engine.key(scope, "budget")], [JSON.stringify(message)]));
  };
  return { tell };
}

it.skipIf(!hasRedis)(
  "takes over how few a process found out to be allowed, and never more than that for it",
  async () => {
    const { tell } = openProcesses("hints");
    expect((await tell("one", { hint: 4 }))?.size).toBe(4);
    expect((await tell("two", { hint: 8 }))?.size).toBe(4);
    expect((await tell("two", { hint: 2 }))?.size).toBe(2);
  },
);

it.skipIf(!hasRedis)("counts of those that want nothing read before no more than went", async () => {
  const { tell } = openProcesses("fresh");
  const wanted = { w: [0, 8, 0, 0], freshReady: 8, fresh: 1, f: 3, hint: 5 };
  expect((await tell("one", wanted))?.granted).toEqual([0, 2, 0, 0]);
  expect((await tell("two", {}))?.fresh).toBe(3);
});

it.skipIf(!hasRedis).each([1, 2, 3, 4, 5, 6])(
  "the budget of all is that of one process, where there is but one: rule by rule, seed %i",
  async (seed) => {
    const random = seededRandom(seed);
    const pick = (most: number) => Math.floor(random() * most);
    const clock = new ManualClock();
    const engine = new LogicalEngine({ processId: "one", server: redis?.client ?? null, clock, processes: 1 });
    const key = engine.key(`rules ${seed}`, "budget");
    const alone = new Alone();
    for (let step = 0; step < 60; step += 1) {
      // Most are soon after the one before; some after all that was asked for is over.
      await clock.advance(pick(12) === 0 ? 20_000 : pick(500));
      const nowMs = clock.now();
      // Each process looks, now and then, whether its quota has begun anew.
      alone.background.nextMs(nowMs, 0);
      const seen = Array.from({ length: pick(3) }, () => happen(alone, pick, nowMs));
      // Of one moment a site tells its limits once.
      if (pick(2) === 0) seen.push(tell(alone, pick, nowMs));
      const inFlight = pick(4);
      const ready = order.map(() => (pick(2) === 0 ? 0 : pick(9)));
      const figures = { f: inFlight, b: 0, fresh: 0, w: ready, freshReady: 0 };
      const budget = { id: "one", most: concurrency, share, retries: 0, retriesMost: 20, expected: 1 };
      const message = JSON.stringify({ ...budget, ...figures, seen });
      const reply = readBudgetReply(await engine.run(budgetFunction, [key], [message]));
      const open = [...alone.throttles.closed(nowMs)];
      expect({ seed, step, ...reply, look: reply?.look ?? null }).toMatchObject({
        ...{ seed, step, size: alone.window.size, round: alone.window.round },
        site: open.find(({ call }) => call === null)?.leftMs ?? 0,
        ...alone.grant(nowMs, inFlight, ready),
      });
      const closed = open.flatMap(({ call, leftMs }) => (call === null ? [] : [[call, leftMs] as const]));
      expect([...(reply?.routes ?? [])].sort()).toEqual(closed.sort());
      expect(reply?.told === undefined ? null : statusOf(reply.told, nowMs)).toEqual(alone.told);
    }
  },
);
