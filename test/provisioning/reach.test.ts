import { describe, expect, it } from "vitest";
import { defaultCredential } from "../../sandbox/src/oauth/credentials.js";
import { dcGroups, dcUsers, smallDataCenterWorld } from "../support/dataCenterWorlds.js";
import { startAccounts } from "../support/startAccounts.js";
import { startDataCenterStack } from "../support/startDataCenterStack.js";
import { startProvisioning } from "../support/startProvisioning.js";
import { cloudWorld, human, permission, space } from "../support/worlds.js";
import { dataCenterIds } from "./dataCenterIds.js";
import { idsOf } from "./ids.js";

const answer = "outcome reach plan userErrors { code field }";
const unacknowledged = (field: string) => [{ code: "ACKNOWLEDGEMENT_REQUIRED", field: [field] }];

const world = cloudWorld({
  mode: "ROLES",
  accounts: [
    // Whose credential this service has.
    { ...human(1), email: defaultCredential.email, productRoles: ["atlassian/user"] },
    { ...human(2), productRoles: ["atlassian/user"] },
    human(3),
  ],
  groups: [
    { id: "g-team", name: "team", members: [human(2).accountId] },
    { id: "g-admins", name: "admins", accessType: "admin", members: [human(1).accountId] },
  ],
  roles: ["read/space", "administer/space"].map((_name, index, names) => ({
    id: `role-${index}`,
    type: "SYSTEM",
    name: `Role ${index}`,
    description: "",
    spacePermissions: names.slice(0, index + 1),
  })),
  spaces: [space(1, { permissions: [permission("user", human(1).accountId)] })],
});

