import type { Config } from "../../config/Config.js";
import type { EngineAddress, FleetConfig } from "../../config/fleet/FleetConfig.js";
import type { Secret } from "../../config/Secret.js";
import { type SiteConfig, secretsOf } from "../../config/sites/SiteConfig.js";
import type { Clock } from "../../domain/Clock.js";
import type { RedisEngine } from "../../fleet/RedisEngine.js";
import type { Connect } from "../../fleet/redis/Connection.js";
import type { FleetKeys } from "../../fleet/Sealer.js";
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
  const { address, expectedProcesses } = config.fleet;
  for (const secret of secretsOfFleet(config.fleet)) registerSecret(secret);
  const { RedisEngine } = await import("../../fleet/RedisEngine.js");
  const engine = new RedisEngine({
    connect: await wayTo(address),
    keys: await fleetKeysOf(config.fleet, [config.server.callerToken, ...sites.flatMap(secretsOf)]),
    clock: withRealPauses(clock),
    // A clock that was put in its place measures as well how fast the engine answers; the machine's own may be set back meanwhile.
    ...(clock === systemClock ? {} : { nowMs: () => clock.now() }),
    expectedProcesses,
    logger,
  });
  await engine.start();
  return engine;
}

/** What of it is never told. */
export function secretsOfFleet({ keys, nameKey, address }: FleetConfig): readonly Secret[] {
  return [...keys, nameKey, address.password].filter((secret) => secret !== null);
}

/** How the engine is reached, once its client is loaded. */
export async function wayTo(address: EngineAddress): Promise<Connect> {
  const { connectRedis } = await import("../../fleet/redis/connectRedis.js");
  return connectRedis(address);
}

/** What seals and names: what was configured for that, or else what the other secrets make up. */
export async function fleetKeysOf(
  { keys, nameKey }: FleetConfig,
  others: readonly (Secret | null)[],
): Promise<FleetKeys> {
  const { keysOfSecrets, keysOfText } = await import("../../fleet/Sealer.js");
  return keys.length > 0 ? keysOfText(keys, nameKey) : keysOfSecrets(others.filter((secret) => secret !== null));
}
