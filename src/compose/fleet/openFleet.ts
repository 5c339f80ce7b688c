import type { Config } from "../../config/Config.js";
import { type SiteConfig, secretsOf } from "../../config/sites/SiteConfig.js";
import type { Clock } from "../../domain/Clock.js";
import type { RedisEngine } from "../../fleet/RedisEngine.js";
import type { Logger } from "../../observability/Logger.js";
import { registerSecret } from "../../observability/redact.js";
import { systemClock, withRealPauses } from "../systemClock.js";

interface FleetParts {
  readonly config: Pick<Config, "fleet" | "server">;
  readonly sites: readonly SiteConfig[];
  readonly logger: Logger;
  readonly clock?: Clock;
}

/** What processes share, or `null` where nothing is; its client is loaded only then. It need not be there: then this process begins alone. */
export async function openFleet({
  config,
  sites,
  logger,
  clock = systemClock,
}: FleetParts): Promise<RedisEngine | null> {
  if (config.fleet === null) return null;
  const { address, keys } = config.fleet;
  for (const secret of address.password === null ? keys : [...keys, address.password]) registerSecret(secret);
  const [{ RedisEngine }, { connectRedis }, { keysOfSecrets, keysOfText }] = await Promise.all([
    import("../../fleet/RedisEngine.js"),
    import("../../fleet/redis/connectRedis.js"),
    import("../../fleet/Sealer.js"),
  ]);
  const others = [config.server.callerToken, ...sites.flatMap(secretsOf)].filter((secret) => secret !== null);
  const engine = new RedisEngine({
    connect: connectRedis(address),
    keys: keys.length > 0 ? keysOfText(keys) : await keysOfSecrets(others),
    clock: withRealPauses(clock),
    logger,
  });
  await engine.start();
  return engine;
}
