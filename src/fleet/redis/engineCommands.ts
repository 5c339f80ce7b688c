import type { EngineAddress } from "../../config/fleet/FleetConfig.js";
import type { EngineArgument } from "../FleetEngine.js";

/**
 * Every command that processes use, by itself or in a function, and how to try it on the text that stands under a key: what wants
 * something else there is refused by its kind only where the user may run it at all, so that nothing is left of the trial. In the
 * order in which to try them: the last takes the text away.
 */
export const engineCommands: Readonly<Record<string, (key: string) => readonly EngineArgument[]>> = {
  PING: () => [],
  TIME: () => [],
  SET: (key) => [key, "tried", "PX", 60_000],
  GET: (key) => [key],
  PTTL: (key) => [key],
  PEXPIRE: (key) => [key, 60_000],
  HDEL: (key) => [key, "a"],
  HEXISTS: (key) => [key, "a"],
  HGET: (key) => [key, "a"],
  HGETALL: (key) => [key],
  HINCRBY: (key) => [key, "a", 1],
  HLEN: (key) => [key],
  HMGET: (key) => [key, "a"],
  HSET: (key) => [key, "a", "b"],
  LRANGE: (key) => [key, 0, -1],
  LTRIM: (key) => [key, -1, -1],
  RPUSH: (key) => [key, "a"],
  XADD: (key) => [key, "*", "a", "b"],
  XRANGE: (key) => [key, "-", "+", "COUNT", 1],
  XREAD: (key) => ["COUNT", 1, "STREAMS", key, "0"],
  XREVRANGE: (key) => [key, "+", "-", "COUNT", 1],
  ZADD: (key) => [key, 1, "a"],
  ZCARD: (key) => [key],
  ZCOUNT: (key) => [key, "-inf", "+inf"],
  ZRANGE: (key) => [key, 0, -1],
  ZRANGEBYSCORE: (key) => [key, "-inf", "+inf"],
  ZREM: (key) => [key, "a"],
  ZREMRANGEBYSCORE: (key) => [key, 1, 1],
  // A hash of nothing: who may run it is told that it is not known.
  EVALSHA: (key) => ["0".repeat(40), 1, key],
  EVAL: (key) => ["return 1", 1, key],
  DEL: (key) => [key],
};

/** All that a user of the engine needs, as its access list is written. */
export function leastRules({ isCluster, database }: Pick<EngineAddress, "isCluster" | "database">): string {
  const connecting = [...(isCluster ? ["cluster|slots", "asking"] : []), ...(database === 0 ? [] : ["select"])];
  const commands = [...Object.keys(engineCommands).map((name) => name.toLowerCase()), ...connecting];
  return ["~cag:*", ...commands.map((name) => `+${name}`)].join(" ");
}
