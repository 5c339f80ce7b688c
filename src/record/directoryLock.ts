import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { link, mkdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname, join, resolve } from "node:path";

/** A directory that another process uses: the start ends with a sentence. */
export class DirectoryInUse extends Error {
  override readonly name = "DirectoryInUse";
}

/** Whose the lock is. */
interface Holder {
  readonly token: string;
  readonly host: string;
  readonly pid: number;
  /** When the process started, in the system's own count: a process id is given to another process after it. */
  readonly startedAt: string | null;
}

/** A holder on another host shows that it lives by touching its file. */
const beatMs = 5_000;
const silenceMs = 30_000;

/**
 * Keeps a directory for this process: two at once would damage what lies in it. A lock that a killed process left behind is
 * taken over. Answers what gives it back.
 */
export async function lockDirectory(directory: string, nowMs: () => number = Date.now): Promise<() => Promise<void>> {
  await makeDirectory(resolve(directory));
  const path = join(directory, "process.lock");
  const self: Holder = {
    token: randomUUID(),
    host: hostname(),
    pid: process.pid,
    startedAt: startOf(process.pid),
  };
  const own = `${path}.${self.token}`;
  await writeFile(own, JSON.stringify(self), { mode: 0o600 });
  try {
    // A link is made or not, whoever else tries: the name is taken by one.
    if (!(await linked(own, path))) {
      await clearStale(path, nowMs());
      if (!(await linked(own, path))) throw inUse(directory);
    }
  } catch (error) {
    throw error instanceof DirectoryInUse ? inUse(directory) : error;
  } finally {
    await rm(own, { force: true });
  }
  const beat = setInterval(() => void utimes(path, new Date(), new Date()).catch(() => undefined), beatMs);
  beat.unref();
  return async () => {
    clearInterval(beat);
    const holder = await read(path);
    if (holder?.token === self.token) await rm(path, { force: true });
  };
}

/**
 * Makes a directory with those that it is in. Step by step: Node's own way never ends where a directory that is there says of what is
 * made in it that it is not (Node 20.20, below `/proc`).
 */
async function makeDirectory(directory: string): Promise<void> {
  try {
    await mkdir(directory, { mode: 0o700 });
    return;
  } catch (error) {
    const isThere = codeOf(error) === "EEXIST" && (await stat(directory)).isDirectory();
    if (isThere) return;
    if (codeOf(error) !== "ENOENT" || dirname(directory) === directory) throw error;
  }
  await makeDirectory(dirname(directory));
  await mkdir(directory, { mode: 0o700 }).catch((error: unknown) => {
    // Another process was there first.
    if (codeOf(error) !== "EEXIST") throw error;
  });
}

async function linked(own: string, path: string): Promise<boolean> {
  try {
    await link(own, path);
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  }
}

/** Takes a lock away whose holder is gone. Rejects with `DirectoryInUse` where it is not. */
async function clearStale(path: string, nowMs: number): Promise<void> {
  const holder = await read(path);
  if (holder !== null && (await lives(holder, path, nowMs))) throw new DirectoryInUse();
  // Moved away and looked at once more: what somebody else put there meanwhile goes back.
  const aside = `${path}.stale.${randomUUID()}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return;
    throw error;
  }
  const moved = await read(aside);
  if (moved !== null && moved.token !== holder?.token) {
    await linked(aside, path);
    await rm(aside, { force: true });
    throw new DirectoryInUse();
  }
  await rm(aside, { force: true });
}

async function lives({ host, pid, startedAt }: Holder, path: string, nowMs: number): Promise<boolean> {
  if (host !== hostname()) return nowMs - (await stat(path)).mtimeMs < silenceMs;
  if (pid === process.pid) return startedAt === startOf(pid);
  try {
    process.kill(pid, 0);
  } catch (error) {
    return codeOf(error) === "EPERM";
  }
  return startedAt === null || startedAt === startOf(pid);
}

/** The 22nd field of the process's status on Linux; elsewhere nothing is known, and a living process id counts. */
function startOf(pid: number): string | null {
  try {
    const status = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name in brackets may hold blanks.
    return status.slice(status.lastIndexOf(")") + 2).split(" ")[19] ?? null;
  } catch {
    return null;
  }
}

/** `null`: no such file, or none of ours: a start was killed while it wrote it. */
async function read(path: string): Promise<Holder | null> {
  try {
    return JSON.parse(await readFile(path, "utf8")) as Holder;
  } catch {
    return null;
  }
}

function inUse(directory: string): DirectoryInUse {
  return new DirectoryInUse(
    `Another process uses STATE_DIR (${directory}). Give each process a directory of its own, or one database to all of them by DATABASE_URL.`,
  );
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
