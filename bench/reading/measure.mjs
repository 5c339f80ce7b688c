import { summarize } from "../run/statistics.mjs";
import { callsOf, siteSizes } from "../worlds/sites.mjs";
import { startSite } from "../worlds/startSite.mjs";
import { measureJoins } from "./joins.mjs";
import { readPlainly } from "./plainReader.mjs";
import { readWholeGraph } from "./wholeGraph.mjs";

const latencyMs = 30;
const lanesMeasured = [32, 64];
const ratePerSecond = 150;

/** How everything is read over a line on which each answer takes 30 ms, and where only so many calls a second are allowed. */
export async function measureReading({ rounds, withPeers, tell, size = siteSizes.whole }) {
  const site = await startSite(size, { latencyMs });
  const joined = await startSite(siteSizes.joined, { latencyMs });
  try {
    return {
      latencyMs,
      joins: await measureJoins({ site: joined, rounds, withPeers, tell }),
      wholeGraph: await measureWholeGraph({ site, size, rounds, tell }),
      throttled: await measureThrottled({ size, tell }),
    };
  } finally {
    await Promise.all([site.stop(), joined.stop()]);
  }
}

async function measureWholeGraph({ site, size, rounds, tell }) {
  const expected = callsOf(size);
  tell("everything, page by page on one lane");
  await site.forgetCalls();
  const sequential = await readPlainly(site, { lanes: 1 });
  const runs = Object.fromEntries(
    lanesMeasured.map((lanes) => [lanes, { ours: [], warm: [], plain: [], calls: null, inFlight: [] }]),
  );
  for (let round = 0; round < rounds; round += 1) {
    for (const lanes of lanesMeasured) {
      tell(`everything on ${lanes} lanes, round ${round + 1} of ${rounds}`);
      const { cold, calls, warm, warmCalls } = await readWholeGraph(site, lanes);
      const plain = await readPlainly(site, { lanes });
      runs[lanes].ours.push(cold.ms);
      runs[lanes].warm.push(warm.ms);
      runs[lanes].plain.push(plain.ms);
      runs[lanes].calls = { cold: calls.length, warm: warmCalls.length };
      runs[lanes].inFlight.push(mostInFlight(calls));
    }
  }
  return {
    size: { memberships: sequential.memberships, grants: sequential.grants, accounts: sequential.accounts },
    expectedCalls: { ...expected, total: Object.values(expected).reduce((sum, each) => sum + each, 0) },
    sequential: { ms: Math.round(sequential.ms), calls: sequential.calls },
    lanes: Object.fromEntries(
      Object.entries(runs).map(([lanes, { ours, warm, plain, calls, inFlight }]) => [
        lanes,
        {
          calls,
          mostInFlight: summarize(inFlight),
          ms: summarize(ours),
          timesFasterThanSequential: summarize(ours.map((ms) => sequential.ms / ms)),
          /** A reader that makes nothing of what it reads, on as many lanes. */
          plainReader: {
            ms: summarize(plain),
            timesFasterThanSequential: summarize(plain.map((ms) => sequential.ms / ms)),
          },
          warmMs: summarize(warm),
        },
      ]),
    ),
  };
}

/** How many calls the site had before it at once, at most. */
function mostInFlight(calls) {
  const steps = calls.flatMap(({ at, ms }) => [
    { atMs: Date.parse(at), by: 1 },
    { atMs: Date.parse(at) + ms, by: -1 },
  ]);
  steps.sort((left, right) => left.atMs - right.atMs || left.by - right.by);
  let most = 0;
  let now = 0;
  for (const { by } of steps) {
    now += by;
    most = Math.max(most, now);
  }
  return most;
}

/** Against the time in which a bucket of one second's calls, filled all the time, gives as many as there are. */
async function measureThrottled({ size, tell }) {
  tell(`everything under ${ratePerSecond} calls a second`);
  const site = await startSite(size, { latencyMs, ratePerSecond });
  try {
    const { cold, calls } = await readWholeGraph(site, 32);
    const refused = calls.filter(({ status }) => status === 429).length;
    const floorMs = ((calls.length - refused - ratePerSecond) / ratePerSecond) * 1_000;
    return {
      ratePerSecond,
      ms: Math.round(cold.ms),
      floorMs: Math.round(floorMs),
      timesTheFloor: Math.round((cold.ms / floorMs) * 100) / 100,
      calls: calls.length,
      refused,
      percentRefused: Math.round((refused / calls.length) * 1_000) / 10,
    };
  } finally {
    await site.stop();
  }
}
