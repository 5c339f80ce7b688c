import type { IncomingMessage } from "node:http";
import { ConfigError, type ConfigFault } from "../../config/Config.js";
import { readConfig } from "../../config/readConfig.js";
import { settings as knownSettings } from "../../config/settings/settings.js";
import { printGraphSchema } from "../../graph/schema/buildGraphSchema.js";
import { createLogger } from "../../observability/Logger.js";
import { composeOpen } from "../compose.js";
import type { Subgraph, SubgraphLogger, SubgraphOptions } from "./Subgraph.js";
import { notForEmbedding, type SubgraphSettings } from "./SubgraphSettings.js";

/**
 * The subgraph without a port, from settings that are handed over.
 * @throws {ConfigError} with every fault at once.
 */
export async function openSubgraph(options: SubgraphOptions = {}): Promise<Subgraph> {
  const { settings = {}, variables = {} } = options;
  const faults = strangersAmong(settings);
  if (faults.length > 0) throw new ConfigError(faults);
  const config = readConfig({ ...variables, ...textsOf(settings) });
  const logger = createLogger({ level: config.logLevel, destination: { write: writeTo(options.logger) } });
  for (const warning of config.warnings) logger.warn({}, warning);
  const sandbox = config.isSandboxed
    ? await import("../embeddedSandbox.js").then(({ startEmbeddedSandbox }) => startEmbeddedSandbox(config))
    : null;
  const server = await composeOpen({
    config,
    sites: sandbox === null ? config.sites : sandbox.sites,
    logger,
    onClose: async () => sandbox?.close(),
  }).catch(async (error: unknown) => {
    // Its ports would keep the process around us alive.
    await sandbox?.close();
    throw error;
  });
  let sdl: string | null = null;
  return {
    handler: (request, response) => {
      if (!request.readableEnded || isBodiless(request)) return server.handle(request, response);
      logger.error({}, `${bodyGone} Let the subgraph stand before what reads bodies.`);
      response.writeHead(500, { "content-type": "application/json; charset=utf-8" });
      response.end(JSON.stringify({ errors: [{ message: bodyGone, extensions: { code: "INTERNAL" } }] }));
    },
    get sdl() {
      const { hasNodeFields, ...naming } = config.schema;
      sdl ??= printGraphSchema({ naming, hasNodeFields }).sdl;
      return sdl;
    },
    readiness: () => server.readiness(),
    reload: () => server.reload(),
    close: () => server.close(),
  };
}

/** Of such a request nobody has read anything that is missed here. */
function isBodiless({ method }: IncomingMessage): boolean {
  return method === "GET" || method === "HEAD";
}

const bodyGone = "The body of the request was read by the server around the subgraph before the subgraph had it.";

/** Names that are no settings, and those that a server of one's own has no use for. In the environment others may have theirs. */
function strangersAmong(settings: SubgraphSettings): ConfigFault[] {
  return Object.keys(settings).flatMap((variable) => {
    const isSecretFile = variable.endsWith("_FILE") && isSecret(variable.slice(0, -"_FILE".length));
    const isKnown = Object.hasOwn(knownSettings, variable) || isSecretFile;
    const example = "CONFLUENCE_URL=https://acme.atlassian.net";
    if (!isKnown) return { variable, problem: "is no setting", example };
    if (!notForEmbedding.some((name) => name === variable)) return [];
    return { variable, problem: "is for whoever listens: the server around the subgraph does", example };
  });
}

function isSecret(name: string): boolean {
  return Object.entries(knownSettings).some(([known, { isSecret }]) => known === name && isSecret);
}

/** Settings as the environment would say them. */
function textsOf(settings: SubgraphSettings): Record<string, string> {
  const given = Object.entries(settings).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    given.map(([name, value]) => [name, typeof value === "boolean" ? (value ? "on" : "off") : String(value)]),
  );
}

/**
 * Hands each line on as data: what stands in it has been looked through for secrets as a whole. A log that throws loses its line and
 * nothing else: lines are written from within events too, where it would end the process around us, and behind writes.
 */
function writeTo(logger: SubgraphLogger | undefined): (line: string) => void {
  if (logger === undefined) return () => undefined;
  return (line) => {
    const { level, msg, time: _time, ...fields } = JSON.parse(line) as Record<string, unknown>;
    try {
      logger[isLevel(level) ? level : "info"](fields, String(msg));
    } catch {
      // There is nowhere to say so.
    }
  };
}

function isLevel(level: unknown): level is keyof SubgraphLogger {
  return level === "error" || level === "warn" || level === "debug" || level === "info";
}
