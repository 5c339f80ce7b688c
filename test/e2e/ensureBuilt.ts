import { execFile } from "node:child_process";
import { mkdir, readdir, rmdir, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";

const root = join(import.meta.dirname, "../..");
const built = join(root, "dist");
/** A folder can be made by one process only; the test files run in several. */
const lock = join(root, "node_modules", ".e2e-build");
/** A lock this old was left by a run that was killed. */
const abandonedAfterMs = 600_000;

/** Compiles the project where `dist` is missing or older than a source, so that no test runs yesterday's program. */
export async function ensureBuilt(): Promise<void> {
  while (!(await takeLock())) await pause(50);
  try {
    if (!(await isCurrent())) await compile();
  } finally {
    await rmdir(lock);
  }
}

async function isCurrent(): Promise<boolean> {
  const program = await stat(join(built, "main.js")).catch(() => null);
  if (program === null) return false;
  const sources = await readdir(join(root, "src"), { recursive: true, withFileTypes: true });
  const changes = sources
    .filter((entry) => entry.isFile())
    .map(async (entry) => (await stat(join(entry.parentPath, entry.name))).mtimeMs);
  return Math.max(...(await Promise.all(changes))) <= program.mtimeMs;
}

async function takeLock(): Promise<boolean> {
  try {
    await mkdir(lock);
    return true;
  } catch {
    const held = await stat(lock).catch(() => null);
    if (held !== null && Date.now() - held.mtimeMs > abandonedAfterMs) await rmdir(lock).catch(() => undefined);
    return false;
  }
}

async function compile(): Promise<void> {
  const compiler = join(dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "bin", "tsc");
  await promisify(execFile)(process.execPath, [compiler, "-p", "tsconfig.build.json"], { cwd: root });
}
