import { describe, expect, it } from "vitest";
import type { AccessIndex } from "../../../src/access/index/AccessIndex.js";
import type { AccountId } from "../../../src/domain/ids.js";
import { smallDataCenterWorld } from "../../support/dataCenterWorlds.js";
import { cloudWorld, human, permission, space } from "../../support/worlds.js";
import { openFleet } from "./openFleet.js";

const [ann, ben, cat, dan] = [1, 2, 3, 4].map((number) => human(number).accountId as AccountId) as [
  AccountId,
  AccountId,
  AccountId,
  AccountId,
];
const all = { first: 1_000 };

/** A Cloud site with people who are suspended, groups that are gone, spaces that are archived, and roles where the model has them. */
function cloud(mode: "PRE_ROLES" | "ROLES_TRANSITION" | "ROLES") {
  const roles = [{ id: "viewer", type: "SYSTEM", name: "Viewer", description: "", spacePermissions: ["read/space"] }];
  const roleAssignments = [{ principal: { principalType: "GROUP", principalId: "g2" }, roleId: "viewer" }];
  const permissions = [permission("group", "g1"), permission("user", dan), permission("group", "gone")];
  return cloudWorld({
    mode,
    accounts: [human(1), human(2), { ...human(3), orgStatus: "suspended" }, human(4)],
    groups: [
      { id: "g1", name: "One", members: [ann, cat] },
      { id: "g2", name: "Two", members: [ben] },
    ],
    roles: mode === "PRE_ROLES" ? [] : roles,
    spaces: [
      space(1, mode === "ROLES" ? { roleAssignments } : { permissions }),
      space(2, {
        permissions: mode === "ROLES" ? [] : [permission("user", ann), permission("user", ann, "create/page")],
        roleAssignments: mode === "PRE_ROLES" ? [] : roleAssignments,
      }),
      space(3, { status: "archived", permissions: mode === "ROLES" ? [] : permissions }),
    ],
  });
}

const worlds = {
  "Cloud before roles": { world: cloud("PRE_ROLES"), hasOrganization: true },
  "Cloud on the way to roles": { world: cloud("ROLES_TRANSITION"), hasOrganization: true },
  "Cloud with roles": { world: cloud("ROLES"), hasOrganization: false },
  "Data Center": { world: smallDataCenterWorld(), hasOrganization: false },
} as const;

/** Everything that an index says of every account, space and operation; lists without an order in one. */
function everythingOf(index: AccessIndex): Record<string, unknown> {
  const accounts = [...index.inventory.accounts()].map(({ accountId }) => accountId).sort();
  const spaces = [...index.inventory.spaces()].map(({ spaceId }) => spaceId).sort();
  const operations = [...index.operations].sort((one, other) =>
    one.key + one.target < other.key + other.target ? -1 : 1,
  );
  const told: Record<string, unknown> = { operations, asOfMs: index.asOfMs, gaps: tidy(index.inventory.siteGaps()) };
  for (const spaceId of spaces) {
    told[`grants of ${spaceId}`] = tidy(index.grantsOf(spaceId));
    told[`who can in ${spaceId}`] = tidy(index.whoCan(spaceId, {}, all));
    for (const accountId of accounts)
      for (const operation of operations)
        told[`${accountId} ${operation.key}/${operation.target} ${spaceId}`] = [
          index.check(accountId, spaceId, operation),
          tidy(index.explain(accountId, spaceId, operation)),
        ];
  }
  for (const accountId of accounts) {
    told[`what ${accountId} can`] = tidy(index.whatCan(accountId, {}, all));
    told[`groups of ${accountId}`] = tidy(index.inventory.groupsOf(accountId));
    told[`last activity of ${accountId}`] = index.lastActivityOf(accountId);
  }
  return told;
}

function tidy(value: unknown): unknown {
  if (value instanceof Map || value instanceof Set) return tidy([...value]);
  if (Array.isArray(value))
    return value
      .map(tidy)
      .map((each) => JSON.stringify(each))
      .sort();
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, tidy(each)]));
}

describe("the index of a process that follows", () => {
  it.each(Object.keys(worlds) as (keyof typeof worlds)[])(
    "answers as that of the one that reads (%s)",
    async (name) => {
      await using fleet = await openFleet(worlds[name]);
      const one = fleet.join("one");
      // Of one group nothing can be read: what that leaves open is the same as well.
      await fleet.crawl.fail({ match: "GET /**/group/*/member*", status: 403 });
      const index = await fleet.ready(one);
      await fleet.pass(1_000);
      const two = fleet.join("two");
      const followed = await fleet.ready(two);
      const told = everythingOf(index);
      expect(index.operations.length).toBeGreaterThan(0);
      expect(everythingOf(followed)).toEqual(told);
      expect(two.index.status.gaps).toEqual(one.index.status.gaps);
      expect(two.index.status.gaps.length).toBeGreaterThan(0);
    },
  );
});
