import { startOurs } from "../run/processes.mjs";
import { profileServer } from "../run/profile.mjs";
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
        const body = JSON.stringify({ query: question.query, variables: question.variables });
        profiles[`${name}, ${question.name}`] = await profileServer(site, env, {
          before: (url) => load.run({ url, body, connections, warmUpMs: 0, ms }),
          work: (url) => load.run({ url, body, connections, warmUpMs: 0, ms }),
        });
      }
    }
    return profiles;
  } finally {
    await Promise.all([site.stop(), load.stop()]);
  }
}
