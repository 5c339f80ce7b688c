import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startOurs } from "../run/processes.mjs";
import { summarizeProfile } from "../run/profile.mjs";
import { siteSizes } from "../worlds/sites.mjs";
import { startSite } from "../worlds/startSite.mjs";
import { startLoad } from "./measure.mjs";
import { collectQuestions } from "./questions.mjs";
import { ours } from "./servers.mjs";

/** Where the time of a cached answer goes, for each question and each way in which ours may be set to answer. */
export async function profileCached({ ms, connections, tell }) {
  const site = await startSite(siteSizes.cached);
  const load = await startLoad();
  try {
    const profiles = {};
    for (const { name, env } of ours) {
      const first = await startOurs(site, env);
      const { questions } = await collectQuestions(first.url).finally(first.stop);
      for (const question of questions) {
        tell(`profile of ${name}: ${question.title}`);
        profiles[`${name}, ${question.name}`] = await profileOne({ site, env, question, load, ms, connections });
      }
    }
    return profiles;
  } finally {
    await Promise.all([site.stop(), load.stop()]);
  }
}

async function profileOne({ site, env, question, load, ms, connections }) {
  const folder = mkdtempSync(join(tmpdir(), "bench-profile-"));
  try {
    const began = performance.now();
    const server = await startOurs(site, env, ["--cpu-prof", `--cpu-prof-dir=${folder}`, "--cpu-prof-interval=500"]);
    const body = JSON.stringify({ query: question.query, variables: question.variables });
    let fromMs = 0;
    let toMs = 0;
    try {
      await load.run({ url: server.url, body, connections, warmUpMs: 0, ms });
      fromMs = performance.now() - began;
      await load.run({ url: server.url, body, connections, warmUpMs: 0, ms });
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
