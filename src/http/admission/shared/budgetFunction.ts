import type { EngineFunction } from "../../../fleet/FleetEngine.js";
import { admissionLimits, sharingLimits } from "../../limits.js";
import { passedOverAtMost } from "../TurnQueue.js";

/**
 * One turn of a process: it tells what it has in flight, who waits and what it has seen since, and is granted what may go now.
 *
 * The rules are those of one process (`AdaptiveWindow`, `Throttles`, `Pace`, `BackgroundShare`, `RetryBudget`, `TurnQueue`), over what
 * all have in flight. What a process has is told anew in each turn and never counted up, so that whatever was lost on the way mends
 * itself. All times are the engine's; what comes in and goes out are durations. Free slots go one by one to the earliest rank that
 * anybody waits in, there to who has the fewest in flight; what would go to others is left to them, and they ask for it soon.
 */
export const budgetFunction: EngineFunction = {
  name: "budget",
  lua: `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local m = cjson.decode(ARGV[1])

local function anew()
  return { since = string.format('%.0f.', now) .. m.id, procs = {}, routes = {}, site = 0, round = 0, throttled = 0,
    answered = 0, used = 0, cost = 1, seq = 0, passed = { 0, 0, 0, 0 } }
end

local function turn(s)
  -- Who was heard of lately. While processes are configured differently, the least counts for all: else one would wait for what others hold.
  local me = s.procs[m.id] or { seq = 0 }
  me.f, me.b, me.fresh, me.w, me.at, me.id, me.most = m.f, m.b, m.fresh, m.w, now, m.id, m.most
  s.procs[m.id] = me
  local most = m.most
  for id, p in pairs(s.procs) do
    -- With less than nothing in flight, one that is none of ours would let others have more than there is.
    if math.abs(now - p.at) > ${sharingLimits.forgottenMs} or p.f < 0 or p.b < 0 then s.procs[id] = nil else most = math.min(most, p.most) end
  end

  -- How many may be in flight: AdaptiveWindow. No size: as many as are configured.
  local function throttled(round)
    if round < s.round then
      if round == s.round - 1 then s.throttled = s.throttled + 1 end
      return
    end
    s.round, s.throttled, s.answered = round + 1, 1, 0
    s.before = math.min(s.size or most, most)
    s.size = math.max(math.min(2, most), s.before / 2)
  end
  local function answered(round)
    if round < s.round or not s.size or s.size >= most then return end
    s.answered = s.answered + 1
    if s.throttled == 1 and s.answered >= s.before / 2 then
      s.throttled, s.size = 0, math.max(s.size, s.before)
      return
    end
    s.size = math.min(most, s.size + math.min(1, math.max(1, (s.before - s.size) / 2) / s.size))
  end

  -- What a site's wish to be left alone covers: Throttles.
  local function routeOf(call)
    s.routes[call] = s.routes[call] or { till = 0, suspected = false }
    return s.routes[call]
  end
  local function close(place, key, ms)
    place[key] = math.max(place[key], now + math.min(ms, ${admissionLimits.maxPauseMs}))
  end
  local function note(call, ms, reach)
    if ms <= 0 then return end
    if reach == 'site' then close(s, 'site', ms) return end
    local route = routeOf(call)
    if reach == 'call' then close(route, 'till', ms) return end
    if s.last and s.last ~= call then close(s, 'site', ms)
    elseif route.suspected then close(route, 'till', ms) end
    route.suspected = true
    s.last = call
  end

  -- What the site tells of its quota: Pace and BackgroundShare.
  local function renewedAt(t) return t.reset or (t.at + (t.interval or 0)) end
  local function observe(t, isBackground)
    local before, at = s.told, now - t.ago
    -- Of a clock that was set back since.
    if before and before.at > now then before = nil end
    -- Processes tell what they saw a moment later: what was seen last counts, and of one moment the least.
    if before and at < before.at then return end
    if before and at == before.at and before.left and t.left then t.left = math.min(t.left, before.left) end
    s.told = { limit = t.limit, left = t.left, reset = t.resetIn and at + t.resetIn, units = t.units,
      interval = t.interval, near = t.near, at = at }
    if not t.left then return end
    if t.left > 0 then s.doubted = nil
    elseif before and before.left == 0 and at >= renewedAt(before) and (t.units or t.limit or 2) > 1 then s.doubted = true end
    if not before or not before.left then return end
    if before.reset and before.reset <= at then s.used = 0 return end
    local gone = before.left - t.left
    if gone < 0 then s.used = math.max(0, s.used + gone)
    elseif isBackground and gone > 0 then s.used, s.cost = s.used + gone, gone end
  end
  local function paceAt(inFlight)
    local t = s.told
    if not t or not t.left or s.doubted or t.left > inFlight then return 0 end
    local renewed = renewedAt(t)
    if renewed <= now then return 0 end
    if inFlight > 0 then return math.huge end
    if t.left > 0 or renewed - now > ${admissionLimits.quotaWaitMs} then return 0 end
    return renewed
  end
  local function backgroundAt(inFlight)
    if inFlight >= math.max(1, math.floor(m.share * most)) then return math.huge end
    local t = s.told
    if not t or not t.left or (t.reset and t.reset <= now) then return 0 end
    if s.used + (inFlight + 1) * s.cost <= m.share * (t.left + s.used) then return 0 end
    if t.reset then return t.reset end
    return inFlight > 0 and math.huge or t.at + ${admissionLimits.quotaLookMs}
  end

  -- Nothing is closed for longer than anybody may have asked for: the engine's clock was set back.
  local function isOpen(till) return till <= now or till > now + ${2 * admissionLimits.maxPauseMs} end
  if isOpen(s.site) then s.site = 0 end

  local isLost = m.since and m.since ~= s.since
  if m.hint then s.size, s.before = math.min(s.size or most, m.hint), s.before or most end
  for _, e in ipairs(m.seen) do
    if e.k == 'a' then
      if e.round then answered(e.round) end
      s.last = nil
      if s.routes[e.call] then s.routes[e.call].suspected = false end
    elseif e.k == 't' then
      throttled(e.round or s.round)
      note(e.call, e.ms, e.reach)
    elseif e.k == 'h' then observe(e, e.b)
    elseif e.k == 's' then close(s, 'site', e.ms)
    elseif e.k == 'r' then close(routeOf(e.call), 'till', e.ms) end
  end
  s.retries = math.max(-m.retriesMost, math.min(m.retriesMost, (s.retries or m.retriesMost) + m.retries))

  -- Each counts with what it has in flight, and with what it waits for where it was heard of just now.
  local total, background, fresh, known, active, others = 0, 0, 0, 0, 0, 0
  local sum, has, wants = { 0, 0, 0, 0 }, {}, {}
  for id, p in pairs(s.procs) do
    known, total, background, fresh = known + 1, total + p.f, background + p.b, fresh + p.fresh
    has[id] = p.f
    local isClaimed = math.abs(now - p.at) <= ${sharingLimits.claimMs}
    wants[id] = {}
    local waiting = 0
    for rank = 1, 4 do
      wants[id][rank] = isClaimed and p.w[rank] or 0
      sum[rank] = sum[rank] + wants[id][rank]
      waiting = waiting + wants[id][rank]
    end
    if waiting + p.f > 0 then active = active + 1 end
    if id ~= m.id then others = others + waiting end
  end
  local size = math.max(1, math.floor(math.min(s.size or most, most)))
  -- Some that are still by themselves have calls in flight that nobody told here: their shares are left to them.
  local part = size
  local isSettled = not m.expected or known >= m.expected
  if m.expected and not isSettled and (isLost or m.settling) then part = math.max(1, math.floor(size / m.expected)) end

  local granted, look = { 0, 0, 0, 0 }, nil
  local mine = wants[m.id][1] + wants[m.id][2] + wants[m.id][3] + wants[m.id][4]
  local inFlight, taken, passed = total, total, { unpack(s.passed) }
  local fair = math.floor(size / math.max(1, active))
  local turns = math.max(${passedOverAtMost}, 2 * active)
  local function isBefore(p, q)
    if has[p.id] ~= has[q.id] then return has[p.id] < has[q.id] end
    -- Its own slot goes on within its share: handed over, it would stand idle until the other asks. But not for ever.
    if p.id == m.id and has[p.id] < fair and s.seq - q.seq < turns then return true end
    if q.id == m.id and has[q.id] < fair and s.seq - p.seq < turns then return false end
    if p.seq ~= q.seq then return p.seq < q.seq end
    return p.id < q.id
  end
  if s.site > now then mine = 0 end
  while mine > 0 and taken < size and me.f < part do
    local at = paceAt(taken)
    if at > now then look = at break end
    local rank
    if sum[3] > 0 and passed[3] >= ${passedOverAtMost} then rank = 3
    elseif sum[2] > 0 and passed[2] >= ${passedOverAtMost} then rank = 2
    else
      rank = 1
      while sum[rank] == 0 do rank = rank + 1 end
    end
    if rank == 4 then
      at = backgroundAt(background)
      if at > now then look = at break end
      background = background + 1
    end
    local next
    for id, p in pairs(s.procs) do
      if wants[id][rank] > 0 and (not next or isBefore(p, next)) then next = p end
    end
    local isMine = next.id == m.id
    for later = 2, 3 do
      if later > rank and sum[later] > 0 then
        passed[later] = passed[later] + 1
        if isMine then s.passed[later] = s.passed[later] + 1 end
      end
    end
    passed[rank] = 0
    if isMine then
      s.passed[rank] = 0
      s.seq = s.seq + 1
      me.seq, me.f, me.w[rank] = s.seq, me.f + 1, me.w[rank] - 1
      if rank == 4 then me.b = me.b + 1 end
      granted[rank] = granted[rank] + 1
      total = total + 1
      mine = mine - 1
    end
    has[next.id] = has[next.id] + 1
    wants[next.id][rank] = wants[next.id][rank] - 1
    sum[rank] = sum[rank] - 1
    taken = taken + 1
  end

  -- Which of them go is decided there: no more of those that want nothing read before than wait.
  me.fresh = m.fresh + math.min(total - inFlight, m.freshReady)

  local closed = {}
  for call, route in pairs(s.routes) do
    if not isOpen(route.till) then closed[#closed + 1] = { call, route.till - now }
    elseif not route.suspected then s.routes[call] = nil end
  end
  local t = s.told
  return { granted = granted, since = s.since, size = size, round = s.round, total = total, known = known, others = others,
    fresh = fresh - m.fresh, site = math.max(0, s.site - now), routes = closed, retries = s.retries,
    settled = isSettled, look = look and look < math.huge and look - now or nil,
    told = t and { limit = t.limit, left = t.left, resetIn = t.reset and t.reset - now, units = t.units,
      interval = t.interval, near = t.near, ago = math.max(0, now - t.at) } or nil }
end

local raw = redis.pcall('GET', KEYS[1])
local isRead, s = false, nil
if type(raw) == 'string' then isRead, s = pcall(cmsgpack.unpack, raw) end
if not isRead or type(s) ~= 'table' then s = anew() end
local function answer()
  local reply = turn(s)
  return cjson.encode(reply), cmsgpack.pack(s)
end
local isDone, reply, kept = pcall(answer)
if not isDone then
  -- What stands there is not what was written: nothing of it counts.
  s = anew()
  reply, kept = answer()
end
redis.call('SET', KEYS[1], kept, 'PX', ${sharingLimits.keptMs})
return reply
`,
};

/** Has all processes tell anew. */
export const dropFunction: EngineFunction = { name: "budget drop", lua: "return redis.call('DEL', KEYS[1])" };
