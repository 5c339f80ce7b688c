import type { Clock } from "../../domain/Clock.js";
import { SiteError } from "../../domain/SiteError.js";
import type { EngineFunction } from "../../fleet/FleetEngine.js";
import type { Fleet } from "./shared/SharedBudget.js";

const minuteMs = 60_000;

/** One turn among those of all processes: how far off it is, and whether it was taken, which it is not where that is too far. */
const turnFunction: EngineFunction = {
  name: "minute",
  lua: `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local most, maxWait = tonumber(ARGV[1]), tonumber(ARGV[2])
local raw = redis.pcall('GET', KEYS[1])
local isRead, known = false, nil
if type(raw) == 'string' then isRead, known = pcall(cmsgpack.unpack, raw) end
local turns = {}
if isRead and type(known) == 'table' then
  for _, at in ipairs(known) do
    -- One that is further off than anybody waits is of a clock that was set back.
    if type(at) == 'number' and at > now - ${minuteMs} and at < now + 10 * ${minuteMs} then turns[#turns + 1] = at end
  end
end
local before = turns[#turns - most + 1]
local at = before and math.max(now, before + ${minuteMs}) or now
if at - now > maxWait then return { 0, at - now } end
turns[#turns + 1] = at
redis.call('SET', KEYS[1], cmsgpack.pack(turns), 'PX', 20 * ${minuteMs})
return { 1, at - now }
`,
};

interface RateLimiterOptions {
  readonly callsAMinute: number;
  readonly clock: Clock;
  /** The other processes that call the upstream; none unless they are said. */
  readonly fleet?: Fleet | null;
}

/**
 * At most so many calls in any minute, for an upstream that counts by the minute: of all processes together, or of its share where
 * one is by itself. The calls of a fresh minute go at once; one whose turn is further off than it may wait fails with `Throttled`
 * and says when.
 */
export class RateLimiter {
  readonly #clock: Clock;
  readonly #callsAMinute: number;
  readonly #fleet: Fleet | null;
  /** When each of the last calls went, or is to go; oldest first. */
  #turns: number[] = [];

  constructor({ callsAMinute, clock, fleet = null }: RateLimiterOptions) {
    this.#clock = clock;
    this.#callsAMinute = callsAMinute;
    this.#fleet = fleet;
  }

  /** Waits for a turn, at most `maxWaitMs`. */
  async take(call: string, maxWaitMs: number): Promise<void> {
    const { isTaken, waitMs } =
      this.#fleet === null ? this.#take(maxWaitMs, 1) : await this.#takeOfAll(this.#fleet, maxWaitMs);
    if (!isTaken) {
      throw new SiteError(
        "Throttled",
        `${call} is held to ${this.#callsAMinute} calls a minute, and the next turn is ${Math.ceil(waitMs / 1_000)} s away. Ask for fewer at once, or again later.`,
        { call, retryAfterMs: Math.ceil(waitMs) },
      );
    }
    if (waitMs > 0) await this.#clock.sleep(waitMs);
  }

  async #takeOfAll({ engine, scope }: Fleet, maxWaitMs: number) {
    if (engine.isThere) {
      const keys = [engine.key(scope, "minute", String(this.#callsAMinute))];
      const reply = await engine.run(turnFunction, keys, [this.#callsAMinute, maxWaitMs]).catch(() => null);
      if (Array.isArray(reply)) {
        const [taken, waitMs] = reply;
        if (typeof waitMs === "number") {
          const isTaken = taken === 1;
          // For the time when it is by itself.
          if (isTaken) this.#turns.push(this.#clock.now() + waitMs);
          return { isTaken, waitMs };
        }
      }
    }
    return this.#take(maxWaitMs, engine.processes);
  }

  #take(maxWaitMs: number, parts: number): { readonly isTaken: boolean; readonly waitMs: number } {
    const now = this.#clock.now();
    this.#turns = this.#turns.filter((atMs) => atMs > now - minuteMs);
    const before = this.#turns.at(-Math.max(1, Math.floor(this.#callsAMinute / parts)));
    const turnMs = before === undefined ? now : Math.max(now, before + minuteMs);
    const waitMs = turnMs - now;
    const isTaken = waitMs <= maxWaitMs;
    if (isTaken) this.#turns.push(turnMs);
    return { isTaken, waitMs };
  }
}
