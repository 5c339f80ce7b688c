import { z } from "zod";
import type { EngineReply } from "../../../fleet/FleetEngine.js";
import type { RateLimitStatus } from "../../rateLimits.js";

/** A list that the engine writes as an object where it is empty: its language has one type for both. */
function listOf<T extends z.ZodType>(item: T) {
  return z.union([z.array(item), z.strictObject({}).transform((): z.output<T>[] => [])]);
}

const count = z.number().int().nonnegative();

/** What a site told of its limits, as processes tell each other: durations, for their clocks differ. */
const toldShape = z.object({
  limit: z.number().optional(),
  left: z.number().optional(),
  resetIn: z.number().optional(),
  units: z.number().optional(),
  interval: z.number().optional(),
  near: z.boolean(),
});
export type ToldToOthers = z.output<typeof toldShape>;

const replyShape = z.object({
  /** How many calls of each rank may go. */
  granted: z.array(count).length(4),
  /** Which state it is of: another one where the engine lost what it held. */
  since: z.string(),
  size: count,
  round: count,
  /** In flight, of all. */
  total: count,
  known: count,
  /** What others wait for, and what they read anew. */
  others: count,
  fresh: z.number(),
  /** For how long the site, and which of its calls, are closed. */
  site: z.number(),
  routes: listOf(z.tuple([z.string(), z.number()])),
  retries: z.number(),
  /** All who are expected were heard of. */
  settled: z.boolean(),
  /** In how long it makes sense to ask again, where that is known. */
  look: z.number().optional(),
  told: toldShape.extend({ ago: z.number() }).optional(),
});

export type BudgetReply = z.output<typeof replyShape>;

/** What the function answered; `null` where it is nothing of the kind. */
export function readBudgetReply(reply: EngineReply): BudgetReply | null {
  if (!Buffer.isBuffer(reply)) return null;
  let parsed: unknown;
  try {
    parsed = JSON.parse(reply.toString());
  } catch {
    return null;
  }
  const { success, data } = replyShape.safeParse(parsed);
  return success ? data : null;
}

export function toldToOthers(status: RateLimitStatus): ToldToOthers {
  const { limit, remaining, resetAtMs, refill, isNearLimit, observedAtMs } = status;
  return {
    near: isNearLimit,
    ...(limit === null ? {} : { limit }),
    ...(remaining === null ? {} : { left: remaining }),
    ...(resetAtMs === null ? {} : { resetIn: resetAtMs - observedAtMs }),
    ...(refill === null ? {} : { units: refill.units, interval: refill.intervalMs }),
  };
}

/** What the site told last, to whichever process. */
export function statusOf(told: NonNullable<BudgetReply["told"]>, nowMs: number): RateLimitStatus {
  const { limit = null, left: remaining = null, resetIn, units, interval, near, ago } = told;
  return {
    ...{ limit, remaining, isNearLimit: near },
    // In the site's own words, which stay here.
    reason: null,
    resetAtMs: resetIn === undefined ? null : nowMs + resetIn,
    refill: units === undefined || interval === undefined ? null : { units, intervalMs: interval },
    observedAtMs: nowMs - ago,
  };
}
