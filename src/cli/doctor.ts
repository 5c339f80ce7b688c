import { parseArgs } from "node:util";
import { Organizations } from "../compose/Organizations.js";
import { ConfigError } from "../config/ConfigError.js";
import { readConfig } from "../config/readConfig.js";
import { secretsOf } from "../config/secretsOf.js";
import { systemClock } from "../http/systemClock.js";
import { createLogger } from "../observability/createLogger.js";
import { redact } from "../observability/redact.js";
import { registerSecret } from "../observability/registerSecret.js";
import { examineSite } from "./doctor/examineSite.js";
import { formatChecks } from "./doctor/formatChecks.js";

/**
 * Checks each configured site the way the server would use it and prints a table, or JSON with `--json`. Never writes.
 * Exit code 1 when something that a configured feature needs is missing, 2 when the configuration is at fault.
 */
async function doctor(): Promise<number> {
  const { values } = parseArgs({ options: { json: { type: "boolean", default: false } } });
  const config = readConfig(process.env);
  const logger = createLogger({
    level: config.logLevel === "info" ? "silent" : config.logLevel,
    destination: process.stderr,
  });
  if (config.isSandboxed) {
    process.stdout.write(
      "No site is configured: the embedded sandbox needs no doctor. Set CONFLUENCE_URL or SITES_FILE.\n",
    );
    return 0;
  }
  for (const secret of config.sites.flatMap(secretsOf)) registerSecret(secret);
  const organizations = new Organizations({ clock: systemClock, random: Math.random, logger });
  const checks = await Promise.all(
    config.sites.map((site) => examineSite({ config: site, organizations, clock: systemClock, logger })),
  );
  const found = checks.flat();
  const isHealthy = found.every(({ outcome }) => outcome !== "failed");
  const warnings = config.warnings.map((warning) => `Warning: ${warning}\n`).join("");
  const text = values.json
    ? `${JSON.stringify({ isHealthy, checks: found, warnings: config.warnings }, null, 2)}\n`
    : `${warnings}${formatChecks(found)}\n\n${isHealthy ? "Everything that is configured works." : "Something that is configured does not work: see FAILED above."}\n`;
  process.stdout.write(redact(text));
  return isHealthy ? 0 : 1;
}

doctor().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const isFault = error instanceof ConfigError;
    process.stderr.write(
      `${redact(isFault ? error.message : error instanceof Error ? String(error.stack) : String(error))}\n`,
    );
    process.exitCode = 2;
  },
);
