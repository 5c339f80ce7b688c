import { cp, mkdir, mkdtemp, readFile, rename, rm, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { PGlite } from "@electric-sql/pglite";

const require = createRequire(import.meta.url);
const cache = join(import.meta.dirname, "../../node_modules/.cache");

/**
 * Puts an empty database where the record of this state directory is kept. To make one takes the embedded database five seconds,
 * to open it less than half a second; so one is made, kept for later runs, and copied. The record's own tables are not in it.
 */
export async function prepareDirectory(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  await cp(await emptyDatabase(), join(directory, "record"), { recursive: true });
}

async function emptyDatabase(): Promise<string> {
  const manifest = join(dirname(require.resolve("@electric-sql/pglite")), "../package.json");
  const { version } = JSON.parse(await readFile(manifest, "utf8")) as { readonly version: string };
  const path = join(cache, `empty-database-${version}`);
  if (await isThere(path)) return path;
  await mkdir(cache, { recursive: true });
  const making = await mkdtemp(join(cache, "making-"));
  const database = await PGlite.create(making);
  await database.close();
  // Whole or not at all; where another process was first, its own serves.
  await rename(making, path).catch(async (error: unknown) => {
    await rm(making, { recursive: true });
    if (!(await isThere(path))) throw error;
  });
  return path;
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
