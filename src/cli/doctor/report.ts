import { fleetKeysOf, secretsOfFleet, wayTo } from "../../compose/fleet/openFleet.js";
import { Organizations } from "../../compose/Organizations.js";
import type { Config, ProxyConfig } from "../../config/Config.js";
import { readConfig } from "../../config/readConfig.js";
import type { Secret } from "../../config/Secret.js";
import { byDeployment, type SiteConfig, secretsOf } from "../../config/sites/SiteConfig.js";
import type { Clock } from "../../domain/Clock.js";
import { createLogger, type Logger } from "../../observability/Logger.js";
import { redact, registerSecret } from "../../observability/redact.js";
import { examineCloudSite } from "./cloud.js";
import { examineDataCenterSite } from "./datacenter.js";
import type { Check } from "./Examination.js";

/** What an examination is made of. */
export interface Examined {
  /** The variables that the server would be started with. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly isJsonWanted: boolean;
  readonly clock: Clock;
  /** Where the log goes, if it was asked for. */
  readonly log: { write(line: string): void };
}

/** What is to be told, and whether all of it is well. */
export interface Report {
  readonly text: string;
  readonly isHealthy: boolean;
}

/**
 * Checks each configured site the way the server would use it, and tells what came of it: a table, or JSON. Never writes
 * upstream. Throws `ConfigError` when the configuration is at fault.
 */
export async function reportOn({ env, isJsonWanted, clock, log }: Examined): Promise<Report> {
  const config = readConfig(env);
  const logger = createLogger({ level: config.logLevel === "info" ? "silent" : config.logLevel, destination: log });
  const preface =
    config.isSandboxed && (config.fleet === null || !isJsonWanted)
      ? "No site is configured: the embedded sandbox needs no doctor. Set CONFLUENCE_URL or SITES_FILE.\n"
      : "";
  if (config.isSandboxed && config.fleet === null) return { text: preface, isHealthy: true };
  for (const secret of secretsIn(config)) registerSecret(secret);
  const { proxy } = config;
  const organizations = new Organizations({ clock, random: Math.random, logger, proxy });
  const checks = await Promise.all(
    config.sites.map((site) => examineSite({ config: site, organizations, proxy, clock, logger })),
  ).finally(() => organizations.close());
  const found = [...checks.flat(), ...(await examineShared(config, clock))];
  const isHealthy = found.every(({ outcome }) => outcome !== "failed");
  const warnings = config.warnings.map((warning) => `Warning: ${warning}\n`).join("");
  const text = isJsonWanted
    ? `${JSON.stringify({ isHealthy, checks: found, warnings: config.warnings }, null, 2)}\n`
    : `${warnings}${formatChecks(found)}\n\n${isHealthy ? "Everything that is configured works." : "Something that is configured does not work: see FAILED above."}\n`;
  return { text: redact(preface + text), isHealthy };
}

function secretsIn({ sites, fleet, server }: Config): Secret[] {
  const shared = fleet === null ? [] : secretsOfFleet(fleet);
  return [...sites.flatMap(secretsOf), ...shared, server.callerToken].filter((secret) => secret !== null);
}

/** Looks at what processes share, where they do; its client is loaded only then. */
async function examineShared({ fleet, sites, server }: Config, clock: Clock): Promise<Check[]> {
  if (fleet === null) return [];
  const { examineEngine } = await import("./engine.js");
  const keys = await fleetKeysOf(fleet, [server.callerToken, ...sites.flatMap(secretsOf)]);
  return examineEngine({ fleet, keys, connect: await wayTo(fleet.address), clock });
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
