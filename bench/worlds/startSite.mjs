import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startProgram } from "../run/processes.mjs";
import { makeSite } from "./sites.mjs";

/** A sandbox in a process of its own, over a site of that size. */
export async function startSite(size, { latencyMs = 0, ratePerSecond } = {}) {
  const folder = mkdtempSync(join(tmpdir(), "bench-site-"));
  const file = join(folder, "world.json");
  writeFileSync(file, JSON.stringify(makeSite(size)));
  const args = ["sandbox/dist/main.js", "--port", "0", "--world", file, "--latency-ms", String(latencyMs)];
  if (ratePerSecond !== undefined) args.push("--rate-per-second", String(ratePerSecond));
  const program = await startProgram(args, { ready: /(http:\/\/[\d.:]+)/ });
  rmSync(folder, { recursive: true });
  const url = program.match[1];
  return {
    url,
    authorization: `Basic ${Buffer.from("admin@sandbox.test:sandbox-token").toString("base64")}`,
    /** The calls since they were last forgotten; who we are is asked by the clock, and not counted. */
    async calls() {
      const response = await fetch(`${url}/__sandbox/journal`);
      const entries = await response.json();
      return entries.filter(({ path }) => !path.split("?")[0].endsWith("/user/current"));
    },
    forgetCalls: () => fetch(`${url}/__sandbox/journal`, { method: "DELETE" }),
    pid: program.pid,
    stop: program.stop,
  };
}
