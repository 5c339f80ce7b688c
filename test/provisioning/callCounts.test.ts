import { describe, expect, it } from "vitest";
import type { SiteId, SpaceId } from "../../src/domain/ids.js";
import { encodeGlobalId } from "../../src/graph/schema/GlobalId.js";
import { granted } from "../support/dataCenterWorlds.js";
import { startDataCenterStack } from "../support/startDataCenterStack.js";
import { startProvisioning } from "../support/startProvisioning.js";
import { cloudWorld, human, permission, space } from "../support/worlds.js";
import { dataCenterIds } from "./dataCenterIds.js";
import { idsOf } from "./ids.js";

const spaces = 20;
const perSpace = 10;
const groups = 10;
const perGroup = 20;
const modes = ["PRE_ROLES", "ROLES_TRANSITION", "ROLES"] as const;

/** How often each call was made, its ids left aside. */
function countsOf(calls: readonly string[], ids: RegExp): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const call of calls) {
    const name = decodeURIComponent(call.split("?")[0] ?? "").replace(ids, "/{id}");
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

const apply = `mutation ($changes: [AccessChangeInput!]!) {
  applyAccessChanges(input: { changes: $changes }) { changes { outcome } userErrors { code } }
}`;

type Asking = Pick<Awaited<ReturnType<typeof startProvisioning>>, "query">;

async function created(stack: Asking, changes: readonly object[]): Promise<void> {
  const { data, errors } = await stack.query(apply, { changes });
  expect(errors).toBeUndefined();
  const outcomes = data.applyAccessChanges.changes.map(({ outcome }: { outcome: string }) => outcome);
  expect(outcomes).toEqual(changes.map(() => "CREATED"));
}

const twoHundred = <T>(outer: number, inner: number, make: (place: number, person: number) => T): T[] =>
  Array.from({ length: outer * inner }, (_, index) => make((index % outer) + 1, Math.floor(index / outer) + 2));

describe.each(modes)("what changes cost on Cloud in mode %s", (mode) => {
  const adminRole = { principal: { principalType: "USER", principalId: human(1).accountId }, roleId: "admin" };
  const world = cloudWorld({
    mode,
    accounts: Array.from({ length: 21 }, (_, index) => human(index + 1)),
    groups: Array.from({ length: groups }, (_, index) => ({
      id: `g-${index + 1}`,
      name: `g${index + 1}`,
      members: [],
    })),
    roles: [
      {
        id: "admin",
        type: "SYSTEM",
        name: "Admin",
        description: "",
        spacePermissions: ["read/space", "administer/space"],
      },
      { id: "reader", type: "SYSTEM", name: "Reader", description: "", spacePermissions: ["read/space"] },
    ],
    spaces: Array.from({ length: spaces }, (_, index) =>
      space(index + 1, {
        permissions: [
          permission("user", human(1).accountId),
          permission("user", human(1).accountId, "administer/space"),
        ],
        roleAssignments: mode === "PRE_ROLES" ? [] : [adminRole],
      }),
    ),
  });
  const idPattern = /\/(?:10\d\d|S\d+|g-\d+)(?=\/|$)/;
  async function start() {
    const stack = await startProvisioning(world);
    // What was read at the start is older than what comes, if only by a millisecond.
    stack.clock.shift(1);
    stack.clock.stop();
    await stack.forgetCalls();
    return { ...stack, ids: idsOf(stack.siteId) };
  }
  type Started = Awaited<ReturnType<typeof start>>;
  const access = ({ ids }: Started, place: number, person: number) => ({
    grantSpaceAccess: {
      ...{ space: ids.space(place), principal: ids.account(person) },
      ...(mode === "ROLES" ? { role: ids.role("reader") } : { permissions: [{ operation: "read", target: "space" }] }),
    },
  });
  const isWrittenByRole = mode === "ROLES";
  const hasRoles = mode !== "PRE_ROLES";
  /** Places are read before and after; what serves them all is read once. */
  const ofSpaces = (places: number, changes: number) => ({
    "GET /wiki/api/v2/space-role-mode": 1,
    "GET /wiki/api/v2/spaces": 1,
    "POST /wiki/api/v2/users-bulk": 1,
    "GET /wiki/api/v2/spaces/{id}/permissions": 2 * places,
    ...(hasRoles
      ? { "GET /wiki/api/v2/space-roles": 1, "GET /wiki/api/v2/spaces/{id}/role-assignments": 2 * places }
      : {}),
    ...(isWrittenByRole
      ? { "POST /wiki/api/v2/spaces/{id}/role-assignments": changes }
      : { "POST /wiki/rest/api/space/{id}/permission": changes }),
  });
  const ofGroups = (places: number, changes: number, asked: number) => ({
    "GET /wiki/rest/api/group/{id}/membersByGroupId": 2 * places,
    "GET /wiki/rest/api/user/memberof": asked,
    "POST /wiki/api/v2/users-bulk": 1,
    "POST /wiki/rest/api/group/userByGroupId": changes,
  });

  it("one grant", async () => {
    await using stack = await start();
    await created(stack, [access(stack, 1, 2)]);
    expect(countsOf(stack.calls(), idPattern)).toEqual(ofSpaces(1, 1));
  });

  it("two hundred grants in twenty spaces", async () => {
    await using stack = await start();
    await created(
      stack,
      twoHundred(spaces, perSpace, (place, person) => access(stack, place, person)),
    );
    expect(countsOf(stack.calls(), idPattern)).toEqual(ofSpaces(spaces, 200));
  });

  it("one membership", async () => {
    await using stack = await start();
    const { ids } = stack;
    await created(stack, [{ grantGroupMembership: { group: ids.group("g-1"), account: ids.account(2) } }]);
    expect(countsOf(stack.calls(), idPattern)).toEqual({
      "GET /wiki/rest/api/group/by-id": 1,
      ...ofGroups(1, 1, 1),
    });
  });

  it("two hundred memberships of ten groups", async () => {
    await using stack = await start();
    const { ids } = stack;
    await created(
      stack,
      twoHundred(groups, perGroup, (place, person) => ({
        grantGroupMembership: { group: ids.group(`g-${place}`), account: ids.account(person) },
      })),
    );
    expect(countsOf(stack.calls(), idPattern)).toEqual({
      // All groups at once, and each account's groups once: lists leave out who is suspended.
      "GET /wiki/rest/api/group": 1,
      ...ofGroups(groups, 200, perGroup),
    });
  });
});

describe("what it costs on Cloud without an organization to end a membership that is not there", () => {
  it("the group, its list, and the groups of an account of which nothing else is asked", async () => {
    const groupsOfWorld = [
      { id: "g-1", name: "g1", members: [] },
      { id: "g-2", name: "g2", members: [human(2).accountId] },
    ];
    await using stack = await startProvisioning(cloudWorld({ accounts: [human(1), human(2)], groups: groupsOfWorld }));
    await stack.forgetCalls();
    const ids = idsOf(stack.siteId);
    const { data } = await stack.query(apply, {
      changes: [{ revokeGroupMembership: { group: ids.group("g-1"), account: ids.account(2) } }],
    });
    expect(data.applyAccessChanges.changes).toEqual([{ outcome: "NOT_PRESENT" }]);
    expect(countsOf(stack.calls(), /never/)).toEqual({
      "GET /wiki/rest/api/group/by-id": 1,
      "GET /wiki/rest/api/group/g-1/membersByGroupId": 1,
      // Pages of it, until an empty one.
      "GET /wiki/rest/api/user/memberof": 2,
    });
  });
});

const keyOf = (person: number) => `2c958083${String(person).padStart(24, "0")}`;

describe("what changes cost on Data Center 10.2", () => {
  const world = {
    dataCenter: {
      ...{ version: "10.2.0", contextPath: "/confluence", administrators: ["confluence-administrators"] },
      users: Array.from({ length: 21 }, (_, index) => ({
        ...{ userKey: keyOf(index + 1), username: index === 0 ? "admin" : `person${index + 1}` },
        ...{ displayName: `Person ${index + 1}`, email: `p${index + 1}@example.com`, status: "current" },
      })),
      groups: [
        { name: "confluence-administrators", members: ["admin"] },
        ...Array.from({ length: groups }, (_, index) => ({ name: `g-${index + 1}`, members: [] })),
      ],
      spaces: Array.from({ length: spaces }, (_, index) => ({
        ...{ id: 2_001 + index, key: `S${index + 1}`, name: `Space ${index + 1}`, type: "global", status: "current" },
        permissions: granted({ type: "user", userKey: keyOf(1) }, "read/space", "administer/space"),
      })),
      globalPermissions: granted({ type: "group", name: "confluence-administrators" }, "use/application"),
    },
  };
  const idPattern = /\/(?:S\d+|g-\d+|person\d+|2c958083\d+)(?=\/|$)/g;
  async function start() {
    const stack = await startDataCenterStack({ world });
    stack.clock.stop();
    await stack.forgetCalls();
    const spaceId = (number: number) =>
      encodeGlobalId({ type: "Space", siteId: stack.siteId as SiteId, spaceId: String(2_000 + number) as SpaceId });
    return { ...stack, ids: dataCenterIds(stack.siteId), spaceId };
  }
  type Started = Awaited<ReturnType<typeof start>>;
  const access = ({ ids, spaceId }: Started, place: number, person: number) => ({
    grantSpaceAccess: {
      ...{ space: spaceId(place), principal: ids.account(keyOf(person)) },
      permissions: [{ operation: "read", target: "space" }],
    },
  });

  it("one grant", async () => {
    await using stack = await start();
    await created(stack, [access(stack, 1, 2)]);
    expect(countsOf(stack.calls(), idPattern)).toEqual({
      "GET /confluence/rest/api/space": 1,
      "GET /confluence/rest/api/space/{id}/permissions": 2,
      "GET /confluence/rest/api/user": 1,
      "PUT /confluence/rest/api/space/{id}/permissions/user/{id}/grant": 1,
    });
  });

  it("two hundred grants in twenty spaces", async () => {
    await using stack = await start();
    await created(
      stack,
      twoHundred(spaces, perSpace, (place, person) => access(stack, place, person)),
    );
    expect(countsOf(stack.calls(), idPattern)).toEqual({
      // All spaces and all people at once, as far as the site has calls for many: people are one call each.
      "GET /confluence/rest/api/space": 1,
      "GET /confluence/rest/api/space/{id}/permissions": 2 * spaces,
      "GET /confluence/rest/api/user": perSpace,
      "PUT /confluence/rest/api/space/{id}/permissions/user/{id}/grant": 200,
    });
  });

  it("one membership", async () => {
    await using stack = await start();
    const { ids } = stack;
    await created(stack, [{ grantGroupMembership: { group: ids.group("g-1"), account: ids.account(keyOf(2)) } }]);
    expect(countsOf(stack.calls(), idPattern)).toEqual({
      "GET /confluence/rest/api/group/{id}": 1,
      "GET /confluence/rest/api/group/{id}/member": 2,
      // For the plan; it is written to by the name that was read for that.
      "GET /confluence/rest/api/user": 1,
      "PUT /confluence/rest/api/user/{id}/group/{id}": 1,
    });
  });

  it("two hundred memberships of ten groups", async () => {
    await using stack = await start();
    const { ids } = stack;
    await created(
      stack,
      twoHundred(groups, perGroup, (place, person) => ({
        grantGroupMembership: { group: ids.group(`g-${place}`), account: ids.account(keyOf(person)) },
      })),
    );
    expect(countsOf(stack.calls(), idPattern)).toEqual({
      "GET /confluence/rest/api/group": 1,
      "GET /confluence/rest/api/group/{id}/member": 2 * groups,
      "GET /confluence/rest/api/user": perGroup,
      "PUT /confluence/rest/api/user/{id}/group/{id}": 200,
    });
  });
});
