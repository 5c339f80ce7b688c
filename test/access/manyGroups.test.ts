import { describe, expect, it } from "vitest";
import { evaluateBareDecision } from "../../src/access/evaluateBareDecision.js";
import { factsOf, gap, operation, type Scene } from "./scene.js";

const held = Array.from({ length: 30 }, (_, at) => `group-${at}`);
/** Groups that hold nothing here: with so many of its own, an account is looked for among all holders. */
const others = Array.from({ length: 60 }, (_, at) => `elsewhere-${at}`);
const decided = (scene: Scene) =>
  ["read/space", "create/page", "delete/space"].map((what) => evaluateBareDecision(factsOf(scene), operation(what)));

describe("an account in few of the groups that hold something", () => {
  const read = held.map((name) => `group:${name} read/space`);
  const grants = [
    ...read,
    "group:group-7 create/page",
    "group:gone create/page",
    "class:all-licensed-users create/page",
  ];
  const scenes: Readonly<Record<string, Scene>> = {
    "a member of one that reads and writes": { grants, groups: ["group-7"] },
    "a member of one that reads": { grants, groups: ["group-3"] },
    "a member of none": { grants, groups: [] },
    "by itself": { grants: [...read, "account read/space", "account create/page"] },
    "where one that writes is gone": { grants: [...grants, "group:gone read/space"], goneGroups: ["gone"] },
    "by a class alone": { grants: [...grants, "class:all-licensed-users read/space"] },
    "without a licence": { grants, groups: ["group-7"], account: { isLicensed: false } },
    "whose groups were not read whole": { grants, groups: ["group-3"], groupGaps: [gap("its groups")] },
    "through groups in groups": { grants, groups: ["below"], parents: { below: ["group-7"] }, isDataCenter: true },
    "where roles are not known": {
      grants: [...grants, ...held.map((name, at) => `group:${name} role:role-${at}`)],
      groups: ["group-4", "group-3"],
    },
    "while nobody knows whether roles count": {
      grants: [...grants, "group:group-3 role:editor", "group:group-4 role:editor"],
      groups: ["group-4", "group-3"],
      roles: { editor: ["create/page"] },
      space: { model: "UNKNOWN", gaps: [gap("the model")] },
    },
  };

  it.each(Object.entries(scenes))("is decided about as if each holder were looked at: %s", (_, scene) => {
    const among = decided({ ...scene, groups: [...(scene.groups ?? []), ...others] });
    expect(decided(scene)).toEqual(among);
  });

  it("holds what a group gives that it is in, and only that", () => {
    expect(decided(scenes["a member of one that reads and writes"] as Scene).map(({ decision }) => decision)).toEqual([
      "ALLOWED",
      "ALLOWED",
      "DENIED",
    ]);
    expect(decided(scenes["where one that writes is gone"] as Scene)[0]).toMatchObject({ assumptions: ["GROUP_GONE"] });
  });
});
