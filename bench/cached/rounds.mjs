import { isDeepStrictEqual } from "node:util";
import { ask } from "../reading/ask.mjs";
import { cpuMsOf } from "../run/processes.mjs";
import { summarize } from "../run/statistics.mjs";

/**
 * Every server answers every question for a while, in turn, and so round after round: what the machine does besides falls on all
 * of them. A ratio is made within a round; the median of the rounds counts.
 */
export async function measureCached({ servers, questions, load, rounds, ms, warmUpMs, connections, tell }) {
  await checkAnswers(servers, questions);
  const measured = [];
  for (let round = 0; round < rounds; round += 1) {
    tell(`cached answers, round ${round + 1} of ${rounds}`);
    for (const question of questions) {
      // Who comes first differs from round to round.
      const order = servers.map((_, at) => servers[(at + round) % servers.length]);
      for (const server of order) {
        const url = server.urlOf(question);
        const body = JSON.stringify({ query: question.query, variables: question.variables });
        const before = cpuMsOf(server.program.pid);
        // Whoever is asked for the first time has everything to compile.
        const result = await load.run({ url, body, connections, ms, warmUpMs: round === 0 ? warmUpMs * 4 : warmUpMs });
        const after = cpuMsOf(server.program.pid);
        const cpuMs = before === null ? null : after - before;
        measured.push({ round, question: question.name, server: server.name, ...result, cpuMs });
      }
    }
  }
  return questions.map((question) => ({
    question: question.name,
    title: question.title,
    bytes: question.bytes,
    servers: Object.fromEntries(
      servers.map((server) => [server.name, summarizeServer(measured, question.name, server.name)]),
    ),
  }));
}

function summarizeServer(measured, question, server) {
  const of = (name) =>
    measured.filter((each) => each.question === question && each.server === name).sort((a, b) => a.round - b.round);
  const own = of(server);
  const bare = of("bare");
  const ratios = (rate) =>
    summarize(own.map((each, at) => (bare[at] === undefined ? null : rate(each) / rate(bare[at]))));
  return {
    ratio: ratios(({ perSecond }) => perSecond),
    ratioByCpu: ratios(({ answers, cpuMs }) => (cpuMs === null || cpuMs < 100 ? Number.NaN : answers / cpuMs)),
    perSecond: summarize(own.map(({ perSecond }) => perSecond)),
    medianMs: summarize(own.map(({ medianMs }) => medianMs)),
    p99Ms: summarize(own.map(({ p99Ms }) => p99Ms)),
    loadIsBusy: summarize(own.map(({ loadIsBusy }) => loadIsBusy)),
  };
}

/** Who says something else, or says it wrong, is not compared. */
async function checkAnswers(servers, questions) {
  for (const question of questions) {
    for (const server of servers) {
      const { data } = await ask(server.urlOf(question), question.query, question.variables);
      if (isDeepStrictEqual(data, question.data)) continue;
      throw new Error(`${server.name} answers "${question.title}" otherwise than our server did.`);
    }
  }
}
