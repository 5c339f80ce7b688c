import { startOurs, startProgram } from "../run/processes.mjs";
import { summarize } from "../run/statistics.mjs";
import { ask } from "./ask.mjs";
import { joins } from "./questions.mjs";

const peers = { naive: "naiveFetch.mjs", restDataSource: "restDataSource.mjs" };

/**
 * The two joins by a server that knows nothing yet, then again from memory, and by those who read as people write it first. All
 * rounds of the calls must be the same, and are compared with what is promised.
 */
export async function measureJoins({ site, rounds, withPeers, tell }) {
  const results = {};
  for (const [name, question] of Object.entries(joins)) {
    const taken = { ours: [], warm: [] };
    const calls = {};
    for (let round = 0; round < rounds; round += 1) {
      tell(`${question.title}, round ${round + 1} of ${rounds}`);
      const ours = await startOurs(site);
      try {
        await ask(ours.url, "{ sites { id } }");
        for (const turn of ["ours", "warm"]) {
          const measured = await askAndCount(site, ours.url, question);
          taken[turn].push(measured.ms);
          calls[turn] = measured.calls;
        }
      } finally {
        await ours.stop();
      }
      for (const [peer, file] of Object.entries(withPeers ? peers : {})) {
        const program = await startProgram([`bench/reading/peers/${file}`], {
          env: { BENCH_SITE: site.url, BENCH_AUTHORIZATION: site.authorization },
          ready: /READY (\S+)/,
        });
        try {
          const measured = await askAndCount(site, program.match[1], question);
          taken[peer] = [...(taken[peer] ?? []), measured.ms];
          calls[peer] = measured.calls;
        } finally {
          await program.stop();
        }
      }
    }
    const faster = (peer) => summarize(taken[peer].map((ms, at) => ms / taken.ours[at]));
    results[name] = {
      title: question.title,
      expectedCalls: question.calls,
      calls,
      ms: Object.fromEntries(Object.entries(taken).map(([who, all]) => [who, summarize(all)])),
      timesFasterThan: Object.fromEntries(Object.keys(withPeers ? peers : {}).map((peer) => [peer, faster(peer)])),
    };
  }
  return results;
}

async function askAndCount(site, url, { query, rows, expectedRows, title }) {
  await site.forgetCalls();
  const { data, ms } = await ask(url, query);
  const calls = await site.calls();
  if (rows(data) !== expectedRows) throw new Error(`${title}: ${rows(data)} rows instead of ${expectedRows}.`);
  return { ms, calls: calls.length };
}
