import { readFile } from "node:fs/promises";
import { defaultWorld } from "../generate/defaultWorld.js";
import { generateWorld } from "../generate/generateWorld.js";
import { InvalidWorld } from "../world/InvalidWorld.js";
import { parseWorld } from "../world/parseWorld.js";
import type { World } from "../world/World.js";

/** The world that `--world` names: a file, `random:…`, or the default one. Throws `InvalidWorld` with every fault. */
export async function loadWorld(source: string | undefined): Promise<World> {
  if (source === undefined) return defaultWorld();
  if (source.startsWith("random:")) return generateWorld(source);
  return parseWorld(await readJson(source));
}

async function readJson(file: string): Promise<unknown> {
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    const reason =
      error.code === "ENOENT" ? "there is no such file" : `it cannot be read (${error.code ?? error.message})`;
    throw new InvalidWorld([`${file}: ${reason}`]);
  });
  try {
    // Some editors begin a file with a byte order mark.
    return JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (error) {
    const reason = error instanceof Error ? error.message : "unreadable";
    throw new InvalidWorld([`${file}: not valid JSON (${reason})`]);
  }
}
