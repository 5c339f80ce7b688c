import type { EngineFunction } from "../../fleet/FleetEngine.js";
import { mending } from "../../fleet/mending.js";

// An entry of the stream has the id `n-0`, `e` its epoch, `r` something random that tells it from any other that ever had its
// number, and `b` what is told, sealed for that place in that epoch and behind the entry before it: whoever writes here can put nothing
// else into its place, nor it anywhere else. The first of an epoch has no `b`, and has `x` where it began for something that was lost while others
// were heard of. Everything is in the entries, so that nothing can be lost of the
// stream without being seen: there is no counter beside them that could outlive them.

const shared = `
local function text(number) return string.format('%.0f', number) end
local function place(entry)
  local found = { n = tonumber(string.match(entry[1], '^(%d+)%-0$') or '') }
  for i = 1, #entry[2], 2 do found[entry[2][i]] = entry[2][i + 1] end
  return found
end
local function begin(epoch, random, ...)
  redis.call('DEL', KEYS[1])
  redis.call('XADD', KEYS[1], '1-0', 'e', epoch, 'r', random, ...)
  return { n = 1, e = epoch, r = random }
end
local function tail(epoch, random)
  local last = redis.pcall('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)
  local found = last[1] and place(last[1])
  -- What nobody of ours can have put there would be an error for ever, or stand in the headers of answers.
  local isOurs = found and found.n and found.n < 1e15 and found.r and string.match(found.e or '', '^[%w_-]+$') and #found.e <= 64
  return isOurs and found or begin(epoch, random)
end
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
`;

/**
 * How far a process is, and what has come since. Where it heard what is not there any more, as after a failover, the stream begins
 * anew: others may never have heard that, and its numbers are given again. Keys: stream, followers, its own bell, and the bells of those whose
 * changes it has taken in since it was here last. Arguments: its id; epoch, number and random of what it heard last; how many entries at most; epoch and random of
 * a stream that would have to be begun; and how far it is, as the others are told. Answers whether the stream goes on from there, its tail, the entries, all followers
 * with the moment and what each told; and what tells the first entry of the epoch, where that is still there and has no `x`.
 */
export const follow: EngineFunction = {
  name: "follow",
  lua: mending(
    `${shared}
local me, epoch, n, random = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4]
local last = tail(ARGV[6], ARGV[7])
redis.call('HSET', KEYS[2], me, text(now) .. ' ' .. ARGV[8])
redis.call('PEXPIRE', KEYS[2], 60000)
-- Nobody looks any more: of a deployment that is gone, or whose key was changed.
redis.call('PEXPIRE', KEYS[1], 604800000)
-- It is listened to next.
redis.call('XREVRANGE', KEYS[3], '+', '-', 'COUNT', 1)
for i = 4, #KEYS do
  redis.call('XADD', KEYS[i], 'MAXLEN', '~', 16, '*', 'p', me)
  redis.call('PEXPIRE', KEYS[i], 60000)
end
local goesOn = 0
local entries = {}
if last.e == epoch then
  local heard = redis.call('XRANGE', KEYS[1], text(n) .. '-0', text(n) .. '-0')
  local isThere = #heard == 1 and place(heard[1]).r == random
  if isThere then
    goesOn = 1
    entries = redis.call('XRANGE', KEYS[1], text(n + 1) .. '-0', '+', 'COUNT', ARGV[5])
  elseif n > last.n or #heard == 1 then
    last = begin(ARGV[6], ARGV[7], 'x', '1')
  end
end
local followers = redis.call('HGETALL', KEYS[2])
for i = 1, #followers, 2 do
  local toldAt = tonumber(string.match(followers[i + 1], '^(%d+) ') or '0')
  if now - toldAt > 10000 then redis.call('HDEL', KEYS[2], followers[i])
  -- The engine's clock was set back: it counts as told now, and is as old as any other in a while.
  elseif toldAt > now then redis.call('HSET', KEYS[2], followers[i], text(now) .. string.sub(followers[i + 1], string.find(followers[i + 1], ' '), -1)) end
end
local first = redis.call('XRANGE', KEYS[1], '1-0', '1-0')
if #first == 1 then first = place(first[1]) end
return { goesOn, last.e, text(last.n), last.r, entries, followers, not first.x and first.r or '' }
`,
    // The stream looks after itself, and is not to be lost for what stands beside it.
    2,
  ),
};

/**
 * Adds to the stream. Keys: stream, followers. Arguments: how many entries it holds at least; epoch and random of a stream that would
 * have to be begun; 1 where it is to be begun anew; epoch, number and random of the entry that they come behind; and random and text of
 * each entry. Answers all followers; or nothing where another entry is the last, and nothing was added.
 */
export const append: EngineFunction = {
  name: "append",
  lua: `${shared}
-- Before anything is added.
if redis.pcall('HGETALL', KEYS[2]).err then redis.call('DEL', KEYS[2]) end
local last
if ARGV[4] == '1' then last = begin(ARGV[2], ARGV[3], 'x', '1') else last = tail(ARGV[2], ARGV[3]) end
if last.e ~= ARGV[5] or text(last.n) ~= ARGV[6] or last.r ~= ARGV[7] then return false end
local n = last.n
for i = 8, #ARGV, 2 do
  n = n + 1
  redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[1], text(n) .. '-0', 'e', last.e, 'r', ARGV[i], 'b', ARGV[i + 1])
end
return redis.call('HGETALL', KEYS[2])
`,
};

/** Who stops is waited for no longer. Keys: followers. Arguments: its id, and that it leaves, as the others are told. */
export const leave: EngineFunction = {
  name: "leave",
  lua: mending(`
local time = redis.call('TIME')
redis.call('HSET', KEYS[1], ARGV[1], time[1] .. '000 ' .. ARGV[2])
return redis.call('PEXPIRE', KEYS[1], 60000)`),
};
