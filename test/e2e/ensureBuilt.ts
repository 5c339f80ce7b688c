import { execFile } from "node:child_process";
import { mkdir, readdir, rmdir, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";

const root = join(import.meta.dirname, "../..");
/** What is built, in this order: the server imports the sandbox's types. */
const projects = [
  { config: "sandbox", sources: "sandbox/src", program: "sandbox/dist/main.js" },
  { config: "tsconfig.build.json", sources: "src", program: "dist/main.js" },
] as const;
type Project = (typeof projects)[number];
/** A folder can be made by one process only; the test files run in several. */
const lock = join(root, "node_modules", ".e2e-build");
/** A lock this old was left by a run that was killed. */
const abandonedAfterMs = 600_000;

let built: Promise<void> | null = null;

/** Compiles where a `dist` is missing or older than a source, so that no test runs yesterday's program; looks once a process. */
export function ensureBuilt(): Promise<void> {
  built ??= build();
  return built;
}

async function build(): Promise<void> {
  while (!(await takeLock())) await pause(50);
  try {
    const areCurrent = await Promise.all(projects.map(isCurrent));
    if (areCurrent.includes(false)) for (const project of projects) await compile(project);
  } finally {
    await rmdir(lock);
  }
}

async function isCurrent(project: Project): Promise<boolean> {
  const program = await stat(join(root, project.program)).catch(() => null);
  if (program === null) return false;
  const sources = await readdir(join(root, project.sources), { recursive: true, withFileTypes: true });
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

async function compile({ config }: Project): Promise<void> {
  const compiler = join(dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "bin", "tsc");
  await promisify(execFile)(process.execPath, [compiler, "-p", config], { cwd: root });
}
