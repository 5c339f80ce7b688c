import { describe, expect, it } from "vitest";
import { Random } from "../../sandbox/src/world/generation/random.js";
import { idsOf } from "../provisioning/ids.js";
import { human } from "../support/worlds.js";
import { compareList, Ledger } from "./Ledger.js";
import { Questions } from "./questions.js";
import { groupId, makeScene } from "./scene.js";
import { judgeWrites, type SentCall, writesIn } from "./sentWrites.js";
import type { Intent } from "./Tally.js";

describe("what a soak holds an answer to", () => {
  it("is what stood still from the question to the answer", () => {
    const ledger = new Ledger();
    for (const name of ["still", "changed", "changing", "unknown"]) ledger.declare(name, false);
    ledger.begin("unknown");
    ledger.end("unknown", null);
    const moment = ledger.look(["still", "changed", "changing", "unknown"]);
    ledger.begin("changed");
    ledger.end("changed", false);
    ledger.begin("changing");
    expect([...ledger.stoodStill(moment)]).toEqual([["still", false]]);
  });

  it("lets a list lack things only where it says so, and show nothing that is not so", () => {
    const still = new Map([
      ["there", true],
      ["gone", false],
    ]);
    expect(compareList(still, new Set(["there", "of others"]), true)).toEqual([]);
    expect(compareList(still, new Set(), false)).toEqual([]);
    expect(compareList(still, new Set(), true)).toEqual(["lacks there and calls itself complete"]);
    expect(compareList(still, new Set(["there", "gone"]), false)).toEqual(["shows gone, which is not so"]);
  });

  it("finds a wrong name, a wrong decision and a list that lost something", () => {
    const scene = makeScene({ clients: 4, spaces: 5, groups: 3 });
    const questions = new Questions(scene, "site");
    const random = new Random("judging");
    const found = new Set<string>();
    const answers: Readonly<Record<string, unknown>> = {
      account: { accountId: human(2).accountId, displayName: "Somebody Else", status: "ACTIVE", groups: null },
      check: { decision: "MAYBE" },
      space: { key: null, name: null, grants: { nodes: [], completeness: { isComplete: true } } },
      group: { name: null, members: { nodes: [], completeness: { isComplete: true } } },
      spaces: { totalCount: 4, nodes: [], completeness: { isComplete: true } },
      "grants of an account": { grants: { nodes: [], completeness: { isComplete: true } } },
      "effective access": { effectiveAccess: { edges: [], completeness: { isComplete: true } } },
    };
    for (let turn = 0; turn < 400; turn += 1) {
      const question = questions.next(random);
      const still = scene.ledger.stoodStill(scene.ledger.look(question.facts));
      if (question.judge({ it: answers[question.kind] }, still).length > 0) found.add(question.kind);
    }
    expect([...found].toSorted()).toEqual(Object.keys(answers).toSorted());
    const [first] = scene.ownedBy(2);
    if (first === undefined) throw new Error("An account owns nothing.");
    expect(questions.change(first, true, "r")).toContain(idsOf("site").account(2));
  });
});

