import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { Redis } from "ioredis";

/** A Valkey or Redis of the tests' own, which keeps nothing on disk. */
export interface TestRedis {
  /** For `CACHE_URL`. */
  readonly url: string;
  /** Where it listens besides; `null`: nowhere but at its socket. */
  readonly port: number | null;
  /** What it keeps for itself, such as certificates, and what goes with it. */
  readonly directory: string;
  /** A client of the test's own. It ends with the server. */
  readonly client: Redis;
  /** Ends it at once, as a crash would. */
  kill(): Promise<void>;
  /** Starts it again, empty. */
  restart(): Promise<void>;
  /** Lets it stand still, connections and all; and go on. */
  pause(): void;
  resume(): void;
  stop(): Promise<void>;
}

interface RedisOptions {
  /** Its configuration as words: `["--maxmemory", "2mb"]`. */
  readonly settings?:
    | readonly string[]
    | ((made: { readonly directory: string; readonly port: number | null }) => readonly string[]);
  /** At a port of this machine as well: `url` names it then. */
  readonly hasPort?: boolean;
}

/** The server's program; `null`: this machine has none, and the tests that need it say that they skipped. */
export const redisProgram = findProgram();
export const hasRedis = redisProgram !== null;

function findProgram(): string | null {
  const names = ["valkey-server", "redis-server"];
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/bin", "/usr/local/bin", "/opt/homebrew/bin"];
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find((path) => existsSync(path)) ?? null;
}

/** How often a port is tried that somebody else took meanwhile. */
const portAttempts = 5;

export async function startRedis(options: RedisOptions = {}): Promise<TestRedis> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await startOnce(options);
    } catch (error) {
      if (options.hasPort !== true || attempt === portAttempts) throw error;
    }
  }
}

async function startOnce({ settings = [], hasPort = false }: RedisOptions): Promise<TestRedis> {
  const program = redisProgram;
  if (program === null) throw new Error("This machine has neither Valkey nor Redis.");
  const directory = mkdtempSync(join(tmpdir(), "redis-"));
  // Nobody else can take the place of a socket in a directory of its own while the server is down, as somebody might take a port.
  const path = join(directory, "engine.sock");
  const port = hasPort ? await freePort() : null;
  const places = ["--unixsocket", path, "--port", String(port ?? 0), "--bind", "127.0.0.1", "--dir", directory];
  const forgetful = ["--save", "", "--appendonly", "no", "--daemonize", "no"];
  const own = typeof settings === "function" ? settings({ directory, port }) : settings;
  let server: ChildProcess;
  let client: Redis;
  const start = async () => {
    server = spawn(program, [...places, ...forgetful, ...own], { stdio: "ignore" });
    client = await answers(path, server);
  };
  const kill = async () => {
    client.disconnect();
    if (server.exitCode !== null || server.signalCode !== null) return;
    const ended = new Promise((resolve) => server.once("exit", resolve));
    server.kill("SIGKILL");
    await ended;
    rmSync(path, { force: true });
  };
  await start();
  return {
    url: port === null ? `unix://${path}` : `redis://127.0.0.1:${port}`,
    ...{ port, directory },
    get client() {
      return client;
    },
    kill,
    restart: start,
    pause: () => void server.kill("SIGSTOP"),
    resume: () => void server.kill("SIGCONT"),
    stop: async () => {
      await kill();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** A server that starts refuses connections for a moment; each refusal is an answer to wait for. */
async function answers(path: string, server: ChildProcess): Promise<Redis> {
  for (;;) {
    const client = new Redis({ path, lazyConnect: true, retryStrategy: () => null, disableClientInfo: true });
    client.on("error", () => undefined);
    try {
      await client.connect();
      await client.ping();
      return client;
    } catch (error) {
      client.disconnect();
      if (server.exitCode !== null || server.signalCode !== null) throw error;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}

/** The nodes of a cluster speak to each other 10,000 higher. */
const highestPort = 55_000;

async function freePort(): Promise<number> {
  for (;;) {
    const port = await anyPort();
    if (port <= highestPort) return port;
  }
}

function anyPort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => {
        if (typeof address === "object" && address !== null) resolve(address.port);
        else reject(new Error("The system gave no port."));
      });
    });
  });
}
