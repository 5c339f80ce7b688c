import { describe, expect, it } from "vitest";
import { startProvisioning } from "../support/startProvisioning.js";
import { cloudWorld, human, permission, space } from "../support/worlds.js";
import { heldIn } from "./heldIn.js";
import { idsOf } from "./ids.js";

const modes = ["PRE_ROLES", "ROLES_TRANSITION", "ROLES"] as const;
type Mode = (typeof modes)[number];

/** Who is in the worlds below, by number: 1 is to lose administration. */
const closed = 8;
const app = 9;
const nobody = 99;

interface Holder {
  readonly type: "user" | "group" | "access-class";
  readonly id: string;
  /** False: administer/space without read/space. */
  readonly reads?: boolean;
}

const user = (number: number): Holder => ({ type: "user", id: human(number).accountId });
const group = (id: string): Holder => ({ type: "group", id });
const roleTypes = { user: "USER", group: "GROUP", "access-class": "ACCESS_CLASS" } as const;

/** Space 1, administered by some holders: by single permissions, or by roles where the site has them alone. */
function worldOf(mode: Mode, holders: readonly Holder[], parts: Readonly<Record<string, unknown>> = {}) {
  const isByRoles = mode !== "PRE_ROLES";
  return cloudWorld({
    mode,
    accounts: [
      ...[1, 2, 3].map(human),
      { ...human(closed), accountStatus: "closed" },
      { ...human(app), accountType: "app" },
    ],
    groups: [
      { id: "g-team", name: "team", members: [human(2).accountId, human(3).accountId] },
      { id: "g-empty", name: "empty", members: [] },
      { id: "g-left", name: "left", members: [human(closed).accountId, human(app).accountId] },
    ],
    roles: [
      {
        id: "admin",
        type: "SYSTEM",
        name: "Admin",
        description: "",
        spacePermissions: ["read/space", "administer/space"],
      },
      { id: "bare", type: "CUSTOM", name: "Bare", description: "", spacePermissions: ["administer/space"] },
    ],
    spaces: [
      space(1, {
        permissions: isByRoles
          ? []
          : holders.flatMap(({ type, id, reads = true }) => [
              ...(reads ? [permission(type, id)] : []),
              permission(type, id, "administer/space"),
            ]),
        roleAssignments: isByRoles
          ? holders.map(({ type, id, reads = true }) => ({
              principal: { principalType: roleTypes[type], principalId: id },
              roleId: reads ? "admin" : "bare",
            }))
          : [],
      }),
    ],
    ...parts,
  });
}

const administer = (mode: Mode, ids: ReturnType<typeof idsOf>) =>
  mode === "PRE_ROLES" ? { permissions: [{ operation: "administer", target: "space" }] } : { role: ids.role("admin") };

type Stack = Awaited<ReturnType<typeof startProvisioning>>;

async function revoke(stack: Stack, mode: Mode, principal = idsOf(stack.siteId).account(1), more: object = {}) {
  const ids = idsOf(stack.siteId);
  const { data, errors } = await stack.query(
    `mutation ($input: RevokeSpaceAccessInput!) { revokeSpaceAccess(input: $input) { outcome userErrors { code message field } } }`,
    { input: { space: ids.space(1), principal, ...administer(mode, ids), ...more } },
  );
  expect(errors).toBeUndefined();
  return data.revokeSpaceAccess;
}

const last = { outcome: "FAILED", userErrors: [{ code: "LAST_ADMINISTRATOR", field: ["principal"] }] };
const removed = { outcome: "REMOVED", userErrors: [] };

