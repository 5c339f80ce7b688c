import { compose } from "../../src/compose/compose.js";
import { readConfig } from "../../src/config/readConfig.js";
import { createLogger } from "../../src/observability/Logger.js";
import { readReadiness } from "./readReadiness.js";
import { sendQuery } from "./sendQuery.js";

export type ServerHere = Awaited<ReturnType<typeof serveHere>>;

/** The real server over configured sites, as its variables say, in this process: to start one of its own takes more than a second. */
export async function serveHere(env: Readonly<Record<string, string>>) {
  const config = readConfig({ PORT: "0", ...env });
  const lines: string[] = [];
  const logger = createLogger({ level: "info", destination: { write: (line) => lines.push(line) } });
  const server = await compose({ config, sites: config.sites, logger });
  return {
    query: (document: string, variables: Readonly<Record<string, unknown>> = {}) =>
      sendQuery(server.graphqlUrl, document, variables),
    isReady: async () => (await readReadiness(server.graphqlUrl, lines)).status === "ready",
    dispose: () => server.close(),
  };
}
