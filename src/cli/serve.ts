import { compose } from "../compose/compose.js";
import type { Config } from "../config/Config.js";
import { ConfigError } from "../config/ConfigError.js";
import { nothingLeftOut } from "../config/nothingLeftOut.js";
import { readConfig } from "../config/readConfig.js";
import { Secret } from "../config/Secret.js";
import type { SiteConfig } from "../config/SiteConfig.js";
import type { SiteId } from "../domain/ids.js";
import { createLogger } from "../observability/createLogger.js";
import { defaultWorld } from "../sandbox/generate/defaultWorld.js";
import { startSandbox } from "../sandbox/startSandbox.js";
import { installSignalHandlers } from "../server/installSignalHandlers.js";

/** Starts the server from the environment: over the configured site, or over the embedded sandbox. */
async function main(): Promise<void> {
  const config = readConfig(process.env);
  // The log goes to standard error: standard output is for the two addresses, and for people.
  const logger = createLogger({ level: config.logLevel, destination: process.stderr });
  for (const warning of config.warnings) logger.warn({}, warning);

  const sandbox = config.isSandboxed ? await startEmbeddedSandbox(config) : null;
  const server = await compose({
    config,
    sites: sandbox === null ? config.sites : [sandbox.site],
    logger,
    onClose: async () => sandbox?.close(),
  });
  installSignalHandlers(server, { logger });
  process.stdout.write(
    [
      ...(sandbox === null ? [] : ["No CONFLUENCE_URL is set: serving the embedded sandbox, a made-up Confluence."]),
      `GraphQL   ${server.graphqlUrl}`,
      `GraphiQL  ${server.graphiqlUrl}`,
      "",
    ].join("\n"),
  );
}

async function startEmbeddedSandbox(config: Config): Promise<{ site: SiteConfig; close: () => Promise<void> }> {
  const sandbox = await startSandbox({ world: defaultWorld() });
  const { organization, scim } = sandbox.credentials;
  const site: SiteConfig = {
    siteId: "sandbox" as SiteId,
    name: "Embedded sandbox",
    url: sandbox.url,
    deployment: "cloud",
    credential: {
      kind: "api-token",
      email: sandbox.credential.email,
      apiToken: new Secret(sandbox.credential.apiToken),
    },
    atlassian: { apiUrl: sandbox.url, authUrl: sandbox.url },
    concurrency: config.upstream.concurrency,
    isProvisioningOn: config.isProvisioningOn,
    leftOut: nothingLeftOut,
    organization: {
      orgId: organization.orgId,
      apiKey: new Secret(organization.apiKey),
      scim: { directoryId: scim.directoryId, key: new Secret(scim.key) },
    },
  };
  return { site, close: () => sandbox.close() };
}

main().catch((error: unknown) => {
  const isFault = error instanceof ConfigError;
  process.stderr.write(`${isFault ? error.message : error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(isFault ? 2 : 1);
});
