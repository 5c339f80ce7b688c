import { startOurs, startProgram } from "../run/processes.mjs";

const peer = (file) => `bench/cached/peers/${file}`;

/**
 * Ours, in each way in which it answers: every answer made anew (by a plan made once for its operation, which has no switch), and
 * as a user starts it, so that the same question is answered with the bytes that went out.
 */
export const ours = [
  { name: "ours", env: { ANSWER_CACHE_MB: "0" } },
  { name: "oursRepeated", env: {} },
];

/** Whom it is compared with. `bare` is the measure of all others. */
const peers = [
  { name: "bare", file: peer("bareGraphql.mjs"), needs: "nothing" },
  { name: "apollo", file: peer("stockApollo.mjs") },
  { name: "mercurius", file: peer("mercuriusServer.mjs"), path: "/graphql" },
  {
    ...{ name: "mercuriusCompiled", file: peer("mercuriusServer.mjs"), path: "/graphql" },
    env: { BENCH_JIT: "1" },
  },
  { name: "raw", file: peer("rawBytes.mjs"), isByName: true, needs: "nothing" },
];

/** Starts ours; each tells where it answers a question. */
export async function startAllOfOurs(site) {
  const servers = [];
  for (const each of ours) {
    const program = await startOurs(site, each.env);
    servers.push({ ...each, program, urlOf: () => program.url });
  }
  return servers;
}

/** Starts whom it is compared with, or those who need no package besides the product's own. */
export async function startPeers(answersFile, isShort) {
  const servers = [];
  for (const each of peers) {
    if (isShort && each.needs !== "nothing") continue;
    const env = { BENCH_ANSWERS: answersFile, ...each.env };
    const program = await startProgram([each.file], { env, ready: /READY (\S+)/ });
    const [, origin] = program.match;
    const path = ({ name }) => (each.isByName ? `/${name}` : (each.path ?? "/"));
    servers.push({ ...each, program, urlOf: (question) => origin + path(question) });
  }
  return servers;
}