describe("how far a change reaches", () => {
  it.each([
    ["anonymous-users", "role-0", ["EVERYONE"], null],
    ["anonymous-users", "role-1", ["ADMINISTRATION", "EVERYONE"], "acknowledgeAdministration"],
    ["all-licensed-users", "role-1", ["ADMINISTRATION", "EVERYONE"], "acknowledgeAdministration"],
    ["all-product-admins", "role-1", [], null],
  ] as const)("a role for %s: %s", async (classId, roleId, reach, asked) => {
    await using stack = await startProvisioning(world);
    const ids = idsOf(stack.siteId);
    const grant = async (more: object) => {
      const { data, errors } = await stack.query(
        `mutation ($input: GrantSpaceAccessInput!) { grantSpaceAccess(input: $input) { ${answer} } }`,
        { input: { space: ids.space(1), accessClassId: classId, role: ids.role(roleId), ...more } },
      );
      expect(errors).toBeUndefined();
      return data.grantSpaceAccess;
    };
    expect(await grant({ dryRun: true })).toMatchObject({ outcome: "PLANNED", reach, userErrors: [] });
    if (asked !== null) {
      expect(await grant({})).toMatchObject({ outcome: "FAILED", reach, userErrors: unacknowledged(asked) });
      expect(stack.writes()).toEqual([]);
    }
    const more = asked === null ? {} : { [asked]: true };
    expect(await grant(more)).toMatchObject({ outcome: "CREATED", reach, userErrors: [] });
    expect((await stack.audit()).at(-1)).toMatchObject({ reach, ...(asked === null ? {} : { acknowledged: [asked] }) });
  });

  it("an acknowledgement is added under the same request id, and counts as no other input", async () => {
    await using stack = await startProvisioning(world);
    const ids = idsOf(stack.siteId);
    const grant = async (requestId: string, more: object = {}) => {
      const { data, errors } = await stack.query(
        `mutation ($input: GrantSpaceAccessInput!) { grantSpaceAccess(input: $input) { outcome userErrors { code field } } }`,
        {
          input: {
            space: ids.space(1),
            accessClassId: "anonymous-users",
            role: ids.role("role-1"),
            requestId,
            ...more,
          },
        },
      );
      expect(errors).toBeUndefined();
      return data.grantSpaceAccess;
    };
    const refusal = { outcome: "FAILED", userErrors: unacknowledged("acknowledgeAdministration") };
    expect([await grant("meant"), await grant("meant")]).toEqual([refusal, refusal]);
    const reused = [{ code: "REQUEST_ID_REUSED", field: ["requestId"] }];
    const isMeant = { acknowledgeAdministration: true };
    expect(await grant("meant", { ...isMeant, role: ids.role("role-0") })).toMatchObject({ userErrors: reused });
    expect(stack.writes()).toEqual([]);
    expect(await grant("meant", isMeant)).toEqual({ outcome: "CREATED", userErrors: [] });
    // It ended: that is its answer, with the acknowledgement and without.
    await stack.forgetCalls();
    expect([await grant("meant"), await grant("meant", isMeant)]).toMatchObject([
      { outcome: "CREATED" },
      { outcome: "CREATED" },
    ]);
    expect(stack.writes()).toEqual([]);
  });

  it("a group's deletion reaches the whole organization where there is one, and nothing else where there is none", async () => {
    const remove = `mutation ($id: ID!, $yes: Boolean! = false, $dry: Boolean! = false) {
      deleteGroup(input: { group: $id, acknowledgeOrganizationWide: $yes, dryRun: $dry }) { ${answer} }
    }`;
    await using organized = await startAccounts(world);
    const id = organized.idOf("team");
    const dry = await organized.query(remove, { id, dry: true });
    expect(dry.data.deleteGroup).toMatchObject({ outcome: "PLANNED", reach: ["ORGANIZATION_WIDE"], userErrors: [] });
    const refused = await organized.query(remove, { id });
    expect(refused.data.deleteGroup).toMatchObject({
      outcome: "FAILED",
      userErrors: unacknowledged("acknowledgeOrganizationWide"),
    });
    expect(organized.writes()).toEqual([]);
    expect((await organized.query(remove, { id, yes: true })).data.deleteGroup.outcome).toBe("REMOVED");

    await using alone = await startAccounts(world, { hasOrganization: false });
    const { data } = await alone.query(remove, { id: alone.idOf("team") });
    expect(data.deleteGroup).toMatchObject({ outcome: "REMOVED", reach: [] });
  });

  it("a product role beyond user and guest is administration", async () => {
    await using stack = await startAccounts(world);
    const provision = async (role: string, more = "") => {
      const { data, errors } = await stack.query(
        `mutation { provisionAccount(input: { email: "new@example.com", productRole: "${role}" ${more} }) { ${answer} } }`,
      );
      expect(errors).toBeUndefined();
      return data.provisionAccount;
    };
    expect(await provision("atlassian/admin", "dryRun: true")).toMatchObject({
      reach: ["ADMINISTRATION"],
      userErrors: [],
    });
    expect(await provision("atlassian/admin")).toMatchObject({
      outcome: "FAILED",
      userErrors: unacknowledged("acknowledgeAdministration"),
    });
    expect(stack.writes()).toEqual([]);
    expect(await provision("atlassian/guest", "dryRun: true")).toMatchObject({ outcome: "PLANNED", reach: [] });
  });

  it.each(["8.3.0", "10.2.0"])("the super group of Data Center %s is administration", async (version) => {
    await using stack = await startDataCenterStack({ world: smallDataCenterWorld(version) });
    const ids = dataCenterIds(stack.siteId);
    const grant = async (more: object) => {
      const { data, errors } = await stack.query(
        `mutation ($input: GrantGroupMembershipInput!) { grantGroupMembership(input: $input) { changes { ${answer} } } }`,
        { input: { group: ids.group(dcGroups.administrators), accounts: [ids.account(dcUsers.ben)], ...more } },
      );
      expect(errors).toBeUndefined();
      return data.grantGroupMembership.changes[0];
    };
    expect(await grant({ dryRun: true })).toMatchObject({ outcome: "PLANNED", reach: ["ADMINISTRATION"] });
    expect(await grant({})).toMatchObject({
      outcome: "FAILED",
      userErrors: unacknowledged("acknowledgeAdministration"),
    });
    expect(stack.writes()).toEqual([]);
    expect(await grant({ acknowledgeAdministration: true })).toMatchObject({ outcome: "CREATED", userErrors: [] });
  });
});

