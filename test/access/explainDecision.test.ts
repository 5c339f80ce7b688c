import { describe, expect, it } from "vitest";
import { explainDecision } from "../../src/access/explainDecision.js";
import { ask, gap, type Scene } from "./scene.js";

function explain(scene: Scene, what?: string): string {
  return explainDecision(ask(scene, what), { account: "Ann", space: "ENG" });
}

describe("a decision in one sentence", () => {
  it.each<[string, Scene, string, string]>([
    [
      "a direct grant",
      { grants: ["account read/space"] },
      "read/space",
      "Ann has read/space in ENG: it is granted to the account itself.",
    ],
    [
      "several paths",
      { groups: ["a", "b"], grants: ["group:a read/space", "group:b read/space", "class:anonymous-users read/space"] },
      "read/space",
      "Ann has read/space in ENG: it is granted to anonymous-users, to whom the account belongs, and on 2 other paths.",
    ],
    [
      "an assumption",
      { account: { isLicensed: null }, groups: ["a"], grants: ["group:a read/space"] },
      "read/space",
      "Ann has read/space in ENG: through membership of a, assuming that the account has a licence.",
    ],
    [
      "a super user",
      { isDataCenter: true, groups: ["it"], parents: { it: ["confluence-administrators"] } },
      "read/space",
      "Ann has read/space in ENG: through membership of it, which is in confluence-administrators, whose members can do everything.",
    ],
    [
      "a gap",
      { groupGaps: [gap("groups of Ann"), gap("more groups")], grants: ["group:a read/space"] },
      "read/space",
      "Whether Ann has read/space in ENG is not known: groups of Ann could not be read (groups of Ann: 500) and 1 more.",
    ],
    [
      "an unknown status",
      { account: { status: "UNKNOWN" }, grants: ["account read/space"] },
      "read/space",
      "Whether Ann has read/space in ENG is not known: nobody says whether the account is active.",
    ],
    [
      "a missing read",
      { grants: ["account create/page"] },
      "create/page",
      "Ann does not have create/page in ENG: what is granted has no effect without read/space, which the account does not have (it is granted to the account itself).",
    ],
    [
      "a suspended account",
      { account: { status: "SUSPENDED" }, grants: ["account read/space"] },
      "read/space",
      "Ann does not have read/space in ENG: the account is not active, so that what is granted has no effect (it is granted to the account itself).",
    ],
    [
      "anonymous in vain",
      { isDataCenter: true, groups: ["users"], grants: ["class:anonymous-users read/space"] },
      "read/space",
      "Ann does not have read/space in ENG: it is granted to anonymous users, who may not read the space or not use the site.",
    ],
    ["nothing at all", {}, "read/space", "Ann does not have read/space in ENG: no grant gives it."],
    [
      "a gone group",
      { goneGroups: ["ghosts"], grants: ["group:ghosts read/space"] },
      "read/space",
      "Ann does not have read/space in ENG: no grant gives it, assuming that a group that cannot be found has no members.",
    ],
    [
      "a trashed space",
      { space: { status: "TRASHED" } },
      "read/space",
      "Ann does not have read/space in ENG: the space is in the trash.",
    ],
    [
      "a missing licence",
      { isDataCenter: true },
      "read/space",
      "Ann does not have read/space in ENG: the account has no Confluence licence.",
    ],
  ])("tells %s", (_, scene, what, sentence) => {
    expect(explain(scene, what)).toBe(sentence);
  });
});
