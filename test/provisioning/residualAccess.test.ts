import { describe, expect, it } from "vitest";
import { startProvisioning } from "../support/startProvisioning.js";
import { cloudWorld, human, permission, space } from "../support/worlds.js";
import { changeOutside } from "./changeOutside.js";
import { idsOf } from "./ids.js";

const world = cloudWorld({
  mode: "ROLES_TRANSITION",
  accounts: [human(1), human(2), human(3)],
  groups: [
    { id: "g-readers", name: "readers", members: [human(2).accountId] },
    { id: "g-other", name: "other", members: [human(1).accountId] },
    { id: "g-late", name: "late", members: [] },
  ],
  roles: [
    { id: "reader", type: "SYSTEM", name: "Reader", description: "", spacePermissions: ["read/space", "create/page"] },
  ],
  spaces: [
    space(1, {
      permissions: [
        permission("user", human(1).accountId),
        permission("user", human(1).accountId, "administer/space"),
        permission("user", human(2).accountId),
        permission("user", human(2).accountId, "create/page"),
        permission("user", human(3).accountId),
        permission("group", "g-readers"),
        permission("group", "g-late"),
        permission("group", "g-late", "create/page"),
      ],
      roleAssignments: [
        { principal: { principalType: "ACCESS_CLASS", principalId: "all-product-admins" }, roleId: "reader" },
        { principal: { principalType: "GROUP", principalId: "g-late" }, roleId: "reader" },
      ],
    }),
  ],
});

const residual = `residualAccess {
  permissions { permission { operation target } decision explanation paths { isSuperUser grants { entitlement { __typename } principal { __typename ... on Group { name } } } } }
  completeness { isComplete gaps { missing } }
}`;
const revoke = `mutation ($input: RevokeSpaceAccessInput!) {
  change: revokeSpaceAccess(input: $input) { outcome plan userErrors { code message } ${residual} }
}`;
const apply = `mutation ($changes: [AccessChangeInput!]!, $dryRun: Boolean) {
  change: applyAccessChanges(input: { changes: $changes, dryRun: $dryRun }) { changes { outcome userErrors { code message } ${residual} } }
}`;
const read = [{ operation: "read", target: "space" }];
const ended = { permissions: [], completeness: { isComplete: true, gaps: [] } };

type Left = { permission: { operation: string; target: string }; decision: string };
const left = ({ permissions }: { permissions: Left[] }) =>
  permissions.map(({ permission, decision }) => `${permission.operation}/${permission.target} ${decision}`);

async function start() {
  const stack = await startProvisioning(world);
  const ids = idsOf(stack.siteId);
  return { ...stack, ids, change: changeOutside(stack) };
}

describe("what is left to an account after a revocation", () => {
  it("is told with the grants that give it", async () => {
    await using stack = await start();
    const { ids } = stack;
    const input = { space: ids.space(1), principal: ids.account(2), permissions: read };
    const { data, errors } = await stack.query(revoke, { input });
    expect(errors).toBeUndefined();
    expect(data.change).toMatchObject({
      outcome: "REMOVED",
      residualAccess: {
        completeness: { isComplete: true, gaps: [] },
        permissions: [
          {
            permission: { operation: "read", target: "space" },
            decision: "ALLOWED",
            explanation: expect.stringMatching(/Human 2 .*in S1.*through membership of readers/),
            paths: [
              {
                grants: [
                  { entitlement: { __typename: "GroupMembership" }, principal: { __typename: "Account" } },
                  {
                    entitlement: { __typename: "SpacePermission" },
                    principal: { __typename: "Group", name: "readers" },
                  },
                ],
              },
            ],
          },
        ],
      },
    });
  });

  it("is told by groups that it came into a moment ago, though older ones are remembered", async () => {
    await using stack = await start();
    const { ids } = stack;
    await stack.query("{ accounts { nodes { groups { nodes { name } } } } }");
    await stack.change("POST", "/wiki/rest/api/group/userByGroupId?groupId=g-late", {
      accountId: human(3).accountId,
    });
    const input = { space: ids.space(1), principal: ids.account(3), permissions: read };
    const { data } = await stack.query(revoke, { input });
    expect(data.change.outcome).toBe("REMOVED");
    expect(left(data.change.residualAccess)).toEqual(["create/page ALLOWED", "read/space ALLOWED"]);
  });

  it("is nothing, and the access ended, once all that gave it is gone", async () => {
    await using stack = await start();
    const { ids } = stack;
    const input = { space: ids.space(1), principal: ids.account(3), permissions: read };
    const { data } = await stack.query(revoke, { input });
    expect(data.change).toMatchObject({ outcome: "REMOVED", residualAccess: ended });
  });

  it("is told by the class of administrators for whom a group of administrators makes one", async () => {
    const admins = { id: "g-admins", name: "admins", accessType: "admin", members: [human(3).accountId] };
    await using stack = await startProvisioning({ cloud: { ...world.cloud, groups: [admins] } });
    const ids = idsOf(stack.siteId);
    const input = { space: ids.space(1), principal: ids.account(3), permissions: read };
    const { data } = await stack.query(revoke, { input });
    expect(data.change.outcome).toBe("REMOVED");
    expect(left(data.change.residualAccess)).toEqual(["create/page ALLOWED", "read/space ALLOWED"]);
  });

  it("leaves nothing open by a group that is gone, although the groups are not told", async () => {
    const rows = [permission("user", human(3).accountId), permission("group", "g-gone")];
    await using stack = await startProvisioning(
      cloudWorld({ accounts: [human(1), human(3)], spaces: [space(1, { permissions: rows })] }),
    );
    const ids = idsOf(stack.siteId);
    await stack.fail({ match: "GET /wiki/rest/api/user/memberof", times: -1, status: 403 });
    const input = { space: ids.space(1), principal: ids.account(3), permissions: read };
    const { data } = await stack.query(revoke, { input });
    expect(data.change.outcome).toBe("REMOVED");
    expect(left(data.change.residualAccess)).toEqual([]);
  });

  it.each([
    ["groups", "GET /wiki/rest/api/user/memberof", 404, "groups of account"],
    ["groups", "GET /wiki/rest/api/user/memberof", 403, "groups of account"],
    ["own facts", "POST /wiki/api/v2/users-bulk", 500, "account"],
  ])("is not said to be nothing when its %s are not told (%s, %i)", async (_what, match, status, missing) => {
    await using stack = await start();
    const { ids } = stack;
    await stack.query("{ accounts { nodes { groups { nodes { name } } } } }");
    await stack.fail({ match, times: -1, status });
    const input = { space: ids.space(1), principal: ids.account(3), permissions: read };
    const { data } = await stack.query(revoke, { input });
    expect(data.change.outcome).toBe("REMOVED");
    const { completeness, permissions } = data.change.residualAccess;
    expect(completeness.isComplete).toBe(false);
    expect(completeness.gaps[0].missing).toContain(missing);
    expect(permissions.every(({ decision }: Left) => decision === "UNKNOWN")).toBe(true);
  });

  it("is not said to be nothing when the space's permissions are not told any more", async () => {
    await using stack = await start();
    const { ids } = stack;
    await stack.query("{ spaces { nodes { grants { nodes { id } } } } }");
    await stack.fail({ match: "GET /wiki/api/v2/spaces/*/permissions", times: -1, status: 404 });
    const input = { space: ids.space(1), principal: ids.account(3), permissions: read };
    const { data } = await stack.query(revoke, { input });
    expect(data.change.outcome).toBe("FAILED");
    expect(data.change.residualAccess.completeness.isComplete).toBe(false);
  });

  it("reads what the space grants no more often than the change itself", async () => {
    await using stack = await start();
    const { ids } = stack;
    const input = { space: ids.space(1), principal: ids.account(2), permissions: read };
    await stack.query(revoke, { input });
    expect(stack.countCalls("GET", /\/spaces\/1001\/permissions$/)).toBe(2);
    expect(stack.countCalls("GET", /\/spaces\/1001\/role-assignments$/)).toBe(2);
  });
});

