import type { EngineFunction } from "../../fleet/FleetEngine.js";
import { mending } from "../../fleet/mending.js";

/*
 * Of one site: `lease` names the process that reads it. `state` counts leases (`fence`), writes (`seq`) and how often all parts were
 * void (`voids`), names the collection (`life`) and tells up to which change the parts are right (`upTo`). `parts` holds the parts by
 * name, and `log` the number of the last write of each: whoever knows all up to a number asks for those beyond it, and whoever knows
 * none asks for all. So there is nothing that can overflow, and a snapshot is what was changed since the beginning.
 */

/** What one turn tells at most, in bytes of parts; one part is told however large. */
const bytesATurn = 1_048_576;
const partsATurn = 256;

/**
 * KEYS lease, state, log, parts. ARGV process, wants the lease, length of the lease, life, since, name of a new life, length of life,
 * fence. Answers: is it ours, fence, life, voids, upTo, how many are beyond, the last number, then name, number and value of each part;
 * none to whoever still has the lease of that fence, and has written them all.
 */
export const turnFunction: EngineFunction = {
  name: "crawl turn",
  lua: mending(`
local holder = redis.call('GET', KEYS[1])
-- No process takes it for ever, or for longer than it lasts: it is nobody's.
local lasts = holder and redis.call('PTTL', KEYS[1])
if holder and holder ~= ARGV[1] and (lasts < 0 or lasts > 10 * tonumber(ARGV[3])) then holder = false end
local ours = 0
if holder == ARGV[1] then
  ours = 1
  redis.call('PEXPIRE', KEYS[1], ARGV[3])
elseif not holder and ARGV[2] == '1' then
  ours = 1
  redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[3])
  redis.call('HINCRBY', KEYS[2], 'fence', 1)
end
if ours == 1 then
  local life = redis.call('HGET', KEYS[2], 'life')
  if not life or redis.call('HLEN', KEYS[4]) ~= redis.call('ZCARD', KEYS[3]) then
    redis.call('DEL', KEYS[3], KEYS[4])
    redis.call('HDEL', KEYS[2], 'upTo', 'seq')
    redis.call('HSET', KEYS[2], 'life', ARGV[6])
    if redis.call('HEXISTS', KEYS[2], 'fence') == 0 then redis.call('HSET', KEYS[2], 'fence', 1) end
  end
  for i = 2, 4 do redis.call('PEXPIRE', KEYS[i], ARGV[7]) end
end
local told = redis.call('HMGET', KEYS[2], 'fence', 'life', 'voids', 'upTo', 'seq')
local since = ARGV[5]
if told[2] ~= ARGV[4] then since = '0'
elseif ours == 1 and told[1] == ARGV[8] then since = told[5] or '0' end
local beyond = redis.call('ZCOUNT', KEYS[3], '(' .. since, '+inf')
local answer = { ours, told[1] or '0', told[2] or '', told[3] or '0', told[4] or '', beyond, since }
local bytes = 0
local names = redis.call('ZRANGEBYSCORE', KEYS[3], '(' .. since, '+inf', 'WITHSCORES', 'LIMIT', 0, ${partsATurn})
for i = 1, #names, 2 do
  local value = redis.call('HGET', KEYS[4], names[i]) or ''
  answer[#answer + 1] = names[i]
  answer[#answer + 1] = names[i + 1]
  answer[#answer + 1] = value
  bytes = bytes + #value
  if bytes >= ${bytesATurn} then break end
end
return answer`),
};

/** KEYS as above. ARGV process, fence, upTo or nothing, length of the lease, then name and value of each part. Answers whether the lease still was ours. */
export const writeFunction: EngineFunction = {
  name: "crawl write",
  lua: mending(`
if redis.call('GET', KEYS[1]) ~= ARGV[1] or redis.call('HGET', KEYS[2], 'fence') ~= ARGV[2] then return 0 end
for i = 5, #ARGV, 2 do
  redis.call('HSET', KEYS[4], ARGV[i], ARGV[i + 1])
  redis.call('ZADD', KEYS[3], redis.call('HINCRBY', KEYS[2], 'seq', 1), ARGV[i])
end
if ARGV[3] ~= '' then redis.call('HSET', KEYS[2], 'upTo', ARGV[3]) end
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return 1`),
};

/**
 * KEYS as above. ARGV process, name of a new life, 1 where what was taken over from here counts no more either. Answers whether the
 * lease was ours.
 */
export const voidFunction: EngineFunction = {
  name: "crawl void",
  lua: mending(`
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[3], KEYS[4])
redis.call('HDEL', KEYS[2], 'upTo', 'seq')
redis.call('HSET', KEYS[2], 'life', ARGV[2])
redis.call('HINCRBY', KEYS[2], 'voids', ARGV[3])
return 1`),
};

/** KEYS lease. ARGV process. */
export const leaveFunction: EngineFunction = {
  name: "crawl leave",
  lua: mending(`
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0`),
};
