import { setTimeout as pause } from "node:timers/promises";
import { memoryOf, startOurs } from "../run/processes.mjs";
import { round, summarize } from "../run/statistics.mjs";
import { siteSizes } from "../worlds/sites.mjs";
import { startSite } from "../worlds/startSite.mjs";
import { ask } from "./ask.mjs";

const page = (first) => `query ($after: String) { grants(first: ${first}, after: $after,
  filter: { entitlements: [SPACE_PERMISSION] }) { totalCount pageInfo { endCursor } nodes { id
  principal { __typename ... on Account { accountId } ... on Group { groupId } }
  permissions { operation target } resource { __typename ... on Space { spaceId key name } } } } }`;
/** The first question begins the crawl, and does not wait for its end. */
const begin = "{ spaces(first: 1) { nodes { effectiveAccess(first: 1) { totalCount } } } }";
const progress = "{ sites { index { state } } }";
/** So long the crawl is watched at most: in its share of the lanes it may take longer on a slow machine. */
const watchedMs = 90_000;

/** Everything is remembered for the time of a run, and fits; each answer is made anew. */
const env = {
  ...{ CONFLUENCE_CONCURRENCY: "64", CACHE_MAX_MB: "2048", REQUEST_TIME_LIMIT_SECONDS: "900" },
  ...{ CACHE_TTL_GRANTS: "3600", CACHE_TTL_MEMBERSHIPS: "3600", CACHE_TTL_SPACES: "3600" },
  ANSWER_CACHE_MB: "0",
};

/** A site of 20,000 spaces and 500,000 grants: pages from memory, what stands in the way of others meanwhile, and how much it holds. */
export async function measureLarge({ rounds, tell, size = siteSizes.large, smallSize = siteSizes.cached }) {
  const small = await onSite(smallSize, (url) => timePages(url, rounds));
  tell("a site of 20,000 spaces and 500,000 grants");
  return onSite(size, async (url, pid) => {
    let cold = null;
    const whileReading = await watchOthers(url, async () => {
      cold = await ask(url, page(25));
    });
    const afterReadingMb = memoryOf(pid).nowMb;
    tell("its pages, from memory");
    const pages = await timePages(url, rounds);
    tell("others meanwhile, while its index is crawled");
    let indexState = "";
    const whileCrawling = await watchOthers(url, async () => {
      await ask(url, begin).catch(() => undefined);
      const began = performance.now();
      while (performance.now() - began < watchedMs && indexState !== "READY") {
        await ask(url, page(1000));
        await pause(200);
        indexState = (await ask(url, progress)).data.sites[0].index.state;
      }
    });
    const { nowMb, peakMb } = memoryOf(pid);
    return {
      grants: cold.data.grants.totalCount,
      firstReadingMs: Math.round(cold.ms),
      ...pages,
      /** Of a page of 1,000, against the same on a site of 1,500 grants in this run. */
      ratioToSmallSite: round(small.pageOf1000Ms.median / pages.pageOf1000Ms.median),
      othersWait: { whileReading, whileCrawling },
      indexState,
      memoryMb: { afterReading: afterReadingMb, now: nowMb, peak: peakMb },
    };
  });
}

async function onSite(size, measure) {
  const site = await startSite(size);
  try {
    const ours = await startOurs(site, env);
    try {
      return await measure(ours.url, ours.pid);
    } finally {
      await ours.stop();
    }
  } finally {
    await site.stop();
  }
}

async function timePages(url, rounds) {
  const taken = { first: [], thousand: [], further: [] };
  const { data } = await ask(url, page(1000));
  for (let at = 0; at < rounds * 4; at += 1) {
    taken.first.push((await ask(url, page(25))).ms);
    taken.thousand.push((await ask(url, page(1000))).ms);
    taken.further.push((await ask(url, page(25), { after: data.grants.pageInfo.endCursor })).ms);
  }
  return {
    firstPageMs: summarize(taken.first),
    pageOf1000Ms: summarize(taken.thousand),
    laterPageMs: summarize(taken.further),
  };
}

/** How long somebody else waits for next to nothing while work is done: the longest is the longest step, and what the machine adds. */
async function watchOthers(url, work) {
  const live = new URL("/health/live", url);
  const waited = [];
  let isDone = false;
  const watch = async () => {
    while (!isDone) {
      const began = performance.now();
      await (await fetch(live)).text();
      waited.push(performance.now() - began);
      await pause(5);
    }
  };
  const watching = watch();
  await work().finally(() => {
    isDone = true;
  });
  await watching;
  waited.sort((left, right) => left - right);
  return {
    asked: waited.length,
    medianMs: round(waited[waited.length >> 1]),
    p99Ms: round(waited[Math.floor(waited.length * 0.99)]),
    longestMs: round(waited.at(-1)),
  };
}