describe("what is left to a group or a class after a revocation", () => {
  it("is what it itself still holds, by rows and by its role", async () => {
    await using stack = await start();
    const { ids } = stack;
    const page = [{ operation: "create", target: "page" }];
    const input = { space: ids.space(1), principal: ids.group("g-late"), permissions: page };
    const { data, errors } = await stack.query(revoke, { input });
    expect(errors).toBeUndefined();
    expect(data.change.outcome).toBe("REMOVED");
    const { residualAccess } = data.change;
    expect(residualAccess.completeness.isComplete).toBe(true);
    expect(left(residualAccess)).toEqual(["create/page ALLOWED", "read/space ALLOWED"]);
    expect(residualAccess.permissions[0]).toMatchObject({
      explanation: "late itself holds create/page in S1.",
      paths: [{ isSuperUser: false, grants: [{ entitlement: { __typename: "SpaceRoleAssignment" } }] }],
    });
  });

  it("is nothing of a group without its last row, whatever its members hold by themselves", async () => {
    await using stack = await start();
    const { ids } = stack;
    const input = { space: ids.space(1), principal: ids.group("g-readers"), permissions: read };
    const { data } = await stack.query(revoke, { input });
    expect(data.change).toMatchObject({ outcome: "REMOVED", residualAccess: ended });
  });

  it("is nothing of a class without its role", async () => {
    await using stack = await start();
    const { ids } = stack;
    const input = { space: ids.space(1), principal: ids.accessClass("all-product-admins"), role: ids.role("reader") };
    const { data } = await stack.query(revoke, { input });
    expect(data.change).toMatchObject({ outcome: "REMOVED", residualAccess: ended });
  });
});

describe("what would be left, by a dry run", () => {
  const changesOf = (ids: ReturnType<typeof idsOf>) => [
    { revokeSpaceAccess: { space: ids.space(1), principal: ids.account(2), permissions: read } },
    { revokeGroupMembership: { group: ids.group("g-readers"), account: ids.account(2) } },
    { revokeSpaceAccess: { space: ids.space(1), principal: ids.group("g-late"), permissions: read } },
    { grantGroupMembership: { group: ids.group("g-late"), account: ids.account(3) } },
    { revokeSpaceAccess: { space: ids.space(1), principal: ids.account(3), permissions: read } },
  ];

  it("is what the run leaves, with everything that the request changes", async () => {
    await using stack = await start();
    const { ids } = stack;
    const dry = await stack.query(apply, { changes: changesOf(ids), dryRun: true });
    expect(stack.writes()).toEqual([]);
    const run = await stack.query(apply, { changes: changesOf(ids), dryRun: false });
    const told = (answer: typeof run) =>
      answer.data.change.changes.map(({ residualAccess }: { residualAccess: { permissions: Left[] } | null }) =>
        residualAccess === null ? null : left(residualAccess),
      );
    const role = ["create/page ALLOWED", "read/space ALLOWED"];
    expect(told(run)).toEqual([[], null, role, null, role]);
    expect(told(dry)).toEqual(told(run));
    expect(dry.data.change.changes.map(({ outcome }: { outcome: string }) => outcome)).toEqual(
      Array.from({ length: 5 }, () => "PLANNED"),
    );
  });
});
