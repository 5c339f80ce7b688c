import { profileServer } from "../run/profile.mjs";
import { siteSizes } from "../worlds/sites.mjs";
import { startSite } from "../worlds/startSite.mjs";
import { ask } from "./ask.mjs";
import { askForAll } from "./wholeGraph.mjs";

/** Where the time goes while everything is read, by a server that has just started and by one that has done it often. */
export async function profileReading({ tell }) {
  tell("profile of reading everything");
  const site = await startSite(siteSizes.whole, { latencyMs: 30 });
  const env = { CONFLUENCE_CONCURRENCY: "64" };
  const anew = { "cache-control": "no-cache" };
  try {
    return {
      "everything, read first": await profileServer(site, env, {
        before: (url) => ask(url, "{ sites { id } }"),
        work: (url) => askForAll(url),
      }),
      "everything, read anew": await profileServer(site, env, {
        before: async (url) => {
          for (let at = 0; at < 4; at += 1) await askForAll(url, anew);
        },
        work: async (url) => {
          for (let at = 0; at < 4; at += 1) await askForAll(url, anew);
        },
      }),
    };
  } finally {
    await site.stop();
  }
}
