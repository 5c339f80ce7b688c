import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { cpus, hostname, loadavg, release, totalmem, type } from "node:os";

const readJson = (path) => JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8"));

/** What the figures of a run depend on besides the code. The host's name is only kept as a number that tells it from others. */
export function describeMachine() {
  return {
    cpus: cpus().length,
    model: cpus()[0]?.model.trim() ?? "",
    memoryGb: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release()}`,
    host: checksum(`${hostname()} ${cpus()[0]?.model} ${totalmem()}`),
    loadAtStart: loadavg().map((load) => Math.round(load * 100) / 100),
  };
}

/** Node, what is served, and whom it is compared with. */
export function describeVersions(hasPeers) {
  const ours = readJson("../../package.json");
  const peers = hasPeers ? Object.keys(readJson("../package.json").dependencies) : [];
  return {
    node: process.version,
    commit: commit(),
    ...Object.fromEntries(["graphql", "undici"].map((name) => [name, ours.dependencies[name]])),
    peers: Object.fromEntries(peers.map((name) => [name, readJson(`../node_modules/${name}/package.json`).version])),
  };
}

function commit() {
  try {
    const git = (...args) =>
      execFileSync("git", args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
    const isChanged = git("status", "--porcelain", "--", "src", "package-lock.json") !== "";
    return `${git("rev-parse", "--short", "HEAD")}${isChanged ? ", changed" : ""}`;
  } catch {
    return null;
  }
}

function checksum(text) {
  let sum = 0;
  for (const character of text) sum = (sum * 31 + character.codePointAt(0)) >>> 0;
  return sum.toString(16);
}
