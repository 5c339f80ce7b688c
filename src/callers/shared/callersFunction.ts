import { z } from "zod";
import type { EngineFunction, EngineReply } from "../../fleet/FleetEngine.js";

/** Names of what a caller has a budget of by the minute. */
export const bucketNames = ["cost", "writes", "dryRuns"] as const;
export type BucketName = (typeof bucketNames)[number];

/** What a process tells of one caller. Durations and amounts only: clocks differ. */
export interface ToldOfCaller {
  /** The state that was heard of last; none at first. */
  readonly since?: string;
  /** What was spent was not told, or told in vain: what is left here counts, where that is less. */
  readonly isApart: boolean;
  /** For each that is bounded: a minute's worth, what was spent, and what is left by what this process knows. */
  readonly buckets: Partial<
    Record<BucketName, { readonly most: number; readonly spent: number; readonly level: number }>
  >;
  readonly underWay: number;
  /** So much is taken of it, if there is anything left. */
  readonly ask?: { readonly of: BucketName; readonly amount: number };
}

export const callersLimits = {
  /** How often a caller's figures are told and heard at most, while it asks for anything. */
  settleMs: 200,
  /** How long what others have under way counts without being heard anew. */
  heardMs: 1_000,
  /** Who was not heard of for so long has nothing under way. */
  forgottenMs: 3_000,
  /** Callers in one round trip. */
  atOnce: 100,
} as const;

/** Settles what processes spent of callers' budgets: one key and one line of the message for each caller. */
export const callersFunction: EngineFunction = {
  name: "callers",
  lua: `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local m = cjson.decode(ARGV[1])

local function settle(s, c)
  if type(s.since) ~= 'string' then error('spoilt') end
  local isApart = c.isApart or (c.since and c.since ~= s.since)
  local reply, fullMs = { since = s.since, levels = {} }, 0
  for name, told in pairs(c.buckets) do
    local b = s.buckets[name] or { level = told.most, at = now }
    if not (math.abs(b.level) < math.huge) then error('spoilt') end
    -- Neither more than there can be, nor so little that a figure of somebody else's would keep a caller out for longer than a minute.
    b.level = math.min(told.most, math.max(-told.most, b.level) + math.max(0, now - b.at) * told.most / 60000)
    b.at = now
    if isApart then b.level = math.min(b.level, told.level) else b.level = b.level - told.spent end
    if c.ask and c.ask.of == name then
      reply.isLet = b.level >= 1
      if reply.isLet then b.level = b.level - c.ask.amount end
    end
    s.buckets[name] = b
    reply.levels[name] = b.level
    fullMs = math.max(fullMs, (told.most - b.level) * 60000 / told.most)
  end
  s.underWay[m.id] = c.underWay > 0 and { count = c.underWay, at = now } or nil
  reply.others = 0
  for id, under in pairs(s.underWay) do
    if math.abs(now - under.at) > ${callersLimits.forgottenMs} or under.count < 0 then s.underWay[id] = nil
    elseif id ~= m.id then reply.others = reply.others + under.count end
  end
  return reply, math.floor(math.min(fullMs, 86400000)) + 60000
end

-- What cannot be told, as what is no number, does not count either.
local function settled(s, c)
  local reply, keptMs = settle(s, c)
  return cjson.encode(reply), keptMs
end

local replies = {}
for index, c in ipairs(m.callers) do
  local raw = redis.pcall('GET', KEYS[index])
  local isRead, s = false, nil
  if type(raw) == 'string' then isRead, s = pcall(cmsgpack.unpack, raw) end
  local isDone, reply, keptMs = false, nil, nil
  if isRead then isDone, reply, keptMs = pcall(settled, s, c) end
  if not isDone then
    s = { since = string.format('%.0f.', now) .. m.id, buckets = {}, underWay = {} }
    reply, keptMs = settled(s, c)
  end
  redis.call('SET', KEYS[index], cmsgpack.pack(s), 'PX', keptMs)
  replies[index] = reply
end
return '[' .. table.concat(replies, ',') .. ']'
`,
};

const settledShape = z.object({
  since: z.string(),
  levels: z.object({ cost: z.number(), writes: z.number(), dryRuns: z.number() }).partial(),
  /** Operations that other processes have under way. */
  others: z.number().nonnegative(),
  isLet: z.boolean().optional(),
});
export type Settled = z.output<typeof settledShape>;

/** What was answered of each caller; `null` where it is nothing of the kind. */
export function readSettled(reply: EngineReply, callers: number): readonly Settled[] | null {
  if (!Buffer.isBuffer(reply)) return null;
  let parsed: unknown;
  try {
    parsed = JSON.parse(reply.toString());
  } catch {
    return null;
  }
  const { success, data } = z.array(settledShape).length(callers).safeParse(parsed);
  return success ? data : null;
}
