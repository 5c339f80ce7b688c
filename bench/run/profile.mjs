import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { startOurs } from "./processes.mjs";
import { round } from "./statistics.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** Where a server spends its time while it does some work; what it does before is not in it. */
export async function profileServer(site, env, { before, work }) {
  const folder = mkdtempSync(join(tmpdir(), "bench-profile-"));
  try {
    const began = performance.now();
    const server = await startOurs(site, env, ["--cpu-prof", `--cpu-prof-dir=${folder}`, "--cpu-prof-interval=500"]);
    let fromMs = 0;
    let toMs = 0;
    try {
      await before(server.url);
      fromMs = performance.now() - began;
      await work(server.url);
      toMs = performance.now() - began;
    } finally {
      // The profile is written when the process ends.
      await server.stop();
    }
    const [file] = readdirSync(folder);
    return summarizeProfile(join(folder, file), { fromMs, toMs });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * What a CPU profile says in a page: the share of each part, and the functions that took most themselves, in hundredths of what
 * was not idle. A profile itself is megabytes, and says the same to fewer people.
 */
function summarizeProfile(file, { top = 25, fromMs = 0, toMs = Number.POSITIVE_INFINITY } = {}) {
  const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(file, "utf8"));
  let atMs = 0;
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const functions = new Map();
  const parts = new Map();
  let busy = 0;
  samples.forEach((id, at) => {
    atMs += timeDeltas[at] / 1_000;
    if (atMs < fromMs || atMs > toMs) return;
    const { callFrame } = byId.get(id);
    if (callFrame.functionName === "(idle)") return;
    const us = timeDeltas[at];
    busy += us;
    add(functions, nameOf(callFrame), us);
    add(parts, partOf(callFrame), us);
  });
  const shares = (map, count) =>
    Object.fromEntries(
      [...map]
        .sort(([, left], [, right]) => right - left)
        .slice(0, count)
        .map(([name, us]) => [name, round((us / busy) * 100)]),
    );
  return {
    busyMs: Math.round(busy / 1_000),
    percentByPart: shares(parts, 12),
    percentByFunction: shares(functions, top),
  };
}

function add(map, key, amount) {
  map.set(key, (map.get(key) ?? 0) + amount);
}

function nameOf({ functionName, url, lineNumber }) {
  const name = functionName === "" ? "(anonymous)" : functionName;
  return url === "" ? name : `${name} ${shortUrl(url)}:${lineNumber + 1}`;
}

/** A folder of the source, a package, or what the machine does by itself. */
function partOf({ functionName, url }) {
  if (url === "") return functionName.startsWith("(") ? functionName : "built in";
  if (url.startsWith("node:")) return "node";
  const path = shortUrl(url);
  const inPackage = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path);
  if (inPackage !== null) return inPackage[1];
  return path.startsWith("dist/") ? path.split("/").slice(0, 2).join("/").replace("dist", "src") : basename(path);
}

function shortUrl(url) {
  if (!url.startsWith("file:")) return url;
  const path = fileURLToPath(url);
  return path.startsWith(root) ? path.slice(root.length) : path;
}
