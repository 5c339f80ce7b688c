import { compose } from "../compose/compose.js";
import { ConfigError } from "../config/ConfigError.js";
import { readConfig } from "../config/readConfig.js";
import { createLogger } from "../observability/createLogger.js";
import { installProcessGuard } from "../server/installProcessGuard.js";
import { installSignalHandlers } from "../server/installSignalHandlers.js";
import { startEmbeddedSandbox } from "./serve/startEmbeddedSandbox.js";

/** Starts the server from the environment: over the configured site, or over the embedded sandbox. */
async function main(): Promise<void> {
  const config = readConfig(process.env);
  // The log goes to standard error: standard output is for the two addresses, and for people.
  const logger = createLogger({ level: config.logLevel, destination: process.stderr });
  for (const warning of config.warnings) logger.warn({}, warning);

  const sandbox = config.isSandboxed ? await startEmbeddedSandbox(config) : null;
  const server = await compose({
    config,
    sites: sandbox === null ? config.sites : sandbox.sites,
    logger,
    onClose: async () => sandbox?.close(),
  });
  installProcessGuard({ logger });
  installSignalHandlers(server, { logger });
  process.stdout.write(
    [
      ...(sandbox === null
        ? []
        : ["No CONFLUENCE_URL is set: serving the embedded sandbox, a made-up Confluence, Cloud and Data Center."]),
      `GraphQL   ${server.graphqlUrl}`,
      `GraphiQL  ${server.graphiqlUrl}`,
      "",
    ].join("\n"),
  );
}

main().catch((error: unknown) => {
  const isFault = error instanceof ConfigError;
  process.stderr.write(`${isFault ? error.message : error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(isFault ? 2 : 1);
});
