import type { Redis } from "ioredis";
import { ConcurrencyLimit } from "../../src/http/admission/ConcurrencyLimit.js";
import type { Errand } from "../../src/http/admission/Errand.js";
import type { Slot } from "../../src/http/admission/slots.js";
import { decideRetry } from "../../src/http/retry.js";
import { ManualClock } from "../support/ManualClock.js";
import { LogicalEngine, quiet } from "./LogicalEngine.js";

interface LimitsOptions {
  /** `null`: it is never there. */
  readonly server: Redis | null;
  readonly scope: string;
  readonly processes?: number;
  /** Of all, or of each. */
  readonly concurrency?: number | readonly number[];
}

/** Limits of several processes that share one budget, under one clock. */
export function openLimits({ server, scope, processes = 3, concurrency = 6 }: LimitsOptions) {
  const clock = new ManualClock();
  const members = Array.from({ length: processes }, (_, index) => {
    const engine = new LogicalEngine({ processId: `p${index}`, server, clock, processes });
    const own = typeof concurrency === "number" ? concurrency : (concurrency[index] ?? 1);
    const limit = new ConcurrencyLimit({ concurrency: own, clock, fleet: { engine, scope } });
    return { engine, limit };
  });
  const engines = members.map(({ engine }) => engine);
  const slots = new Map<string, Slot>();
  const refused = new Map<string, unknown>();
  const settle = () => quiet(engines);
  return {
    clock,
    engines,
    limits: members.map(({ limit }) => limit),
    slots,
    refused,
    settle,
    /** Time passes, in steps in which everything happens that follows. */
    async pass(durationMs: number, stepMs = 5): Promise<void> {
      for (let leftMs = durationMs; leftMs > 0; leftMs -= stepMs) {
        await clock.advance(Math.min(stepMs, leftMs));
        await settle();
      }
    },
    ask(
      process: number,
      name: string,
      asked: {
        readonly call?: string;
        readonly isChange?: boolean;
        readonly isBackground?: boolean;
        readonly errand?: Errand;
      } = {},
    ): void {
      const { signal } = new AbortController();
      members[process]?.limit
        .enter({ call: name, deadlineMs: clock.now() + 120_000, allowanceMs: 30_000, signal, ...asked })
        .then(
          (slot) => slot !== null && slots.set(name, slot),
          (error: unknown) => refused.set(name, error),
        );
    },
    leave(name: string): void {
      slots.get(name)?.leave(true);
    },
  };
}

/** An upstream of so many calls a second, with a second's worth to begin with; each takes the same time. */
export class Upstream {
  readonly #clock: ManualClock;
  readonly #aSecond: number;
  readonly #tookMs: number;
  readonly #retryAfterMs: number | null;
  #tokens: number;
  #atMs: number;
  inFlight = 0;
  mostInFlight = 0;
  calls = 0;
  throttled = 0;

  constructor(options: {
    readonly clock: ManualClock;
    readonly aSecond: number;
    readonly tookMs: number;
    readonly retryAfterMs?: number;
  }) {
    this.#clock = options.clock;
    this.#aSecond = options.aSecond;
    this.#tookMs = options.tookMs;
    this.#retryAfterMs = options.retryAfterMs ?? null;
    this.#tokens = options.aSecond;
    this.#atMs = options.clock.now();
  }

  /** One call by way of a limit, repeated as the transport does, until it is answered. */
  async call(limit: ConcurrencyLimit, call: string): Promise<void> {
    const { signal } = new AbortController();
    const startMs = this.#clock.now();
    for (let attempt = 1; ; attempt += 1) {
      const deadlineMs = this.#clock.now() + 600_000;
      const slot = await limit.enter({ call, deadlineMs, allowanceMs: 600_000, signal });
      if (slot === null) throw new Error("The site was found to be down.");
      const isAnswered = await this.#answers();
      if (isAnswered) {
        slot.leave(true);
        return;
      }
      slot.throttled({ status: 429, retryAfterMs: this.#retryAfterMs, told: null });
      slot.leave(false);
      const facts = { method: "GET", isReplaySafe: true, status: 429, networkCode: null } as const;
      const spent = {
        attempt: Math.min(attempt, 4),
        elapsedMs: 0,
        budgetMs: 600_000,
        retryAfterMs: this.#retryAfterMs,
      };
      const decision = decideRetry({ ...facts, ...spent }, () => ((startMs + attempt * 37) % 100) / 100);
      if (decision.action === "give-up") throw new Error(decision.reason);
      await this.#clock.sleep(decision.delayMs);
    }
  }

  async #answers(): Promise<boolean> {
    this.calls += 1;
    this.inFlight += 1;
    this.mostInFlight = Math.max(this.mostInFlight, this.inFlight);
    await this.#clock.sleep(this.#tookMs);
    this.inFlight -= 1;
    const nowMs = this.#clock.now();
    this.#tokens = Math.min(this.#aSecond, this.#tokens + ((nowMs - this.#atMs) * this.#aSecond) / 1_000);
    this.#atMs = nowMs;
    if (this.#tokens < 1) {
      this.throttled += 1;
      return false;
    }
    this.#tokens -= 1;
    return true;
  }
}

/** Calls without end over each limit, so many at a time, of a site that tells before each answer what it lets be asked. */
export function keepAsking(limits: readonly ConcurrencyLimit[], clock: ManualClock, aSecond: number) {
  let tokens = aSecond;
  let atMs = clock.now();
  const answered = limits.map(() => 0);
  let refused = 0;
  let isOver = false;
  const call = async (limit: ConcurrencyLimit, member: number): Promise<void> => {
    const { signal } = new AbortController();
    while (!isOver) {
      const slot = await limit.enter({ call: "GET /", deadlineMs: Number.MAX_VALUE, allowanceMs: 600_000, signal });
      const nowMs = clock.now();
      tokens = Math.min(aSecond, tokens + ((nowMs - atMs) * aSecond) / 1_000);
      atMs = nowMs;
      if (tokens < 1) refused += 1;
      tokens -= 1;
      const reset = new Date(nowMs + 1_000).toISOString();
      const remaining = String(Math.max(0, Math.floor(tokens)));
      await clock.sleep(20);
      limit.observe({ "x-ratelimit-limit": "50", "x-ratelimit-remaining": remaining, "x-ratelimit-reset": reset });
      answered[member] = (answered[member] ?? 0) + 1;
      slot?.leave(true);
    }
  };
  for (const [member, limit] of limits.entries()) for (let each = 0; each < 20; each += 1) void call(limit, member);
  return {
    get refused(): number {
      return refused;
    },
    answered,
    end(): void {
      isOver = true;
    },
  };
}
