import { isInputObjectType, parse } from "graphql";
import { scopes } from "../../src/domain/Scope.js";
import { buildGraphSchema } from "../../src/graph/schema/buildGraphSchema.js";
import { MemoryRecord } from "../../src/record/MemoryRecord.js";
import { OperationMaker } from "../fuzz/OperationMaker.js";
import { changeAt, type ModelChange, sceneOf } from "../model/changes.js";
import { Dice } from "../model/Dice.js";
import { writeCallersFile } from "../support/callersFile.js";
import { ManualClock } from "../support/ManualClock.js";
import { deployments, startDeployment } from "../sweep/deployments.js";
import type { EdgeReply } from "../sweep/FaultyEdge.js";
import { openGraph } from "../sweep/openGraph.js";
import { documentOf, mutations } from "../sweep/writes/cases.js";
import { isWrite } from "../sweep/writes/faults.js";
import { questionsByType } from "./questions.js";
import { type Sent, settled, startRepeating } from "./startRepeating.js";

type Scene = ReturnType<typeof sceneOf>;

export interface RepeatsResult {
  readonly seed: string;
  readonly deployment: string;
  readonly steps: number;
  /** Questions that were asked, and how many of the answers were given from what is remembered. */
  readonly asked: number;
  readonly given: number;
  /** Answers that were remembered, and had ended when they were asked for again. */
  readonly ended: number;
  /** Answers that were given again, and are not what is answered without remembering. */
  readonly differences: readonly string[];
}

const kinds = [
  "cloud PRE_ROLES",
  "cloud ROLES_TRANSITION organization",
  "cloud ROLES scim",
  "datacenter 10.2.0",
  "datacenter 8.3.0",
];
/** Who asks, each by turns with another: the second may see less than the others by one scope each, and the first and the last the same. */
const callersAsking = [
  { name: "whole", scopes: scopes.filter((scope) => scope !== "audit") },
  { name: "impersonal", scopes: ["read"] },
  { name: "personal", scopes: ["read", "read:personal"] },
  { name: "recorder", scopes: ["read", "audit"] },
  { name: "writer", scopes: ["grant", "lifecycle"] },
  { name: "whole-too", scopes: scopes.filter((scope) => scope !== "audit") },
] as const;

/** So few questions come up again and again while things change beneath them. */
const questionsAsked = 9;

const { schema } = buildGraphSchema();

/**
 * Random reads of one server, between them changes by it and past it, time that passes, and faults of the site. Whatever is answered
 * from what is remembered is asked anew at once, with the same cache, clock and site: both have to be the same, byte for byte.
 */
