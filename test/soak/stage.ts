import { execFileSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { World } from "../../sandbox/src/world/World.js";
import { startProgram } from "../e2e/startProgram.js";
import { startServerProgram } from "../e2e/startServerProgram.js";
import { readMetrics, sumOf } from "../support/readMetrics.js";
import type { Scene } from "./scene.js";

interface StageOptions {
  readonly scene: Scene;
  /** Calls a second that the site takes; `null` takes any. */
  readonly rate: number | null;
  readonly latencyMs: number;
  readonly env?: Readonly<Record<string, string>>;
}

/** The built server over a sandbox, each a process of its own. */
export async function openStage({ scene, rate, latencyMs, env = {} }: StageOptions) {
  const folder = await mkdtemp(join(tmpdir(), "soak-"));
  const [worldFile, auditFile] = [join(folder, "world.json"), join(folder, "audit.jsonl")];
  await writeFile(worldFile, JSON.stringify(scene.world));
  const sandbox = await startProgram("cli/sandbox.js", {
    args: [
      ...["--port", "0", "--world", worldFile, "--latency-ms", String(latencyMs)],
      ...(rate === null ? [] : ["--rate-per-second", String(rate)]),
    ],
    isUp: /__sandbox\/world/,
  });
  const sandboxUrl = /Sandbox of Confluence Cloud: (\S+)/.exec(sandbox.out())?.[1] ?? "";
  const control = async (method: string, path: string, body?: unknown) => {
    const response = await fetch(`${sandboxUrl}/__sandbox/${path}`, {
      method,
      ...(body === undefined ? {} : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`The sandbox says ${response.status} to ${method} ${path}.`);
    return response;
  };
  const settings = {
    CONFLUENCE_URL: sandboxUrl,
    CONFLUENCE_DEPLOYMENT: "cloud",
    CONFLUENCE_EMAIL: "admin@sandbox.test",
    CONFLUENCE_API_TOKEN: "sandbox-token",
    ...{ PROVISIONING: "on", AUDIT_LOG: auditFile, LOG_LEVEL: "error" },
    ...env,
  };
  // As a user starts it: what it takes in memory is judged.
  const server = await startServerProgram(settings, "main.js", { flags: [] });
  const { data } = await server.query("{ sites { siteId } }");
  return {
    server,
    siteId: data.sites[0].siteId as string,
    world: async () => (await (await control("GET", "world")).json()) as World,
    fail: async (faults: readonly unknown[]) => {
      await control("DELETE", "faults");
      if (faults.length > 0) await control("POST", "faults", faults);
    },
    /** How many calls the site had since this was last asked. */
    takeCalls: async () => {
      const calls = (await (await control("GET", "journal")).json()) as unknown[];
      await control("DELETE", "journal");
      return calls.length;
    },
    rssMb: () => rssMbOf(server.pid),
    /** What the server says of its memory, in MB: its heap, and what stores with a bound of their own hold of it. */
    memoryParts: async () => {
      const told = readMetrics(await (await fetch(new URL("/metrics", server.graphqlUrl))).text());
      return Object.entries(memoryMetrics).map(
        ([part, name]) => [part, Math.round((sumOf(told, name) ?? 0) / 104_857.6) / 10] as const,
      );
    },
    /** The request ids of changes whose result stands in the audit. */
    recorded: async () => {
      const lines = (await readFile(auditFile, "utf8")).split("\n").filter((line) => line !== "");
      const entries = lines.map((line) => JSON.parse(line) as { phase: string; callerRequestId: string });
      return new Set(entries.filter(({ phase }) => phase === "result").map((entry) => entry.callerRequestId));
    },
    close: async () => {
      await server.dispose();
      await sandbox.dispose();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const memoryMetrics = {
  "heap in use": "nodejs_heap_size_used_bytes",
  "outside of it": "nodejs_external_memory_bytes",
  "what was read": "access_graph_memory_bytes",
  answers: "access_graph_answers_bytes",
  documents: "access_graph_documents_bytes",
  record: "access_graph_record_bytes",
};

export type Stage = Awaited<ReturnType<typeof openStage>>;

/** The resident memory of a process, by `ps`, which every machine that this runs on has. */
function rssMbOf(pid: number | undefined): number {
  const kibibytes = execFileSync("ps", ["-o", "rss=", "-p", String(pid)], { encoding: "utf8" });
  return Math.round(Number(kibibytes.trim()) / 1024);
}
