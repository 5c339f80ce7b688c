import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { World } from "../../../sandbox/src/world/World.js";
import { type Program, startProgram } from "../../e2e/startProgram.js";
import { type ServerProgram, startServerProgram } from "../../e2e/startServerProgram.js";
import type { SentCall } from "../../soak/sentWrites.js";
import { sendQuery } from "../../support/sendQuery.js";
import type { Engine } from "./Engine.js";

/** A site as a process of its own. */
export interface Site {
  readonly url: string;
  /** Empty where it has no such half. */
  readonly dataCenterUrl: string;
  world(): Promise<World>;
  /** How many calls it had since this was last asked, and how many of them it refused for how much was asked. */
  takeCalls(): Promise<TakenCalls>;
  close(): Promise<void>;
}

interface SiteOptions {
  /** `null`: the one that the sandbox has by itself, with both deployments. */
  readonly world: unknown;
  /** Calls a second that it takes; `null` takes any. */
  readonly rate: number | null;
  readonly latencyMs: number;
  /** Beside these, as its command takes them. */
  readonly args?: readonly string[];
}

export async function startSite({ world, rate, latencyMs, args = [] }: SiteOptions): Promise<Site> {
  const folder = await mkdtemp(join(tmpdir(), "site-"));
  const worldFile = join(folder, "world.json");
  if (world !== null) await writeFile(worldFile, JSON.stringify(world));
  const program = await startProgram("cli/sandbox.js", {
    args: [
      ...["--port", "0", "--latency-ms", String(latencyMs)],
      ...(world === null ? [] : ["--world", worldFile]),
      ...(rate === null ? [] : ["--rate-per-second", String(rate)]),
      ...args,
    ],
    isUp: /__sandbox\/world/,
  });
  const url = /Sandbox of Confluence Cloud: (\S+)/.exec(program.out())?.[1] ?? "";
  const dataCenterUrl = /Sandbox of Confluence Data Center[^:]*: +(\S+)/.exec(program.out())?.[1] ?? "";
  const control = (method: string, path: string) => fetch(`${url}/__sandbox/${path}`, { method });
  return {
    ...{ url, dataCenterUrl },
    world: async () => (await (await control("GET", "world")).json()) as World,
    takeCalls: async () => {
      const calls = (await (await control("GET", "journal")).json()) as SentCall[];
      await control("DELETE", `journal?first=${calls.length}`);
      const paths = calls.map(({ method, path }) => `${method} ${path}`);
      return { calls, count: calls.length, refused: calls.filter(({ status }) => status === 429).length, paths };
    },
    close: async () => {
      await program.dispose();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

interface TakenCalls {
  readonly calls: readonly SentCall[];
  readonly count: number;
  readonly refused: number;
  readonly paths: readonly string[];
}

/** The key that the processes of a test seal by. */
export const fleetKey = "a-key-of-the-tests-that-is-long-enough-0123456789";

export const siteEnv = (url: string): Readonly<Record<string, string>> => ({
  CONFLUENCE_URL: url,
  CONFLUENCE_DEPLOYMENT: "cloud",
  CONFLUENCE_EMAIL: "admin@sandbox.test",
  CONFLUENCE_API_TOKEN: "sandbox-token",
});

export const engineEnv = (engine: Engine | null): Readonly<Record<string, string>> =>
  engine === null ? {} : { CACHE_URL: engine.url, CACHE_KEY: fleetKey };

/** A built server among others. */
export interface Member {
  readonly url: string;
  readonly program: ServerProgram;
  /** Whether it runs at all: neither ended nor stopped. */
  readonly isRunning: boolean;
  /** SIGSTOP and SIGCONT. */
  freeze(): void;
  thaw(): void;
  kill(): Promise<void>;
  /** SIGTERM, and its exit code. */
  end(): Promise<number | null>;
}

/** `file`: below `dist`, or the whole path of another build. */
export async function startMember(env: Readonly<Record<string, string>>, file = "main.js"): Promise<Member> {
  const program = await startServerProgram({ LOG_LEVEL: "warn", AUDIT_LOG: "/dev/null", ...env }, file);
  let isRunning = true;
  void program.ended().then(() => {
    isRunning = false;
  });
  return {
    url: program.graphqlUrl,
    program,
    get isRunning() {
      return isRunning;
    },
    freeze: () => {
      isRunning = false;
      process.kill(program.pid ?? 0, "SIGSTOP");
    },
    thaw: () => {
      process.kill(program.pid ?? 0, "SIGCONT");
      isRunning = true;
    },
    kill: async () => {
      isRunning = false;
      await program.dispose();
    },
    end: () => {
      program.signal("SIGTERM");
      return program.ended();
    },
  };
}

/** Until the site of a server accepts its credential. */
export async function untilReady(member: Pick<Member, "url">): Promise<void> {
  while ((await fetch(new URL("/health/ready", member.url))).status !== 200) await pause(20);
}

/** Whether each of them shares with all others, as they say themselves. */
export async function areTogether(
  members: readonly Pick<Member, "url">[],
  headers: Readonly<Record<string, string>> = {},
): Promise<boolean> {
  const asked = "{ sites { upstreamBudget { sharing { state processes } } } }";
  const told = await Promise.all(members.map(({ url }) => sendQuery(url, asked, {}, headers)));
  return told.every(({ data }) => {
    const { state, processes } = data.sites[0].upstreamBudget.sharing;
    return state === "SHARED" && processes === members.length;
  });
}

const indexedWithinMs = 120_000;

/** Until the index of each site is there, which begins to be read when somebody asks. */
export async function untilIndexed(
  member: Pick<Member, "url">,
  headers: Readonly<Record<string, string>> = {},
): Promise<void> {
  const until = performance.now() + indexedWithinMs;
  await sendQuery(member.url, "{ sites { findings(first: 1, wait: 0) { nodes { __typename } } } }", {}, headers);
  for (;;) {
    const { data } = await sendQuery(member.url, "{ sites { index { state isComplete } } }", {}, headers);
    const states = (data?.sites ?? []) as { index: { state: string } | null }[];
    if (states.length > 0 && states.every(({ index }) => index?.state === "READY")) return;
    if (performance.now() > until) throw new Error(`The index is not there: ${JSON.stringify(states)}`);
    await pause(50);
  }
}

/** The id that the graph gives the one site of a server. */
export async function siteIdOf(
  member: Pick<Member, "url">,
  headers: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { data } = await sendQuery(member.url, "{ sites { siteId } }", {}, headers);
  return data.sites[0].siteId as string;
}

/** What the log of a server says that is worse than a warning, and what stands in it that is no line of a log. */
export function errorsOf(program: Program): string[] {
  const said = program.err();
  const lines = said.slice(0, said.lastIndexOf("\n") + 1).split("\n");
  return lines.filter((line) => line !== "" && !isHarmless(line)).map((line) => line.slice(0, 500));
}

function isHarmless(line: string): boolean {
  try {
    const { level } = JSON.parse(line) as { readonly level?: unknown };
    return level !== "error" && level !== "fatal" && !(Number(level) >= 50);
  } catch {
    return false;
  }
}
