import { describe, expect, it } from "vitest";
import { accessLimits } from "../../src/access/findPaths.js";
import { indexSpace } from "../../src/access/SpaceFacts.js";
import type { SpaceGrant } from "../../src/domain/Grant.js";
import type { AccountId, RoleId, SpaceId } from "../../src/domain/ids.js";
import { readSpace } from "../../src/domain/Operation.js";
import { ask, pathText } from "./scene.js";

describe("rule 8: paths", () => {
  it("orders paths by length, then by the name of the space grant's principal, by code point", () => {
    const { paths } = ask({
      account: { displayName: "Zoe" },
      groups: ["g1", "g2", "g3"],
      groupNames: { g1: "b", g2: "B", g3: "a" },
      grants: [
        "group:g1 read/space",
        "group:g2 read/space",
        "group:g3 read/space",
        "class:anonymous-users read/space",
        "account read/space",
      ],
    });
    expect(paths.map(pathText)).toEqual([
      "account > read/space",
      "anonymous-users > read/space",
      "g2 > read/space",
      "g3 > read/space",
      "g1 > read/space",
    ]);
    expect(paths.map(({ isDirect }) => isDirect)).toEqual([true, false, false, false, false]);
  });

  it("takes equal rows for one grant, and keeps every row for a revocation", () => {
    const { paths } = ask({ grants: ["account read/space", "account read/space"] });
    expect(paths).toHaveLength(1);
    const end = paths[0]?.end;
    expect(
      end?.kind === "GRANT" ? end.held.rows.map((row) => row.kind === "permission" && row.permissionId) : [],
    ).toEqual(["0", "1"]);
  });

  it("takes a role and a granular row for two grants", () => {
    const { paths } = ask({ grants: ["account role:editor", "account read/space"], roles: { editor: ["read/space"] } });
    expect(paths.map(pathText)).toEqual(["account > read/space", "account > role:editor"]);
  });

  it("finds both ways through nested groups, the shorter first", () => {
    const { paths } = ask({
      isDataCenter: true,
      globalGrants: ["account use/application"],
      groups: ["a"],
      parents: { a: ["b", "c"], b: ["c"], c: ["a"] },
      grants: ["group:c read/space"],
    });
    expect(paths.map(pathText)).toEqual(["a > c > read/space", "a > b > c > read/space"]);
  });

  it("names who is a member of what in each step", () => {
    const { paths } = ask({
      isDataCenter: true,
      globalGrants: ["account use/application"],
      groups: ["a"],
      parents: { a: ["b"] },
      grants: ["group:b read/space"],
    });
    expect(paths[0]?.memberships).toEqual([
      { member: { kind: "account", accountId: "ann" }, groupId: "a" },
      { member: { kind: "group", groupId: "a" }, groupId: "b" },
    ]);
  });

  it("says that there are more paths than it lists when groups are nested into a knot", () => {
    // Twenty layers of two groups, each in both of the next: a million shortest paths.
    const layers = Array.from({ length: 20 }, (_, layer) => [`${layer}a`, `${layer}b`] as const);
    const parents = Object.fromEntries(
      layers.slice(0, -1).flatMap((pair, layer) => pair.map((id) => [id, layers[layer + 1] ?? []])),
    );
    const decision = ask({
      isDataCenter: true,
      globalGrants: ["account use/application"],
      groups: ["0a", "0b"],
      parents,
      grants: ["group:19a read/space"],
    });
    expect(decision.decision).toBe("ALLOWED");
    expect(decision.paths).toHaveLength(accessLimits.paths);
    expect(decision.hasMorePaths).toBe(true);
  });

  it("gives up on a knot that leads nowhere, and says so", () => {
    // The account reaches the knot only through the group that holds the grant, so no way back through it is a path.
    const knot = Array.from({ length: 14 }, (_, index) => `knot${index}`);
    const decision = ask({
      isDataCenter: true,
      globalGrants: ["account use/application"],
      groups: ["team"],
      parents: {
        team: ["holder"],
        holder: knot,
        ...Object.fromEntries(knot.map((id) => [id, ["holder", ...knot.filter((other) => other !== id)]])),
      },
      grants: ["group:holder read/space"],
    });
    expect(decision.paths.map(pathText)).toEqual(["team > holder > read/space"]);
    expect(decision.hasMorePaths).toBe(true);
  });

  it("answers as of its oldest reading", () => {
    expect(ask({ grants: ["account read/space"] }).asOfMs).toBe(1_000);
    const list = <T>(items: readonly T[], asOfMs: number) => ({ items, gaps: [], asOfMs, assumptions: [] });
    const principal = { kind: "account", accountId: "a" as AccountId } as const;
    const space = { spaceId: "1" as SpaceId, status: "CURRENT", model: "ROLES", gaps: [] } as const;
    const held = (grant: SpaceGrant) =>
      indexSpace({ ...space, grants: list([grant], 1_000), roles: list([], 400) }).asOfMs;
    expect(held({ kind: "role", principal, roleId: "r" as RoleId })).toBe(400);
    expect(held({ kind: "permission", principal, permissionId: "1", operation: readSpace })).toBe(1_000);
  });
});
