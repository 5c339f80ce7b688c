import { describe, expect, it } from "vitest";
import { startProvisioning } from "../support/startProvisioning.js";
import { cloudWorld, human, permission, space } from "../support/worlds.js";
import { heldIn } from "./heldIn.js";
import { idsOf } from "./ids.js";

const administer = ["read/space", "administer/space"];
const role = (id: string, spacePermissions: readonly string[]) => ({
  ...{ id, type: "SYSTEM", name: id, description: "" },
  spacePermissions,
});
const assigned = (number: number, roleId: string) => ({
  principal: { principalType: "USER", principalId: human(number).accountId },
  roleId,
});
/** What is true now; each test makes the server remember something else first. */
const worldOf = (mode: string) =>
  cloudWorld({
    mode,
    accounts: [human(1), human(2)],
    groups: [{ id: "g-team", name: "team", members: [], managedBy: "EXTERNAL" }],
    roles: [role("chief", administer), role("deputy", ["read/space"])],
    spaces: [
      space(1, {
        permissions:
          mode === "ROLES"
            ? []
            : [permission("user", human(1).accountId), permission("user", human(1).accountId, "administer/space")],
        roleAssignments: mode === "ROLES" ? [assigned(1, "chief"), assigned(2, "deputy")] : [],
      }),
      space(2, {
        ...{ key: "SECRET", name: "Secret" },
        permissions: [
          permission("user", human(1).accountId),
          permission("user", human(1).accountId, "administer/space"),
        ],
      }),
    ],
  });

const grant = `mutation ($input: GrantSpaceAccessInput!) {
  change: grantSpaceAccess(input: $input) { outcome plan userErrors { code } resource { ... on Space { key name } } }
}`;
const revoke = `mutation ($input: RevokeSpaceAccessInput!) {
  change: revokeSpaceAccess(input: $input) { outcome userErrors { code } }
}`;
const permissions = [{ operation: "read", target: "space" }];

/** The site as it was: what the server reads and remembers before what is true now takes its place. */
async function startAfter(mode: string, match: string, body: unknown, reading: string) {
  const stack = await startProvisioning(worldOf(mode));
  await stack.fail({ match, times: 1, status: 200, body });
  const { data, errors } = await stack.query(reading, {}, { "cache-control": "no-cache" });
  expect(errors).toBeUndefined();
  await stack.forgetCalls();
  return { ...stack, ids: idsOf(stack.siteId), remembered: data };
}

const formerly = (parts: object) => {
  const { permissions: _rows, roleAssignments: _roles, ...row } = space(1) as Record<string, unknown>;
  return { results: [{ ...row, ...parts }], _links: {} };
};
const inTheOtherPlace = formerly({ key: "SECRET", name: "As it was" });
const spaceList = "GET /wiki/api/v2/spaces?status=current";
const readSpaces = "{ spaces { nodes { id key } } }";