describe("what a site was sent for changes", () => {
  const scene = makeScene({ clients: 4, spaces: 5, groups: 3 });
  const factOf = (kind: "access" | "membership") => {
    const fact = scene.ownedBy(2).find((each) => each.kind === kind);
    if (fact === undefined) throw new Error("An account owns nothing.");
    return fact;
  };
  const [access, membership] = [factOf("access"), factOf("membership")];
  const { accountId } = human(2);
  const at = (ms: number) => new Date(ms).toISOString();
  const members = "/wiki/rest/api/group/userByGroupId?groupId=";
  const joins = (ms: number, status = 200): SentCall => ({
    ...{ at: at(ms), method: "POST", path: `${members}${groupId(membership.target)}`, status },
    body: JSON.stringify({ accountId }),
  });
  const leaves = (ms: number): SentCall => ({
    ...{ at: at(ms), method: "DELETE", status: 204 },
    path: `${members}${groupId(membership.target)}&accountId=${encodeURIComponent(accountId)}`,
  });
  const permission = `/wiki/rest/api/space/S${access.target}/permission`;
  const opens = (ms: number): SentCall => ({
    ...{ at: at(ms), method: "POST", path: permission, status: 200 },
    body: JSON.stringify({
      subject: { type: "user", identifier: accountId },
      operation: { key: "read", target: "space" },
    }),
  });
  const closes = (ms: number, row: string, status = 204): SentCall => ({
    ...{ at: at(ms), method: "DELETE", path: `${permission}/${row}`, status },
  });
  const asked = (intent: Partial<Intent> & Pick<Intent, "fact" | "gives">): Intent => ({
    ...{ requestId: "r", fromMs: 1_000, toMs: 2_000, repeats: 0, outcome: intent.gives ? "CREATED" : "REMOVED" },
    ...intent,
  });
  const lost = [{ fromMs: 1_200, toMs: 1_400 }];

  it.each<readonly [name: string, calls: readonly SentCall[], intents: readonly Intent[]]>([
    ["a membership is given", [joins(1_500)], [asked({ fact: membership, gives: true })]],
    ["it is taken", [leaves(1_500)], [asked({ fact: membership, gives: false })]],
    ["access is given", [opens(1_500)], [asked({ fact: access, gives: true })]],
    ["it is taken, row by row", [closes(1_500, "7"), closes(1_501, "8")], [asked({ fact: access, gives: false })]],
    [
      "the site had too much to do first",
      [joins(1_400, 429), joins(1_500)],
      [asked({ fact: membership, gives: true })],
    ],
    ["it failed before it was sent", [], [asked({ fact: membership, gives: true, outcome: "FAILED" })]],
    [
      "a repeat tells what the first call did",
      [joins(1_100)],
      [asked({ fact: membership, gives: true, outcome: "ALREADY_EXISTS", repeats: 1 })],
    ],
  ])("is as it was answered where %s", (_name, calls, intents) => {
    expect(judgeWrites(writesIn(calls), intents, [])).toEqual({ wrong: [], inWindow: 0 });
  });

  it.each<readonly [name: string, calls: readonly SentCall[], intents: readonly Intent[], wrong: RegExp]>([
    [
      "it is sent twice",
      [joins(1_500), joins(1_600, 400)],
      [asked({ fact: membership, gives: true })],
      /^r was sent 2 times/,
    ],
    [
      "a row is taken away twice",
      [closes(1_500, "7"), closes(1_600, "7", 404)],
      [asked({ fact: access, gives: false })],
      /twice/,
    ],
    ["it comes when all is over", [joins(1_500), joins(2_500)], [asked({ fact: membership, gives: true })], /^nobody/],
    ["nobody asked for a row to go", [closes(900, "7")], [], /^nobody/],
    ["the contrary is sent", [leaves(1_500)], [asked({ fact: membership, gives: true })], /^the contrary of r/],
    [
      "it was there already and is sent",
      [opens(1_500)],
      [asked({ fact: access, gives: true, outcome: "ALREADY_EXISTS" })],
      /ALREADY_EXISTS and sent/,
    ],
    ["nothing is sent", [], [asked({ fact: access, gives: false })], /^r was answered REMOVED, and nothing was sent/],
  ])("is wrong where %s", (_name, calls, intents, wrong) => {
    expect(judgeWrites(writesIn(calls), intents, []).wrong.join("\n")).toMatch(wrong);
  });

  it("may come twice only while a lock may have been lost, and a moment after", () => {
    const intents = [asked({ fact: membership, gives: true, toMs: 9_000 })];
    const twice = (ms: number) => judgeWrites(writesIn([joins(1_100), joins(ms)]), intents, lost);
    expect([twice(1_300), twice(4_400)]).toEqual([
      { wrong: [], inWindow: 1 },
      { wrong: [], inWindow: 1 },
    ]);
    expect([twice(1_150), twice(4_401)].map(({ wrong, inWindow }) => [wrong.length, inWindow])).toEqual([
      [1, 0],
      [1, 0],
    ]);
  });
});
