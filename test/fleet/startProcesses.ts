import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseWorld } from "../../sandbox/src/world/loadWorld.js";
import { compose } from "../../src/compose/compose.js";
import { readConfig } from "../../src/config/readConfig.js";
import { createLogger } from "../../src/observability/Logger.js";
import type { RunningServer } from "../../src/server/startServer.js";
import { startWatchedSandbox } from "../support/deadFaults.js";
import { ShiftableClock } from "../support/ShiftableClock.js";
import { type GraphAnswer, sendQuery } from "../support/sendQuery.js";
import { startRedis } from "../support/startRedis.js";

/** A machine that is slow, or busy with something else, makes nobody take the engine for gone. */
class PatientClock extends ShiftableClock {
  override atMost(durationMs: number, signal?: AbortSignal): Promise<void> {
    return super.atMost(100 * durationMs, signal);
  }
}

/** One of the processes. */
export interface Process {
  readonly server: RunningServer;
  readonly clock: PatientClock;
  readonly logLines: string[];
  query(document: string, headers?: Readonly<Record<string, string>>): Promise<GraphAnswer>;
  /** What is sent as it stands. */
  post(body: unknown, headers?: Readonly<Record<string, string>>): Promise<Response>;
}

/** Several compositions in this one process that are to each other as processes are: over one site and one engine. */
export async function startProcesses(world: unknown, count: number, env: Readonly<Record<string, string>> = {}) {
  const redis = await startRedis();
  const directory = await mkdtemp(join(tmpdir(), "processes-"));
  const sandbox = await startWatchedSandbox({ world: parseWorld(world) });
  const start = async (): Promise<Process> => {
    const clock = new PatientClock();
    const config = readConfig({
      CONFLUENCE_URL: sandbox.url,
      CONFLUENCE_DEPLOYMENT: "cloud",
      CONFLUENCE_EMAIL: sandbox.credential.email,
      CONFLUENCE_API_TOKEN: sandbox.credential.apiToken,
      PROVISIONING: "on",
      AUDIT_LOG: join(directory, "audit.jsonl"),
      PORT: "0",
      CACHE_URL: redis.url,
      CACHE_KEY: "a-word-of-at-least-32-characters-for-a-fleet",
      ...env,
    });
    const logLines: string[] = [];
    const logger = createLogger({ level: "debug", destination: { write: (line) => logLines.push(line) } });
    const server = await compose({ config, sites: config.sites, logger, clock });
    return {
      ...{ server, clock, logLines },
      query: (document, headers = {}) => sendQuery(server.graphqlUrl, document, {}, headers),
      post: (body, headers = {}) =>
        fetch(server.graphqlUrl, {
          method: "POST",
          headers: { "content-type": "application/json", ...headers },
          body: JSON.stringify(body),
        }),
    };
  };
  const processes: Process[] = [];
  for (let number = 0; number < count; number += 1) processes.push(await start());
  const [site] = readConfig({
    CONFLUENCE_URL: sandbox.url,
    CONFLUENCE_DEPLOYMENT: "cloud",
    CONFLUENCE_EMAIL: sandbox.credential.email,
    CONFLUENCE_API_TOKEN: sandbox.credential.apiToken,
  }).sites;
  return {
    redis,
    sandbox,
    processes,
    /** One more, which is closed with the others. */
    join: async (): Promise<Process> => {
      const joined = await start();
      processes.push(joined);
      return joined;
    },
    siteId: site?.siteId ?? "",
    calls: (): string[] => sandbox.journal().map((entry) => `${entry.method} ${entry.path}`),
    close: async () => {
      await Promise.all(processes.map(({ server }) => server.close()));
      await sandbox.close();
      await redis.stop();
      await rm(directory, { recursive: true });
    },
  };
}
