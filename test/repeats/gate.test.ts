import { afterAll, beforeAll, expect, it } from "vitest";
import { ManualClock } from "../support/ManualClock.js";
import { deployments, type StartedDeployment, startDeployment } from "../sweep/deployments.js";
import { type Repeating, startRepeating } from "./startRepeating.js";

const clock = new ManualClock();
const token = "a-token-of-at-least-thirty-two-characters";
const query = "query Everyone { accounts(first: 5) { nodes { displayName } completeness { asOf } } }";
let started: StartedDeployment;
let repeating: Repeating;

beforeAll(async () => {
  const deployment = deployments.find(({ name }) => name === "cloud PRE_ROLES");
  if (deployment === undefined) throw new Error("There is no such deployment.");
  started = await startDeployment(deployment, { rows: 100, sandbox: { clock } });
  repeating = await startRepeating([started.site], { clock, env: { CALLER_TOKEN: token } });
  for (let time = 1; time <= 3; time += 1) {
    await clock.advance(1);
    await ask();
  }
});
afterAll(async () => {
  await repeating.close();
  await started.close();
});

const ask = (headers: Readonly<Record<string, string>> = {}, document = query) =>
  repeating.ask(document, {}, { authorization: `Bearer ${token}`, ...headers });

/** What was answered, and whether that was given from what is remembered. */
async function watch(headers: Readonly<Record<string, string>> = {}) {
  const { given } = repeating.store.counters();
  const sent = await ask(headers);
  return { ...sent, isGiven: repeating.store.counters().given > given };
}

it("an answer that is given again is as old as it was", async () => {
  const first = await watch();
  expect(first).toMatchObject({ status: 200, isGiven: true });
  await clock.advance(1_000);
  expect(await watch()).toEqual(first);
});

it("is not given to who may not ask", async () => {
  expect(await watch({ authorization: "Bearer somebody-else" })).toMatchObject({ status: 401, isGiven: false });
});

it("is not given to who wants what is read now, or what it costs", async () => {
  expect(await watch({ "cache-control": "no-cache" })).toMatchObject({ status: 200, isGiven: false });
  // What was read for that took the place of what the answer was made of.
  for (let time = 1; time <= 2; time += 1) {
    await clock.advance(1);
    await ask();
  }
  expect(await watch()).toMatchObject({ isGiven: true });
  const withCost = await watch({ "x-include-cost": "true" });
  expect(withCost.isGiven).toBe(false);
  expect(withCost.body).toContain('"cost"');
  const without = await watch();
  expect(without.isGiven).toBe(true);
  expect(without.body).not.toContain('"cost"');
});

it("is sent in the form that is asked for, with an id of its own, and stands in the log as any other", async () => {
  const [json, graphql] = ["application/json", "application/graphql-response+json"];
  for (const accept of [json, graphql]) await ask({ accept });
  repeating.logLines.length = 0;
  const answers = [await watch({ accept: json }), await watch({ accept: graphql, "x-request-id": "r-7" })];
  expect(answers.map(({ isGiven, headers }) => [isGiven, headers["content-type"]?.split(";")[0]])).toEqual([
    [true, json],
    [true, graphql],
  ]);
  const lines = repeating.logLines.map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines.filter(({ msg }) => msg === "request")).toMatchObject([
    { path: "/graphql", status: 200, operation: "Everyone" },
    { path: "/graphql", status: 200, operation: "Everyone", requestId: "r-7" },
  ]);
});

it("holds nothing back: an answer with an error, and one with gaps, are made anew each time", async () => {
  const { edge } = started;
  edge.begin(null, ({ subject }) =>
    /permissions/.test(subject) ? { status: 403, text: JSON.stringify({ statusCode: 403, message: "No." }) } : null,
  );
  await clock.advance(1_000_000);
  const before = repeating.store.counters();
  for (const document of ["{ grants(first: 3) { nodes { id } } }", `{ account(id: "x") { id } }`]) {
    for (let time = 1; time <= 4; time += 1) {
      await clock.advance(1);
      await ask({}, document);
    }
  }
  edge.begin(null);
  expect(repeating.store.counters()).toMatchObject({ entries: before.entries, given: before.given });
});
