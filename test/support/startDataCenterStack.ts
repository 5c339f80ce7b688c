import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RunningDataCenter, SandboxOptions } from "../../sandbox/src/startSandbox.js";
import { parseWorld } from "../../sandbox/src/world/loadWorld.js";
import { compose } from "../../src/compose/compose.js";
import { readConfig } from "../../src/config/readConfig.js";
import { createLogger } from "../../src/observability/Logger.js";
import { startWatchedSandbox } from "./deadFaults.js";
import { readReadiness } from "./readReadiness.js";
import { ShiftableClock } from "./ShiftableClock.js";
import { sendQuery } from "./sendQuery.js";

export interface DataCenterStackOptions {
  /** A world as a file would hold it, with a Data Center half. */
  readonly world: unknown;
  /** Variables beside those that point at the sandbox, or instead of them. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** How the sandbox behaves. */
  readonly sandbox?: Partial<Omit<SandboxOptions, "world">> | undefined;
  /** What stands between the two: gets the sandbox's address, context path included, and answers the one to call. */
  readonly through?: ((url: string) => Promise<string>) | undefined;
}

/** The real server over a separate Data Center sandbox, with provisioning on and an audit file of its own. */
export async function startDataCenterStack(options: DataCenterStackOptions) {
  const { world, env = {}, sandbox: behaviour = {}, through = async (url) => url } = options;
  const folder = await mkdtemp(join(tmpdir(), "audit-"));
  const auditPath = join(folder, "audit.jsonl");
  const clock = new ShiftableClock();
  const sandbox = await startWatchedSandbox({ world: parseWorld(world), clock, ...behaviour });
  const dataCenter = dataCenterOf(sandbox.dataCenter);
  const control = `${new URL(dataCenter.url).origin}/__sandbox`;
  const config = readConfig({
    CONFLUENCE_URL: await through(dataCenter.url),
    CONFLUENCE_DEPLOYMENT: "datacenter",
    CONFLUENCE_PERSONAL_ACCESS_TOKEN: dataCenter.credentials.personalAccessToken,
    PROVISIONING: "on",
    AUDIT_LOG: auditPath,
    PORT: "0",
    ...env,
  });
  const logLines: string[] = [];
  const logger = createLogger({ level: "trace", destination: { write: (line) => logLines.push(line) } });
  const server = await compose({ config, sites: config.sites, logger, clock });
  const [site] = config.sites;

  const allCalls = (): string[] => sandbox.journal().map(({ method, path }) => `${method} ${decodeURI(path)}`);
  const calls = (): string[] => allCalls().filter((call) => !call.endsWith("/rest/api/user/current"));
  return {
    sandbox,
    dataCenter,
    server,
    clock,
    logLines,
    siteId: site?.siteId ?? "",
    auditPath,
    query: (
      document: string,
      variables: Readonly<Record<string, unknown>> = {},
      headers: Readonly<Record<string, string>> = {},
    ) => sendQuery(server.graphqlUrl, document, variables, headers),
    readiness: () => readReadiness(server.url, logLines),
    /**
     * Upstream calls since the last `forgetCalls`, as `METHOD /context/path?query`. Left out is the question who we are, which
     * comes by the clock and not by what is asked.
     */
    calls,
    countCalls: (method: string, path: RegExp): number =>
      allCalls().filter((call) => call.startsWith(`${method} `) && path.test(call.split(" ")[1]?.split("?")[0] ?? ""))
        .length,
    /** Writes that reached the sandbox since the journal was emptied. */
    writes: () => calls().filter((call) => !/^GET |getSpacePermissionSets/.test(call)),
    forgetCalls: () => fetch(`${control}/journal`, { method: "DELETE" }),
    fail: (...faults: readonly Readonly<Record<string, unknown>>[]) =>
      fetch(`${control}/faults`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(faults),
      }),
    audit: async (): Promise<Record<string, unknown>[]> =>
      (await readFile(auditPath, "utf8").catch(() => ""))
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line) as Record<string, unknown>),
    [Symbol.asyncDispose]: async () => {
      await server.close();
      await sandbox.close();
      await rm(folder, { recursive: true });
    },
  };
}

export type DataCenterStack = Awaited<ReturnType<typeof startDataCenterStack>>;

function dataCenterOf(dataCenter: RunningDataCenter | null): RunningDataCenter {
  if (dataCenter === null) throw new Error("the world has no Data Center half");
  return dataCenter;
}
