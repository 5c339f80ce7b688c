import { describe, expect, it } from "vitest";
import { Random } from "../../sandbox/src/world/generation/random.js";
import { idsOf } from "../provisioning/ids.js";
import { human } from "../support/worlds.js";
import { compareList, Ledger } from "./Ledger.js";
import { Questions } from "./questions.js";
import { makeScene } from "./scene.js";

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
