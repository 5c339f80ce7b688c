import { readConfig } from "../config/readConfig.js";
import { productVersion } from "../config/version.js";
import { gatherLines } from "../observability/gatherLines.js";
import { createLogger } from "../observability/Logger.js";
import { HeapGrowth } from "../server/lifecycle/HeapGrowth.js";
import { installProcessGuard, installSignalHandlers } from "../server/lifecycle/processEvents.js";
import { outliveReader, runCommand } from "./runCommand.js";

const usage = `Usage: confluence-access-graph [serve]        (in a clone: npm start, or node dist/main.js)
       confluence-access-graph <command> --help

Other commands: sandbox, a made-up Confluence alone; doctor, does every site work; export, a site as a file; audit, the record
of changes; callers, a token for one; print-schema, the schema for a composition.

Serves the access graph of Confluence as a GraphQL subgraph: over the site that the environment names, or, where it names
none, over a made-up Confluence of its own. Prints the addresses of GraphQL and GraphiQL to standard output and its log, a
JSON object a line, to standard error. SIGTERM ends it in order, SIGHUP reads its files again. Whoever stops reading
either does not end it.

  --help    this text
  --version the version of this product

Variables, the most used; every one: docs/configuration.md
  CONFLUENCE_URL             the site, such as https://acme.atlassian.net; unset serves the made-up one
  CONFLUENCE_DEPLOYMENT      cloud or datacenter
  CONFLUENCE_EMAIL, CONFLUENCE_API_TOKEN
                             the credential on Cloud
  CONFLUENCE_PERSONAL_ACCESS_TOKEN
                             the credential on Data Center
  SITES_FILE                 several sites, instead: docs/sites.md
  HOST, PORT                 where it listens (default 127.0.0.1, port 4000)
  CALLER_TOKEN, CALLERS_FILE, JWT_ISSUER
                             who may call: docs/callers.md; one of them is needed to listen beyond this machine
  PROVISIONING               on to let it change access
  LOG_LEVEL                  debug, info, warn, error or silent

Ends with 0 when it was stopped, 1 when it cannot start or stop in order, such as a port that is taken, and 2 when the
options or the configuration are at fault.
`;

/** Starts the server from the environment: over the configured site, or over the embedded sandbox. */
async function main(): Promise<void> {
  const config = readConfig(process.env);
  // The log goes to standard error: standard output is for the two addresses, and for people.
  const logger = createLogger({ level: config.logLevel, destination: gatherLines(process.stderr) });
  outliveReader((stream) => logger.warn({}, `nobody reads ${stream} any more; the server goes on`));
  logger.info({ version: productVersion, node: process.version }, "starting");
  for (const warning of config.warnings) logger.warn({}, warning);

  // The libraries of the server take the better part of a second: nobody whom a sentence tells what is wrong waits for them.
  const [{ compose }, sandbox] = await Promise.all([
    import("../compose/compose.js"),
    config.isSandboxed
      ? import("../compose/embeddedSandbox.js").then(({ startEmbeddedSandbox }) => startEmbeddedSandbox(config))
      : null,
  ]);
  const { maxBytes, maxAnswerBytes } = config.cache;
  const heap = new HeapGrowth({ boundBytes: maxBytes + maxAnswerBytes });
  const server = await compose({
    config,
    sites: sandbox === null ? config.sites : sandbox.sites,
    logger,
    onClose: async () => {
      heap.stop();
      await sandbox?.close();
    },
  });
  installProcessGuard(server, { logger });
  installSignalHandlers(server, { logger });
  process.stdout.write(
    [
      ...(sandbox === null
        ? []
        : ["No CONFLUENCE_URL is set: serving the embedded sandbox, a made-up Confluence, Cloud and Data Center."]),
      `GraphQL   ${server.graphqlUrl}`,
      `GraphiQL  ${server.graphiqlUrl}`,
      ...(config.server.metrics.ownPort === null ? [] : [`Metrics   ${server.metricsUrl}`]),
      "",
    ].join("\n"),
  );
}

await runCommand({ usage, options: {}, run: main });