describe("our own account and our own way in", () => {
  const own = [{ code: "OWN_ACCOUNT", field: ["account"] }];

  it.each(["suspendAccount", "removeAccount"])("%s is refused for it in an organization", async (name) => {
    await using stack = await startAccounts(world);
    const change = `mutation ($id: ID!) { change: ${name}(input: { account: $id, acknowledgeOrganizationWide: true }) { ${answer} } }`;
    const { data: answered } = await stack.query(change, { id: stack.idOf(human(1).accountId) });
    expect(answered.change).toMatchObject({ outcome: "FAILED", userErrors: own });
    expect(stack.writes()).toEqual([]);
    const { data: other } = await stack.query(change, { id: stack.idOf(human(2).accountId) });
    expect(other.change.userErrors).toEqual([]);
  });

  it("is asked for again after one answer that did not tell it", async () => {
    await using stack = await startAccounts(world);
    const change = `mutation ($id: ID!) { change: suspendAccount(input: { account: $id, acknowledgeOrganizationWide: true }) { ${answer} } }`;
    const id = stack.idOf(human(2).accountId);
    await stack.fail({ match: "GET /wiki/rest/api/user/current", times: 1, status: 200, body: { type: "known" } });
    const { data: untold } = await stack.query(change, { id });
    expect(untold.change.userErrors).toEqual([{ code: "STATE_UNKNOWN", field: [] }]);
    expect((await stack.query(change, { id })).data.change.userErrors).toEqual([]);
  });

  it("keeps its membership of Cloud's groups of administrators, and those groups", async () => {
    await using stack = await startAccounts(world);
    const group = stack.idOf("admins");
    const { data } = await stack.query(
      `mutation ($group: ID!, $account: ID!) {
        revokeGroupMembership(input: { group: $group, accounts: [$account] }) { changes { ${answer} } }
        deleteGroup(input: { group: $group, acknowledgeOrganizationWide: true }) { ${answer} }
      }`,
      { group, account: stack.idOf(human(1).accountId) },
    );
    expect(data.revokeGroupMembership.changes[0].userErrors).toEqual([
      { code: "OWN_ACCOUNT", field: ["accounts", "0"] },
    ]);
    expect(data.deleteGroup.userErrors).toEqual([{ code: "OWN_ACCOUNT", field: ["group"] }]);
    expect(stack.writes()).toEqual([]);
  });

  it.each(["8.3.0", "10.2.0"])(
    "keeps its way into Data Center %s: the super group, and confluence-users",
    async (version) => {
      await using stack = await startDataCenterStack({ world: smallDataCenterWorld(version) });
      const ids = dataCenterIds(stack.siteId);
      for (const name of [dcGroups.administrators, dcGroups.users]) {
        const { data, errors } = await stack.query(
          `mutation ($group: ID!, $own: ID!) {
          revokeGroupMembership(input: { group: $group, accounts: [$own], acknowledgeAdministration: true }) { changes { ${answer} } }
          deleteGroup(input: { group: $group, acknowledgeAdministration: true }) { ${answer} }
        }`,
          { group: ids.group(name), own: ids.account(dcUsers.admin) },
        );
        expect(errors).toBeUndefined();
        expect(data.revokeGroupMembership.changes[0].userErrors).toEqual([
          { code: "OWN_ACCOUNT", field: ["accounts", "0"] },
        ]);
        expect(data.deleteGroup.userErrors).toEqual([{ code: "OWN_ACCOUNT", field: ["group"] }]);
      }
      expect(stack.writes()).toEqual([]);
      const { data } = await stack.query(
        `mutation ($group: ID!, $other: ID!) { revokeGroupMembership(input: { group: $group, accounts: [$other] }) { changes { ${answer} } } }`,
        { group: ids.group(dcGroups.users), other: ids.account(dcUsers.dan) },
      );
      expect(data.revokeGroupMembership.changes[0].outcome).toBe("REMOVED");
    },
  );
});
