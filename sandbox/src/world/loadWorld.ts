import { readFile } from "node:fs/promises";
import { defaultWorld } from "./generation/defaultWorld.js";
import { generateWorld } from "./generation/generateWorld.js";
import { ObjectReader } from "./ObjectReader.js";
import { parseCloudWorld } from "./parseCloudWorld.js";
import { parseDataCenterWorld } from "./parseDataCenterWorld.js";
import { InvalidWorld, type World } from "./World.js";

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

/**
 * Checks a world file that was read as JSON, both halves of it. Throws `InvalidWorld` with the path of every fault; unknown
 * keys and duplicate ids are faults too. The result shares nothing mutable with `json`.
 */
export function parseWorld(json: unknown): World {
  const faults: string[] = [];
  const reader = new ObjectReader(json, "", faults);
  const hasCloud = reader.has("cloud");
  const hasDataCenter = reader.has("dataCenter");
  const world: World = {
    ...(hasCloud ? { cloud: parseCloudWorld(reader.child("cloud")) } : {}),
    ...(hasDataCenter ? { dataCenter: parseDataCenterWorld(reader.child("dataCenter")) } : {}),
  };
  reader.finish();
  if (reader.isUsable && !hasCloud && !hasDataCenter) {
    faults.push("cloud: missing (a world holds cloud, dataCenter or both)");
  }
  if (faults.length > 0) throw new InvalidWorld(faults);
  return world;
}