describe.each(modes)("who remains to administer a space, in mode %s", (mode) => {
  it.each([
    ["another active person", [user(2)], removed],
    ["a group with an active person in it", [group("g-team")], removed],
    ["nobody", [], last],
    ["a closed account", [user(closed)], last],
    ["an app", [user(app)], last],
    ["an account that is gone", [user(nobody)], last],
    ["a group without members", [group("g-empty")], last],
    ["a group that is gone", [group("g-vanished")], last],
    ["a group of a closed account and an app", [group("g-left")], last],
    ["somebody who may not read", [{ ...user(2), reads: false }], last],
    ["a group in which nobody may read", [{ ...group("g-team"), reads: false }], last],
    ["somebody after many who do not count", [user(closed), group("g-left"), user(app), group("g-team")], removed],
  ] satisfies readonly (readonly [string, readonly Holder[], object])[])("%s", async (_who, others, expected) => {
    await using stack = await startProvisioning(worldOf(mode, [user(1), ...others]));
    expect(await revoke(stack, mode)).toMatchObject(expected);
    expect(stack.writes()).toHaveLength(expected === last ? 0 : 1);
    // A dry run says the same.
    await using rehearsed = await startProvisioning(worldOf(mode, [user(1), ...others]));
    const { outcome, userErrors } = await revoke(rehearsed, mode, undefined, { dryRun: true });
    expect({ outcome, userErrors }).toMatchObject(expected === last ? last : { outcome: "PLANNED", userErrors: [] });
  });

  it("asks nothing of a space that had no administrator before", async () => {
    const holders = [user(closed), group("g-left"), user(app)];
    await using stack = await startProvisioning(worldOf(mode, holders));
    expect(await revoke(stack, mode, idsOf(stack.siteId).account(closed))).toMatchObject(removed);
  });

  it("is unknown where the members of the group that remains cannot be read, and then nothing is changed", async () => {
    await using stack = await startProvisioning(worldOf(mode, [user(1), group("g-team")]));
    await stack.fail({ match: "GET /wiki/rest/api/group/g-team/membersByGroupId*", status: 503, times: -1 });
    const { outcome, userErrors } = await stack.clock.hurry(() => revoke(stack, mode));
    expect([outcome, userErrors[0].code]).toEqual(["FAILED", "STATE_UNKNOWN"]);
    expect(stack.writes()).toEqual([]);
  });

  it("passes a handover in one request: the order counts", async () => {
    await using stack = await startProvisioning(worldOf(mode, [user(1)]));
    const ids = idsOf(stack.siteId);
    const place = { space: ids.space(1), ...administer(mode, ids) };
    const changes = [
      { grantSpaceAccess: { ...place, principal: ids.account(2) } },
      { revokeSpaceAccess: { ...place, principal: ids.account(1) } },
    ];
    const apply = async (list: readonly object[], dryRun: boolean) => {
      const { data } = await stack.query(
        `mutation ($input: ApplyAccessChangesInput!) { applyAccessChanges(input: $input) { changes { outcome userErrors { code } } } }`,
        { input: { changes: list, dryRun } },
      );
      return data.applyAccessChanges.changes.map(
        ({ outcome, userErrors }: { outcome: string; userErrors: { code: string }[] }) =>
          userErrors[0]?.code ?? outcome,
      );
    };
    expect(await apply(changes, true)).toEqual(["PLANNED", "PLANNED"]);
    expect(await apply([...changes].reverse(), true)).toEqual(["LAST_ADMINISTRATOR", "PLANNED"]);
    expect(await apply(changes, false)).toEqual(["CREATED", "REMOVED"]);
    expect(heldIn(stack.sandbox.world(), 1, human(2).accountId)).toContain(
      mode === "PRE_ROLES" ? "administer/space" : "role admin",
    );
  });

  it("leaves one of two who are taken away in one request, and asks Confluence for the other only", async () => {
    await using stack = await startProvisioning(worldOf(mode, [user(1), user(2)]));
    const ids = idsOf(stack.siteId);
    const { data } = await stack.query(
      `mutation ($changes: [AccessChangeInput!]!) { applyAccessChanges(input: { changes: $changes }) { changes { outcome userErrors { code field } } } }`,
      {
        changes: [1, 2].map((number) => ({
          revokeSpaceAccess: { space: ids.space(1), principal: ids.account(number), ...administer(mode, ids) },
        })),
      },
    );
    expect(data.applyAccessChanges.changes).toEqual([
      removed,
      {
        outcome: "FAILED",
        userErrors: [{ code: "LAST_ADMINISTRATOR", field: ["changes", "1", "revokeSpaceAccess", "principal"] }],
      },
    ]);
    expect(stack.writes()).toHaveLength(1);
  });
});

describe("a role whose definition is not told", () => {
  it.each(["ROLES_TRANSITION", "ROLES"] as const)(
    "fails closed in mode %s: nobody knows who administers",
    async (mode) => {
      const world = worldOf(mode, [user(1), user(2)]);
      await using stack = await startProvisioning(world);
      await stack.fail({
        match: "GET /wiki/api/v2/space-roles*",
        status: 200,
        body: { results: [], _links: {} },
        times: -1,
      });
      const { outcome, userErrors } = await revoke(stack, mode);
      expect([outcome, userErrors[0].code]).toEqual(["FAILED", "STATE_UNKNOWN"]);
      expect(stack.writes()).toEqual([]);
    },
  );
});

describe("classes", () => {
  it.each(["ROLES_TRANSITION", "ROLES"] as const)(
    "count by the people in them, in mode %s: licensed users, and the groups of administrators",
    async (mode) => {
      const everybody: Holder = { type: "access-class", id: "all-licensed-users" };
      await using licensed = await startProvisioning(worldOf(mode, [user(1), everybody]));
      expect(await revoke(licensed, mode)).toMatchObject(removed);

      const administrators: Holder = { type: "access-class", id: "all-product-admins" };
      const groups = (members: readonly string[]) => [{ id: "g-admins", name: "admins", accessType: "admin", members }];
      await using some = await startProvisioning(
        worldOf(mode, [user(1), administrators], { groups: groups([human(2).accountId]) }),
      );
      expect(await revoke(some, mode)).toMatchObject(removed);
      await using none = await startProvisioning(
        worldOf(mode, [user(1), administrators], { groups: groups([human(closed).accountId]) }),
      );
      expect(await revoke(none, mode)).toMatchObject(last);
    },
  );
});

