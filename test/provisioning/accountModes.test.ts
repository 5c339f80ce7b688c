import { describe, expect, it } from "vitest";
import { startAccounts } from "../support/startAccounts.js";
import { cloudWorld, human, permission, space } from "../support/worlds.js";

const [admin, ada] = [human(1), human(2)];
const role = {
  id: "role-writer",
  type: "SYSTEM",
  name: "Writer",
  description: "Reads and writes",
  spacePermissions: ["read/space", "create/page"],
};

function worldIn(mode: string) {
  const hasRoles = mode !== "PRE_ROLES";
  return cloudWorld({
    mode,
    accounts: [
      { ...admin, managed: true },
      { ...ada, productRoles: ["atlassian/user"] },
    ],
    roles: hasRoles ? [role] : [],
    groups: [{ id: "g-team", name: "team", members: [admin.accountId] }],
    spaces: [
      space(1, {
        permissions: [permission("user", admin.accountId), permission("user", admin.accountId, "administer/space")],
      }),
    ],
  });
}

const provision = `mutation ($input: ProvisionAccountInput!) {
  provisionAccount(input: $input) {
    outcome userErrors { code } account { email }
    changes { outcome userErrors { code } grants { entitlement { __typename } } }
  }
}`;

/** A role's global id, as `Site.spaceRoles` would give it. */
const roleId = Buffer.from(JSON.stringify(["SpaceRole", "a", role.id])).toString("base64url");
const byPermissions = { permissions: [{ operation: "create", target: "page" }] };
const byRole = { role: roleId };

describe("provisioning an account with access to a space", () => {
  it.each([
    ["PRE_ROLES", "permissions", byPermissions, "CREATED", [], "SpacePermission"],
    ["PRE_ROLES", "a role", byRole, "FAILED", ["ROLES_NOT_AVAILABLE"], null],
    ["ROLES_TRANSITION", "permissions", byPermissions, "CREATED", [], "SpacePermission"],
    ["ROLES_TRANSITION", "a role", byRole, "CREATED", [], "SpaceRoleAssignment"],
    ["ROLES", "permissions", byPermissions, "FAILED", ["GRANULAR_ON_ROLES_SITE"], null],
    ["ROLES", "a role", byRole, "CREATED", [], "SpaceRoleAssignment"],
  ])("in mode %s by %s", async (mode, _how, wanted, outcome, codes, entitlement) => {
    await using stack = await startAccounts(worldIn(mode));
    const input = { email: "grace@example.com", groups: [], access: [{ space: stack.idOf("S1"), ...wanted }] };
    const first = await stack.query(provision, { input });
    expect(first.errors).toBeUndefined();
    const { provisionAccount } = first.data;
    expect(provisionAccount).toMatchObject({ outcome: "CREATED", account: { email: "grace@example.com" } });
    const [change] = provisionAccount.changes;
    expect(change).toMatchObject({ outcome, userErrors: codes.map((code) => ({ code })) });
    const kinds = (change.grants ?? []).map(
      (grant: { entitlement: { __typename: string } }) => grant.entitlement.__typename,
    );
    expect([...new Set(kinds)]).toEqual(entitlement === null ? [] : [entitlement]);

    await stack.forgetCalls("a");
    const again = (await stack.query(provision, { input })).data.provisionAccount;
    expect(again.outcome).toBe("ALREADY_EXISTS");
    expect(again.changes[0].outcome).toBe(outcome === "CREATED" ? "ALREADY_EXISTS" : "FAILED");
    expect(stack.writes()).toEqual([]);
  });
});

describe("suspending, restoring and removing an account, planned first", () => {
  it.each(["suspendAccount", "removeAccount"])(
    "%s writes nothing in a dry run, and then does what was planned",
    async (name) => {
      await using stack = await startAccounts(worldIn("ROLES"));
      const change = `mutation ($id: ID!, $dry: Boolean!) {
      change: ${name}(input: { account: $id, acknowledgeOrganizationWide: true, dryRun: $dry, reason: "left" }) { outcome plan }
    }`;
      const id = stack.idOf(ada.accountId);
      const planned = (await stack.query(change, { id, dry: true })).data.change;
      expect(planned.outcome).toBe("PLANNED");
      expect(stack.writes()).toEqual([]);
      expect(await stack.audit()).toEqual([]);
      const done = (await stack.query(change, { id, dry: false })).data.change;
      expect(done.plan).toEqual(planned.plan);
      expect(stack.writes()).toHaveLength(planned.plan.length);
      const audit = await stack.audit();
      expect(audit.map(({ phase, action, outcome }) => [phase, action, outcome])).toEqual([
        ["attempt", name, null],
        ["result", name, done.outcome],
      ]);
      expect(audit[1]).toMatchObject({ reason: "left", plan: planned.plan });

      if (name !== "suspendAccount") return;
      const restore = change.replace(name, "restoreAccount");
      await stack.forgetCalls("a");
      const plannedBack = (await stack.query(restore, { id, dry: true })).data.change;
      expect(plannedBack.outcome).toBe("PLANNED");
      expect(stack.writes()).toEqual([]);
      expect((await stack.query(restore, { id, dry: false })).data.change.plan).toEqual(plannedBack.plan);
      expect(stack.writes()).toHaveLength(1);
    },
  );
});
