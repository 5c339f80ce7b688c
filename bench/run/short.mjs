import { measureCachedAnswers } from "../cached/measure.mjs";
import { measureJoins } from "../reading/joins.mjs";
import { readWholeGraph } from "../reading/wholeGraph.mjs";
import { callsOf, siteSizes } from "../worlds/sites.mjs";
import { startSite } from "../worlds/startSite.mjs";
import { formatTable } from "./table.mjs";

/**
 * The short form, for CI: counts of calls exactly, and ratios to look at. Nothing is installed: bare graphql-js and raw bytes need no
 * more than the server itself.
 */
export async function runShort(tell) {
  const [joins, whole, cached] = await Promise.all([
    onSite(siteSizes.joined, (site) => measureJoins({ site, rounds: 1, withPeers: false, tell })),
    onSite(siteSizes.short, (site) => readWholeGraph(site, 16)),
    measureCachedAnswers({ rounds: 1, ms: 250, warmUpMs: 50, connections: 4, isShort: true, tell }),
  ]);
  const expected = Object.values(callsOf(siteSizes.short)).reduce((sum, each) => sum + each, 0);
  const counts = [
    ...Object.values(joins).flatMap(({ title, calls, expectedCalls }) => [
      [title, calls.ours, expectedCalls],
      [`${title}, again`, calls.warm, 0],
    ]),
    ["everything of a small site", whole.calls.length, expected],
    ["everything of a small site, again", whole.warmCalls.length, 0],
  ];
  const names = Object.keys(cached[0].servers);
  return {
    wrong: counts.filter(([, is, wanted]) => is !== wanted),
    text: [
      formatTable(["calls", "made", "promised"], counts),
      formatTable(
        ["ratio to bare graphql-js, one short round", ...names],
        cached.map(({ title, servers }) => [title, ...names.map((name) => servers[name].ratio?.median)]),
      ),
    ].join("\n"),
  };
}

async function onSite(size, measure) {
  const site = await startSite(size);
  try {
    return await measure(site);
  } finally {
    await site.stop();
  }
}
