import { fleetKeysOf, secretsOfFleet, wayTo } from "../compose/fleet/openFleet.js";
import { Organizations } from "../compose/Organizations.js";
import { systemClock } from "../compose/systemClock.js";
import type { Config, ProxyConfig } from "../config/Config.js";
import { readConfig } from "../config/readConfig.js";
import type { Secret } from "../config/Secret.js";
import { byDeployment, type SiteConfig, secretsOf } from "../config/sites/SiteConfig.js";
import type { Clock } from "../domain/Clock.js";
import { createLogger, type Logger } from "../observability/Logger.js";
import { redact, registerSecret } from "../observability/redact.js";
import { examineCloudSite } from "./doctor/cloud.js";
import { examineDataCenterSite } from "./doctor/datacenter.js";
import type { Check } from "./doctor/Examination.js";
import { endWithReader, exitCodes, runCommand } from "./runCommand.js";

const usage = `Usage: confluence-access-graph doctor [options]        (in a clone: npm run doctor -- [options])

Checks each configured site the way the server would use it, call by call, and the Valkey or Redis of CACHE_URL, command by
command, and prints what works, what does not, and which scope or right is missing. It changes nothing. The sites come
from the server's own variables: docs/configuration.md.

  --json    the checks as JSON: { isHealthy, checks, warnings }
  --help    this text
  --version the version of this product

Ends with 0 when everything that is configured works, 1 when something does not, and 2 when the options or the
configuration are at fault.
`;

/**
 * Checks each configured site the way the server would use it and prints a table, or JSON with `--json`. Never writes.
 * Exit code 1 when something that a configured feature needs is missing, 2 when the configuration is at fault.
 */
async function doctor(isJsonWanted: boolean): Promise<number> {
  const config = readConfig(process.env);
  const logger = createLogger({
    level: config.logLevel === "info" ? "silent" : config.logLevel,
    destination: process.stderr,
  });
  if (config.isSandboxed && (config.fleet === null || !isJsonWanted)) {
    process.stdout.write(
      "No site is configured: the embedded sandbox needs no doctor. Set CONFLUENCE_URL or SITES_FILE.\n",
    );
  }
  if (config.isSandboxed && config.fleet === null) return exitCodes.fine;
  for (const secret of secretsIn(config)) registerSecret(secret);
  const { proxy } = config;
  const organizations = new Organizations({ clock: systemClock, random: Math.random, logger, proxy });
  const checks = await Promise.all(
    config.sites.map((site) => examineSite({ config: site, organizations, proxy, clock: systemClock, logger })),
  ).finally(() => organizations.close());
  const found = [...checks.flat(), ...(await examineShared(config))];
  const isHealthy = found.every(({ outcome }) => outcome !== "failed");
  const warnings = config.warnings.map((warning) => `Warning: ${warning}\n`).join("");
  const text = isJsonWanted
    ? `${JSON.stringify({ isHealthy, checks: found, warnings: config.warnings }, null, 2)}\n`
    : `${warnings}${formatChecks(found)}\n\n${isHealthy ? "Everything that is configured works." : "Something that is configured does not work: see FAILED above."}\n`;
  process.stdout.write(redact(text));
  return isHealthy ? exitCodes.fine : exitCodes.failed;
}

function secretsIn({ sites, fleet, server }: Config): Secret[] {
  const shared = fleet === null ? [] : secretsOfFleet(fleet);
  return [...sites.flatMap(secretsOf), ...shared, server.callerToken].filter((secret) => secret !== null);
}

/** Looks at what processes share, where they do; its client is loaded only then. */
async function examineShared({ fleet, sites, server }: Config): Promise<Check[]> {
  if (fleet === null) return [];
  const { examineEngine } = await import("./doctor/engine.js");
  const keys = await fleetKeysOf(fleet, [server.callerToken, ...sites.flatMap(secretsOf)]);
  return examineEngine({ fleet, keys, connect: await wayTo(fleet.address), clock: systemClock });
}

interface SiteExamination {
  readonly config: SiteConfig;
  readonly organizations: Organizations;
  readonly proxy: ProxyConfig | null;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Looks at one site the way the server would use it. */
function examineSite({ config, ...parts }: SiteExamination): Promise<Check[]> {
  return byDeployment(config, {
    cloud: (site) => examineCloudSite({ ...parts, config: site }),
    datacenter: (site) => examineDataCenterSite({ ...parts, config: site }),
  });
}

const marks: Readonly<Record<Check["outcome"], string>> = {
  ok: "ok",
  warning: "WARNING",
  failed: "FAILED",
  skipped: "skipped",
};

/** The checks as a table that a person can act on, a block a site, and one for what processes share. */
function formatChecks(checks: readonly Check[]): string {
  const bySite = new Map<string | null, Check[]>();
  for (const check of checks) bySite.set(check.siteId, [...(bySite.get(check.siteId) ?? []), check]);
  const heading = (siteId: string | null) => (siteId === null ? "What processes share (CACHE_URL)" : `Site ${siteId}`);
  return [...bySite].map(([siteId, ofSite]) => [heading(siteId), ...table(ofSite)].join("\n")).join("\n\n");
}

function table(checks: readonly Check[]): string[] {
  const width = Math.max(...checks.map(({ subject }) => subject.length));
  return checks.map(({ subject, outcome, finding, neededFor }) => {
    const purpose = neededFor === null || outcome === "ok" ? "" : ` (needed for ${neededFor})`;
    return `  ${marks[outcome].padEnd(8)} ${subject.padEnd(width)}  ${finding}${purpose}`;
  });
}

endWithReader();
await runCommand({ usage, options: { json: { type: "boolean" } }, run: ({ json = false }) => doctor(json) });
