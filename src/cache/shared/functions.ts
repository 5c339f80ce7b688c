import type { EngineFunction } from "../../fleet/FleetEngine.js";
import { mending } from "../../fleet/mending.js";
import { readEras } from "./Era.js";

/** What `look` answers with for one thing, beside its bytes and who holds its lease. */
export const lookCodes = { stillHeld: 0, ours: 1, more: 2, none: 3 } as const;

/** How `look` is asked for the lease of a thing, whatever is there. */
export const leaseOnly = "!";
/** How it is asked for a thing that nobody would read for it. */
export const noLease = "?";

/**
 * Looks for things in one step, and takes the lease of each that is not there, so that one process reads it.
 *
 * Keys: that of the eras, then for each thing its own and its lease's. Arguments: our token, how long a lease lasts, how many bytes may
 * be answered with, an era for where there is none, how long that lasts; then for each thing nothing, `!` where only its lease
 * is wanted, `?` where that is not, or who held it when it was last looked for.
 * Answer: the eras, then for each thing its bytes; or in brackets who holds its lease; or a code: they still do, we have it
 * now, there is more than may be answered with at once, or nothing is there.
 */
export const look: EngineFunction = {
  name: "look",
  lua: mending(`${readEras("ARGV[4]", "ARGV[5]")}
local room = tonumber(ARGV[3])
local out = {eras}
for i = 1, (#KEYS - 1) / 2 do
  local key, lease, asked = KEYS[2 * i], KEYS[2 * i + 1], ARGV[5 + i]
  local holder = redis.call('GET', lease)
  -- No process takes one for ever: it is nobody's.
  if holder and redis.call('PTTL', lease) < 0 then holder = false end
  if asked ~= '' and asked == holder then
    out[1 + i] = ${lookCodes.stillHeld}
  else
    local value = asked ~= '${leaseOnly}' and redis.call('GET', key)
    if value and room <= 0 then
      out[1 + i] = ${lookCodes.more}
    elseif value then
      room = room - #value
      out[1 + i] = value
    elseif asked == '${noLease}' then
      out[1 + i] = ${lookCodes.none}
    elseif holder then
      out[1 + i] = {holder}
    else
      redis.call('SET', lease, ARGV[1], 'PX', ARGV[2])
      out[1 + i] = ${lookCodes.ours}
    end
  end
end
return out`),
};

/** Has leases last on that are still ours. Keys: the leases. Arguments: how long, then the token of each. */
export const keep: EngineFunction = {
  name: "keep",
  lua: mending(`
for i = 1, #KEYS do
  if redis.call('GET', KEYS[i]) == ARGV[1 + i] then redis.call('PEXPIRE', KEYS[i], ARGV[1]) end
end
return #KEYS`),
};

/**
 * Puts things there and ends their leases, in one step. Keys: for each thing its own and its lease's. Arguments: for each its bytes, or
 * nothing where only the lease ends; how long they last; and the token of the lease, or nothing.
 */
export const put: EngineFunction = {
  name: "put",
  lua: mending(`
for i = 1, #KEYS / 2 do
  local key, lease, value, token = KEYS[2 * i - 1], KEYS[2 * i], ARGV[3 * i - 2], ARGV[3 * i]
  if value ~= '' then redis.call('SET', key, value, 'PX', ARGV[3 * i - 1]) end
  if token ~= '' and redis.call('GET', lease) == token then redis.call('DEL', lease) end
end
return #KEYS / 2`),
};