describe("what a plan rests on is what is true now", () => {
  it.each([false, true])(
    "the key of a space, by which single permissions are written (dry run: %s)",
    async (dryRun) => {
      await using stack = await startAfter("PRE_ROLES", spaceList, inTheOtherPlace, readSpaces);
      const { ids } = stack;
      expect(stack.remembered.spaces.nodes).toEqual([{ id: ids.space(1), key: "SECRET" }]);
      const input = { space: ids.space(1), principal: ids.account(2), permissions, dryRun };
      const { data } = await stack.query(grant, { input });
      expect(data.change).toMatchObject({ outcome: dryRun ? "PLANNED" : "CREATED", resource: { key: "S1" } });
      expect(stack.writes()).toEqual(dryRun ? [] : ["POST /wiki/rest/api/space/S1/permission"]);
      expect(heldIn(stack.sandbox.world(), 2, human(2).accountId)).toEqual([]);
      for (const line of await stack.audit()) expect(line).toMatchObject({ subject: { spaceId: "1001" } });
    },
  );

  it("the mode of the site", async () => {
    const match = "GET /wiki/api/v2/space-role-mode";
    await using stack = await startAfter("ROLES", match, { mode: "PRE_ROLES" }, "{ sites { permissionModel } }");
    const { ids } = stack;
    expect(stack.remembered.sites).toEqual([{ permissionModel: "PRE_ROLES" }]);
    const input = { space: ids.space(1), principal: ids.account(2), permissions };
    const { data } = await stack.query(grant, { input });
    expect(data.change).toMatchObject({ outcome: "FAILED", userErrors: [{ code: "GRANULAR_ON_ROLES_SITE" }] });
    expect(stack.writes()).toEqual([]);
  });

  it("what a role gives: one that lost administer a moment ago leaves nobody who administers", async () => {
    const results = [role("chief", administer), role("deputy", administer)];
    const reading = "{ sites { spaceRoles { nodes { roleId permissions { operation } } } } }";
    const body = { results, _links: {} };
    await using stack = await startAfter("ROLES", "GET /wiki/api/v2/space-roles", body, reading);
    const { ids } = stack;
    const input = { space: ids.space(1), principal: ids.account(1), role: ids.role("chief") };
    const { data } = await stack.query(revoke, { input });
    expect(data.change).toEqual({ outcome: "FAILED", userErrors: [{ code: "LAST_ADMINISTRATOR" }] });
    expect(stack.writes()).toEqual([]);
  });

  it("who manages a group: one that became external a moment ago is not written to", async () => {
    const body = { results: [{ id: "g-team", name: "team", managedBy: "ADMINS" }], _links: {} };
    await using stack = await startAfter(
      "PRE_ROLES",
      "GET /wiki/rest/api/group",
      body,
      "{ groups { nodes { managedBy } } }",
    );
    const { ids } = stack;
    expect(stack.remembered.groups.nodes).toEqual([{ managedBy: "ADMINS" }]);
    const { data } = await stack.query(
      "mutation ($input: GrantGroupMembershipInput!) { grantGroupMembership(input: $input) { changes { outcome userErrors { code } } } }",
      { input: { group: ids.group("g-team"), accounts: [ids.account(2)] } },
    );
    expect(data.grantGroupMembership.changes).toEqual([
      { outcome: "FAILED", userErrors: [{ code: "GROUP_MANAGED_EXTERNALLY" }] },
    ]);
    expect(stack.writes()).toEqual([]);
  });

  it("who is there: nothing is granted to an account that is gone", async () => {
    const body = { results: [human(3)] };
    const reading = `{ account(accountId: "${human(3).accountId}") { displayName } }`;
    await using stack = await startAfter("PRE_ROLES", "POST /wiki/api/v2/users-bulk", body, reading);
    const { ids } = stack;
    expect(stack.remembered.account).toEqual({ displayName: "Human 3" });
    const input = { space: ids.space(1), principal: ids.account(3), permissions };
    const { data } = await stack.query(grant, { input });
    expect(data.change).toMatchObject({ outcome: "FAILED", userErrors: [{ code: "PRINCIPAL_NOT_FOUND" }] });
    expect(stack.writes()).toEqual([]);
  });
});

it("shows the payload of a mutation past every cache where no-cache asks for it", async () => {
  const reading = `{ account(accountId: "${human(2).accountId}") { displayName } }`;
  const body = { results: [{ ...human(2), displayName: "As it was" }] };
  await using stack = await startAfter("PRE_ROLES", "POST /wiki/api/v2/users-bulk", body, reading);
  const { ids } = stack;
  const input = { space: ids.space(1), principal: ids.account(2), permissions };
  const change = `mutation ($input: RevokeSpaceAccessInput!) {
    change: revokeSpaceAccess(input: $input) { outcome principal { ... on Account { displayName } } }
  }`;
  const shown = async (headers: Record<string, string>) => (await stack.query(change, { input }, headers)).data.change;
  expect(await shown({})).toEqual({ outcome: "NOT_PRESENT", principal: { displayName: "As it was" } });
  expect(await shown({ "cache-control": "no-cache" })).toEqual({
    ...{ outcome: "NOT_PRESENT", principal: { displayName: "Human 2" } },
  });
});
