import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startProgram } from "../run/processes.mjs";
import { siteSizes } from "../worlds/sites.mjs";
import { startSite } from "../worlds/startSite.mjs";
import { collectQuestions } from "./questions.mjs";
import { measureCached } from "./rounds.mjs";
import { startAllOfOurs, startPeers } from "./servers.mjs";

/** The rows of the table of cached answers: each question, by each server. */
export async function measureCachedAnswers({
  rounds,
  ms,
  warmUpMs,
  connections,
  isShort = false,
  tell,
  size = siteSizes.cached,
}) {
  const folder = mkdtempSync(join(tmpdir(), "bench-answers-"));
  const stops = [() => rmSync(folder, { recursive: true })];
  try {
    const site = await startSite(size);
    stops.push(site.stop);
    const own = await startAllOfOurs(site);
    stops.push(...own.map(({ program }) => program.stop));
    const collected = await collectQuestions(own[0].program.url);
    const file = join(folder, "answers.json");
    writeFileSync(file, JSON.stringify(collected));
    const peers = await startPeers(file, isShort);
    stops.push(...peers.map(({ program }) => program.stop));
    const load = await startLoad();
    stops.push(load.stop);
    return await measureCached({
      ...{ servers: [...own, ...peers], load, rounds, ms, warmUpMs, connections, tell },
      questions: collected.questions,
    });
  } finally {
    await Promise.all(stops.map((stop) => stop()));
  }
}

export async function startLoad() {
  const program = await startProgram(["bench/cached/load.mjs"], { ready: /READY/, ipc: true });
  return {
    stop: program.stop,
    run: (order) =>
      new Promise((resolve, reject) => {
        program.child.once("message", ({ measured, error }) =>
          error === undefined ? resolve(measured) : reject(new Error(`The load on ${order.url}: ${error}`)),
        );
        program.child.send(order);
      }),
  };
}
