import type { SandboxOptions } from "../../sandbox/src/startSandbox.js";
import { parseWorld } from "../../sandbox/src/world/loadWorld.js";
import type { World } from "../../sandbox/src/world/World.js";
import { compose } from "../../src/compose/compose.js";
import { readConfig } from "../../src/config/readConfig.js";
import { createLogger } from "../../src/observability/Logger.js";
import { startWatchedSandbox } from "./deadFaults.js";
import { ShiftableClock } from "./ShiftableClock.js";
import { sendQuery } from "./sendQuery.js";

export interface StackOptions {
  /** A world as a file would hold it, or a parsed one. */
  readonly world: unknown;
  /** Variables beside those that point at the sandbox. */
  readonly env?: Readonly<Record<string, string>>;
  /** What stands between us and the sandbox: its address, given the sandbox's. */
  readonly behind?: (siteUrl: string) => string;
  /** How the sandbox behaves: its rate, its latency. */
  readonly sandbox?: Partial<Omit<SandboxOptions, "world">> | undefined;
}

/** The real server over a separate sandbox, reached by HTTP on both sides: the path that a real site takes. */
export async function startStack({ world, env = {}, behind = (url) => url, sandbox: behaviour = {} }: StackOptions) {
  const sandbox = await startWatchedSandbox({ world: parseWorld(world), ...behaviour });
  const clock = new ShiftableClock();
  const config = readConfig({
    CONFLUENCE_URL: behind(sandbox.url),
    CONFLUENCE_DEPLOYMENT: "cloud",
    CONFLUENCE_EMAIL: sandbox.credential.email,
    CONFLUENCE_API_TOKEN: sandbox.credential.apiToken,
    PORT: "0",
    ...env,
  });
  const logLines: string[] = [];
  const logger = createLogger({ level: "debug", destination: { write: (line) => logLines.push(line) } });
  const server = await compose({ config, sites: config.sites, logger, clock });
  const [site] = config.sites;

  const query = (
    document: string,
    variables: Readonly<Record<string, unknown>> = {},
    headers: Readonly<Record<string, string>> = {},
  ) => sendQuery(server.graphqlUrl, document, variables, headers);

  return {
    sandbox,
    server,
    clock,
    logLines,
    siteId: site?.siteId ?? "",
    query,
    /** Upstream calls since the last `forgetCalls`, as `METHOD /path?query`. */
    calls: (): string[] => sandbox.journal().map((entry) => `${entry.method} ${entry.path}`),
    /** How many of them are for a path, whatever their query. */
    countCalls: (method: string, path: RegExp): number =>
      sandbox.journal().filter((entry) => entry.method === method && path.test(entry.path.split("?")[0] ?? "")).length,
    forgetCalls: () => fetch(`${sandbox.url}/__sandbox/journal`, { method: "DELETE" }),
    /** Makes upstream calls fail: see the sandbox's `POST /__sandbox/faults`. */
    fail: (...faults: readonly Readonly<Record<string, unknown>>[]) =>
      fetch(`${sandbox.url}/__sandbox/faults`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(faults),
      }),
    close: async () => {
      await server.close();
      await sandbox.close();
    },
    [Symbol.asyncDispose]: async () => {
      await server.close();
      await sandbox.close();
    },
  };
}

export type Stack = Awaited<ReturnType<typeof startStack>>;
export type { World };
