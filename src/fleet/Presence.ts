import type { EngineClock } from "./EngineClock.js";
import type { EngineFunction, EngineReply } from "./FleetEngine.js";
import { mending } from "./mending.js";

/** Where it stands who is here, by the moment that each was last heard of. */
export const presenceParts = ["fleet", "processes"] as const;

/** Who was not heard of for so long is forgotten. */
export const forgottenAfterMs = 3_000;

/** Says that we are here, and answers with the engine's time and with who else is. */
const hereFunction: EngineFunction = {
  name: "here",
  lua: mending(`
local time = redis.call("TIME")
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local lost = redis.call("ZADD", KEYS[1], now, ARGV[1]) + redis.call("ZREMRANGEBYSCORE", KEYS[1], now + 1000, "+inf")
redis.call("ZREMRANGEBYSCORE", KEYS[1], "-inf", now - tonumber(ARGV[2]))
redis.call("PEXPIRE", KEYS[1], 60000)
return {now, lost, redis.call("ZRANGE", KEYS[1], 0, -1)}`),
};

type Run = (
  script: EngineFunction,
  keys: readonly string[],
  args: readonly (string | number)[],
) => Promise<EngineReply>;

/**
 * Which processes of the deployment there are, each known by its heartbeat. It stands there with a mark that only one of ours can make
 * of its id: others are none.
 */
export class Presence {
  readonly #processId: string;
  readonly #key: string;
  readonly #time: EngineClock;
  readonly #now: () => number;
  readonly #markOf: (processId: string) => string;
  readonly #member: string;
  #present: ReadonlySet<string>;
  #wasHeard = false;
  /** Who was there before the engine went away: it may have forgotten them, and they may not have said so again yet. */
  #held: { readonly ids: ReadonlySet<string>; readonly untilMs: number } | null = null;

  constructor(options: {
    readonly processId: string;
    readonly key: string;
    readonly time: EngineClock;
    now(): number;
    /** What nobody makes of an id who does not know what the processes share. */
    markOf(processId: string): string;
  }) {
    this.#processId = options.processId;
    this.#key = options.key;
    this.#time = options.time;
    this.#now = options.now;
    this.#markOf = options.markOf;
    this.#member = this.#memberOf(options.processId);
    this.#present = new Set([options.processId]);
  }

  /** Whether the engine has ever told who is there. */
  get wasHeard(): boolean {
    return this.#wasHeard;
  }

  /** This process among them; as they were last heard of. */
  get present(): ReadonlySet<string> {
    return this.#present;
  }

  /** One heartbeat. `false`: the answer was none. */
  async beat(run: Run): Promise<boolean> {
    const sentMs = this.#now();
    const reply = await run(hereFunction, [this.#key], [this.#member, forgottenAfterMs]);
    const receivedMs = this.#now();
    if (!Array.isArray(reply)) return false;
    const [engineMs, lost, ids] = reply;
    if (typeof engineMs !== "number" || !Array.isArray(ids)) return false;
    this.#time.take(engineMs, sentMs, receivedMs);
    this.#wasHeard = true;
    // It forgot us, and so perhaps the others; or its clock was set back.
    if (lost !== 0) this.hold();
    if (this.#held !== null && this.#held.untilMs <= receivedMs) this.#held = null;
    this.#present = new Set([this.#processId, ...this.#ofOurs(ids), ...(this.#held?.ids ?? [])]);
    return true;
  }

  /** Who was there counts until they had time to say so again. */
  hold(): void {
    this.#held = { ids: this.#present, untilMs: this.#now() + forgottenAfterMs };
  }

  /** What is sent last. */
  get leaving(): readonly [command: string, ...args: string[]] {
    return ["ZREM", this.#key, this.#member];
  }

  #memberOf(processId: string): string {
    return `${processId}.${this.#markOf(processId)}`;
  }

  #ofOurs(members: readonly EngineReply[]): readonly string[] {
    return members.map(String).flatMap((member) => {
      const [processId = ""] = member.split(".");
      return member === this.#memberOf(processId) ? [processId] : [];
    });
  }
}