export async function runRepeats(seed: string, steps: number): Promise<RepeatsResult> {
  const dice = new Dice(seed);
  const name = dice.pick(kinds, "deployment");
  const deployment = deployments.find((each) => each.name === name);
  if (deployment === undefined) throw new Error(`There is no deployment ${name}.`);
  const clock = new ManualClock();
  const started = await startDeployment(deployment, { rows: 50, isProvisioningOn: true, sandbox: { clock } });
  const { edge, site } = started;
  const callers = writeCallersFile(callersAsking);
  const repeating = await startRepeating([site], {
    clock,
    env: { INDEX_TTL: "1", AUDIT_LOG: "/dev/null", CALLERS_FILE: callers.path },
    calls: () => started.sandbox.journal().length,
  });
  const elsewhere = openGraph(site, { clock, record: new MemoryRecord(clock) });
  const scene = sceneOf(site.siteId, name, true);
  const questions = pickQuestions(scene, site.siteId, dice);
  const differences: string[] = [];
  let asked = 0;
  let given = 0;

  const read = async (at: number) => {
    const { query, variables } = dice.pick(questions, "question", at);
    const [one, other] = [0, 1].map((which) => dice.pick(callersAsking, "who asks", at, which).name);
    const waiting = new Set([one ?? "", other ?? ""]);
    // What ended is read the first time, remembered the second, since then nothing of it is of this very moment, and given then.
    for (let time = 1; time <= 3; time += 1) {
      for (const caller of waiting) {
        await clock.advance(1);
        const { sent, anew } = await repeating.askBoth(query, variables, callers.headersOf(caller));
        asked += 1;
        if (anew === null) continue;
        given += 1;
        waiting.delete(caller);
        if (!isSame(sent, anew)) differences.push(tell(at, `${caller} asked ${query}`, sent, anew));
      }
    }
  };
  const write = async (at: number, isElsewhere: boolean) => {
    const change = changeAt(at, scene, dice);
    const input = inputOf(change, `${seed}/${at}`);
    const document = documentOf(change.mutation);
    if (isElsewhere) await settled(elsewhere.ask(parse(document), { input }), clock);
    else await repeating.ask(document, { input }, callers.headersOf("whole"));
  };

  try {
    for (let at = 0; at < steps; at += 1) {
      const roll = dice.roll("step", at);
      if (roll < 0.66) await read(at);
      else if (roll < 0.74) await write(at, false);
      else if (roll < 0.78) await write(at, true);
      else if (roll < 0.97) await clock.advance(dice.pick(stretchesMs, "stretch", at));
      else {
        edge.begin(null, (call) => (isWrite(call) ? null : misfortune(dice, at, call.subject)));
        await read(at);
        edge.begin(null);
      }
    }
    const { ended } = repeating.store.counters();
    return { seed, deployment: name, steps, asked, given, ended, differences };
  } finally {
    await settled(elsewhere.close(), clock);
    await repeating.close();
    await started.close();
    await callers[Symbol.asyncDispose]();
  }
}

/** A moment, and what lifetimes are made of: some end, and some end twice. */
const stretchesMs = [1, 400, 5_000, 14_000, 16_000, 31_000, 61_000, 121_000, 301_000];

function misfortune(dice: Dice, at: number, subject: string): EdgeReply | "cut" | null {
  const roll = dice.roll("fault", at, subject);
  if (roll < 0.1) return "cut";
  if (roll < 0.3) return { status: 404, text: JSON.stringify({ statusCode: 404, message: "Set by the test." }) };
  return roll < 0.4 ? { status: 403, text: JSON.stringify({ statusCode: 403, message: "Set by the test." }) } : null;
}