describe("a space that is found without an administrator after a change", () => {
  it.each(modes)("is told in mode %s: the outcome stands, and userErrors say what is left", async (mode) => {
    await using stack = await startProvisioning(worldOf(mode, [user(1), user(2)]));
    const gone = { ...human(2), accountStatus: "closed", publicName: "Human 2", isExternalCollaborator: false };
    // The other administrator's account is closed while the change is under way.
    await stack.fail(
      { match: "POST /wiki/api/v2/users-bulk", delayMs: 1, times: 1 },
      { match: "POST /wiki/api/v2/users-bulk", status: 200, body: { results: [gone] }, times: -1 },
    );
    expect(await revoke(stack, mode)).toMatchObject({
      outcome: "REMOVED",
      userErrors: [{ code: "LAST_ADMINISTRATOR", field: [], message: expect.stringMatching(/was carried out/) }],
    });
    expect((await stack.audit()).at(-1)).toMatchObject({
      outcome: "REMOVED",
      fault: expect.stringMatching(/^LAST_ADMINISTRATOR/),
    });
  });
});

describe("what the question costs", () => {
  const callsOf = (stack: Stack) =>
    stack.calls().map((call) => call.replace(/\?.*/, "").replace("/wiki/api/v2", "").replace("/wiki/rest/api", ""));

  it("nothing for a change that takes administration from nobody", async () => {
    await using stack = await startProvisioning(worldOf("PRE_ROLES", [user(1), { ...user(2) }]));
    await revoke(stack, "PRE_ROLES", idsOf(stack.siteId).account(3), {
      permissions: [{ operation: "read", target: "space" }],
    });
    expect(callsOf(stack).filter((call) => /users-bulk|group/.test(call))).toEqual([]);
  });

  it("one call for people before, and one after, where another holds it directly", async () => {
    await using stack = await startProvisioning(worldOf("PRE_ROLES", [user(1), user(2), group("g-team")]));
    expect(await revoke(stack, "PRE_ROLES")).toMatchObject(removed);
    expect(callsOf(stack).filter((call) => /users-bulk|group/.test(call))).toEqual([
      "POST /users-bulk",
      "POST /users-bulk",
    ]);
  });

  it("the group, its members and their facts, before and after, where a group holds it", async () => {
    await using stack = await startProvisioning(worldOf("PRE_ROLES", [user(1), group("g-team")]));
    expect(await revoke(stack, "PRE_ROLES")).toMatchObject(removed);
    const reading = ["GET /group/by-id", "GET /group/g-team/membersByGroupId", "POST /users-bulk"];
    expect(callsOf(stack).filter((call) => /users-bulk|group/.test(call))).toEqual([...reading, ...reading]);
  });
});

describe.each(modes)("the only group that administers a space, in mode %s", (mode) => {
  const groups = (members: readonly number[]) => ({
    groups: [{ id: "g-only", name: "only", members: members.map((number) => human(number).accountId) }],
  });
  const emptying = `mutation ($group: ID!, $accounts: [ID!]!, $yes: Boolean! = false) {
    change: revokeGroupMembership(input: { group: $group, accounts: $accounts, acknowledgeAdministration: $yes }) { changes { outcome userErrors { code field } } }
  }`;
  const removing = `mutation ($group: ID!, $yes: Boolean! = false) {
    change: deleteGroup(input: { group: $group, acknowledgeAdministration: $yes }) { outcome userErrors { code field } }
  }`;
  const refusedFor = (...field: string[]) => ({
    outcome: "FAILED",
    userErrors: [{ code: "LAST_ADMINISTRATOR", field }],
  });

  it("keeps its last active person, however many leave at once, and may lose the others", async () => {
    await using stack = await startProvisioning(worldOf(mode, [group("g-only")], groups([2, 3, closed])));
    const ids = idsOf(stack.siteId);
    const leave = async (accounts: readonly number[], yes = false) => {
      const variables = { group: ids.group("g-only"), accounts: accounts.map((number) => ids.account(number)), yes };
      const { data, errors } = await stack.query(emptying, variables);
      expect(errors).toBeUndefined();
      return data.change.changes;
    };
    expect(await leave([2, 3])).toEqual([refusedFor("accounts", "0"), refusedFor("accounts", "1")]);
    expect(stack.writes()).toEqual([]);
    expect(await leave([2])).toEqual([removed]);
    expect(await leave([3])).toEqual([refusedFor("accounts", "0")]);
    expect(await leave([3], true)).toEqual([removed]);
  });

  it("is not deleted, unless somebody else administers the space or it is acknowledged", async () => {
    await using stack = await startProvisioning(worldOf(mode, [group("g-only")], groups([2])));
    const remove = async (on: Stack, yes: boolean) =>
      (await on.query(removing, { group: idsOf(on.siteId).group("g-only"), yes })).data.change;
    expect(await remove(stack, false)).toEqual(refusedFor("group"));
    expect(await remove(stack, true)).toEqual(removed);
    await using other = await startProvisioning(worldOf(mode, [group("g-only"), user(3)], groups([2])));
    expect(await remove(other, false)).toEqual(removed);
    await using empty = await startProvisioning(worldOf(mode, [group("g-only")], groups([closed])));
    expect(await remove(empty, false)).toEqual(removed);
  });
});
