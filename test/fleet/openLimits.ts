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