interface Question {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

function pickQuestions(scene: Scene, siteId: string, dice: Dice): Question[] {
  const [person = "", other = ""] = scene.people.map(scene.account);
  const [group = ""] = scene.groups.map(scene.group);
  const space = scene.spaces[0]?.globalId ?? "";
  const check = `{ account: "${person}", space: "${space}", permission: { operation: "read", target: "space" } }`;
  const byType = questionsByType(schema, {
    "Query.account": `id: "${person}"`,
    "Query.group": `id: "${group}"`,
    "Query.space": `id: "${space}"`,
    "Query.identity": `email: "admin@sandbox.test"`,
    "Query.checkAccess": `input: ${check}`,
    "Query.checkAccesses": `inputs: [${check}]`,
    "Query.compareAccess": `accounts: ["${person}", "${other}"], wait: 30`,
    "Query._entities": `representations: [{ __typename: "Account", id: "${person}" }]`,
  }).map(({ query }) => ({ query, variables: {} }));
  const ids = [...scene.people.map(scene.account), ...scene.groups.map(scene.group), space];
  const words = { ids, words: ["read", "space", "create", "engineering", "admin@sandbox.test"], siteIds: [siteId] };
  const maker = new OperationMaker(schema, words, dice.seed);
  const made = Array.from({ length: 40 }, () => maker.next()).filter(({ query }) => !query.startsWith("mutation"));
  const deep = deepQuestions({ person, group, space, check }).map((query) => ({ query, variables: {} }));
  return Array.from({ length: questionsAsked }, (_, at) => {
    const roll = dice.roll("kind of question", at);
    return dice.pick(roll < 0.55 ? deep : roll < 0.9 ? byType : made, "question of the kind", at);
  });
}

const ofPage = "totalCount completeness { isComplete asOf gaps { missing } assumptions }";
const grantFields =
  "id asOf isRevocable permissions { operation target } principal { __typename ... on Account { displayName status } ... on Group { name } } resource { __typename ... on Space { key } }";

/** What people ask, several things deep. */
function deepQuestions(of: { person: string; group: string; space: string; check: string }): string[] {
  return [
    `{ grants(first: 40) { nodes { ${grantFields} } ${ofPage} } }`,
    `{ grants(first: 20, filter: { operations: ["read"], kinds: [PERMISSION] }) { nodes { ${grantFields} } ${ofPage} } }`,
    `{ accounts(first: 20) { nodes { displayName kind status isLicensed groups(first: 10) { nodes { name } ${ofPage} } } ${ofPage} } }`,
    `{ account(id: "${of.person}") { displayName status groups { nodes { name } ${ofPage} } grants(first: 20) { nodes { ${grantFields} } ${ofPage} } } }`,
    `{ account(id: "${of.person}") { effectiveAccess(first: 5, wait: 30) { allowedCount unknownCount nodes { key } ${ofPage} } } }`,
    `{ accounts(first: 20) { nodes { displayName email givenName } ${ofPage} } }`,
    `{ groups(first: 20) { nodes { name members(first: 20) { nodes { displayName status } ${ofPage} } memberGroups(first: 5) { nodes { name } } } ${ofPage} } }`,
    `{ group(id: "${of.group}") { name members(first: 20) { nodes { displayName } ${ofPage} } allMembers(first: 20) { nodes { isDirect account { displayName } } ${ofPage} } grants(first: 20) { nodes { id } ${ofPage} } } }`,
    // On Cloud groups hold no groups, and that is known of this very moment.
    `{ group(id: "${of.group}") { name memberGroups(first: 5) { nodes { name } ${ofPage} } } }`,
    `{ space(id: "${of.space}") { name grants(first: 30) { nodes { ${grantFields} } ${ofPage} } holders(first: 10) { nodes { principal { __typename } permissions { operation } } ${ofPage} } } }`,
    `{ space(id: "${of.space}") { effectiveAccess(first: 10, wait: 30) { allowedCount unknownCount nodes { displayName } ${ofPage} } } }`,
    `{ checkAccess(input: ${of.check}) { decision reason explanation asOf pathCount completeness { isComplete asOf } account { displayName } } }`,
    `{ sites { permissionModel operations { operation target source } capabilities { name isAvailable } findings(first: 10, wait: 30) { nodes { kind sentence } ${ofPage} } } }`,
    `{ identity(email: "admin@sandbox.test") { accounts(first: 5) { nodes { displayName groups(first: 5) { nodes { name } } } ${ofPage} } } }`,
  ];
}

function inputOf({ mutation, input }: ModelChange, requestId: string): Readonly<Record<string, unknown>> {
  const type = schema.getType(mutations[mutation]?.type ?? "");
  const fields = isInputObjectType(type) ? Object.keys(type.getFields()) : [];
  const reach = fields.includes("acknowledgeOrganizationWide") ? { acknowledgeOrganizationWide: true } : {};
  return { ...input, ...reach, requestId };
}

function isSame(sent: Sent, anew: Sent): boolean {
  return JSON.stringify(sent) === JSON.stringify(anew);
}

/** Where two answers part. */
function tell(at: number, query: string, { body: sent }: Sent, { body: anew }: Sent): string {
  let from = 0;
  while (from < sent.length && sent[from] === anew[from]) from += 1;
  const around = (text: string) => text.slice(Math.max(0, from - 120), from + 160);
  return `step ${at}: ${query}\n  again: ${around(sent)}\n  anew:  ${around(anew)}`;
}
