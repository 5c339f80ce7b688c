import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";

/** A PostgreSQL server of the tests' own, in a directory of its own. */
export interface TestPostgres {
  /** The address of a new, empty database. */
  createDatabase(): Promise<string>;
  /** Ends the server at once, as a crash would. */
  kill(): Promise<void>;
  /** Starts it again over the same data. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** Where the machine has PostgreSQL's programs; `null`: nowhere, and the tests that need it say that they skipped. */
export const postgresPrograms = findPrograms();

function findPrograms(): string | null {
  const packaged = "/usr/lib/postgresql";
  const versions = existsSync(packaged)
    ? readdirSync(packaged).sort((left, right) => Number(right) - Number(left))
    : [];
  const folders = [
    ...(process.env.PATH ?? "").split(":"),
    ...versions.map((version) => join(packaged, version, "bin")),
  ];
  return folders.find((folder) => existsSync(join(folder, "initdb")) && existsSync(join(folder, "postgres"))) ?? null;
}

/** PostgreSQL refuses to run as root: then it runs as the user that its package made. */
function userOfServer(): { uid: number; gid: number } | null {
  if (process.getuid?.() !== 0) return null;
  const id = (flag: string) => Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }));
  return { uid: id("-u"), gid: id("-g") };
}

export async function startPostgres(): Promise<TestPostgres> {
  const programs = postgresPrograms;
  if (programs === null) throw new Error("This machine has no PostgreSQL.");
  const user = userOfServer();
  const directory = mkdtempSync(join(tmpdir(), "postgres-"));
  if (user !== null) chownSync(directory, user.uid, user.gid);
  const data = join(directory, "data");
  const options = { ...(user ?? {}), cwd: directory, stdio: "ignore" as const };
  execFileSync(
    join(programs, "initdb"),
    ["-D", data, "-U", "graph", "-A", "trust", "-E", "UTF8", "--no-sync"],
    options,
  );
  // By a socket in its own directory: while it is down, nobody else can take its place, as somebody might take a port.
  const address = (name: string) => `postgres://graph@localhost/${name}?host=${encodeURIComponent(directory)}`;
  let server: ChildProcess;
  const start = async () => {
    // A process that is killed loses nothing that the system has taken; only a machine that falls would, and a slow disk is not waited for.
    const settings = ["-h", "", "-k", directory, "-c", "max_connections=200", "-c", "fsync=off"];
    server = spawn(join(programs, "postgres"), ["-D", data, ...settings], options);
    await answers(address("postgres"), server);
  };
  const end = async (signal: NodeJS.Signals) => {
    const ended = new Promise((resolve) => server.once("exit", resolve));
    server.kill(signal);
    await ended;
  };
  await start();
  let databases = 0;
  return {
    createDatabase: async () => {
      databases += 1;
      const name = `graph_${databases}`;
      const client = new pg.Client({ connectionString: address("postgres") });
      await client.connect();
      await client.query(`create database ${name}`);
      await client.end();
      return address(name);
    },
    // "Immediate shutdown": no checkpoint, every session cut; what was committed is recovered from the log.
    kill: () => end("SIGQUIT"),
    restart: start,
    stop: async () => {
      if (server.exitCode === null && server.signalCode === null) await end("SIGQUIT");
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** A server that starts refuses connections for a moment, after a crash for longer; each refusal is an answer to wait for. */
async function answers(address: string, server: ChildProcess): Promise<void> {
  for (;;) {
    const client = new pg.Client({ connectionString: address, connectionTimeoutMillis: 30_000 });
    client.on("error", () => undefined);
    try {
      await client.connect();
      await client.end();
      return;
    } catch (error) {
      if (server.exitCode !== null || server.signalCode !== null) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
