import { describe, expect, it } from "vitest";
import type { GroupId, SiteId } from "../../src/domain/ids.js";
import { encodeGlobalId } from "../../src/graph/schema/GlobalId.js";
import { dcGroups, dcUsers, smallDataCenterWorld } from "../support/dataCenterWorlds.js";
import { type DataCenterStack, startDataCenterStack } from "../support/startDataCenterStack.js";
import { dataCenterIds } from "./dataCenterIds.js";

const startAt = (version: string, sandbox: Record<string, unknown> = {}) =>
  startDataCenterStack({ world: smallDataCenterWorld(version), sandbox: { dataCenter: sandbox } });

type Kind = "grant" | "revoke";

async function changeAccess(stack: DataCenterStack, kind: Kind, input: Readonly<Record<string, unknown>>) {
  const type = kind === "grant" ? "GrantSpaceAccessInput" : "RevokeSpaceAccessInput";
  const { data, errors } = await stack.query(
    `mutation ($input: ${type}!) {
      change: ${kind}SpaceAccess(input: $input) {
        outcome plan userErrors { code field message }
        grants { entitlement { ... on SpacePermission { permission { operation target } } } }
      }
    }`,
    { input },
  );
  expect(errors).toBeUndefined();
  return data.change;
}

async function changeMembership(stack: DataCenterStack, kind: Kind, group: string, userKey: string) {
  const ids = dataCenterIds(stack.siteId);
  const type = kind === "grant" ? "GrantGroupMembershipInput" : "RevokeGroupMembershipInput";
  const { data, errors } = await stack.query(
    `mutation ($input: ${type}!) {
      change: ${kind}GroupMembership(input: $input) { changes { outcome plan userErrors { code field message } } }
    }`,
    { input: { group: ids.group(group), accounts: [ids.account(userKey)] } },
  );
  expect(errors).toBeUndefined();
  return data.change.changes[0];
}

const page = { operation: "create", target: "page" };
const read = { operation: "read", target: "space" };
const administer = { operation: "administer", target: "space" };

describe("access to a space of a Data Center site", () => {
  // On the other versions: dataCenterMatrix.
  it.each(["8.6.0"])("on %s comes and goes for accounts, groups and everybody, each once", async (version) => {
    await using stack = await startAt(version);
    const ids = dataCenterIds(stack.siteId);
    const holders = [
      { principal: ids.account(dcUsers.cara) },
      { principal: ids.group(dcGroups.c) },
      { accessClassId: "anonymous-users" },
    ];
    for (const holder of holders) {
      const place = { space: ids.space("ENG"), ...holder };
      const wanted = { ...place, permissions: [administer, page], acknowledgeAdministration: true };
      const granted = await changeAccess(stack, "grant", wanted);
      expect(granted).toMatchObject({
        outcome: "CREATED",
        plan: ["grant read/space", "grant administer/space", "grant create/page"],
        userErrors: [],
      });
      expect(granted.grants).toHaveLength(3);
      const again = await changeAccess(stack, "grant", { ...place, permissions: [page] });
      expect(again).toMatchObject({ outcome: "ALREADY_EXISTS", plan: [], userErrors: [] });
      expect(again.grants).toHaveLength(3);
      const revoked = await changeAccess(stack, "revoke", { ...place, permissions: [read, page, administer] });
      expect(revoked).toMatchObject({ outcome: "REMOVED", userErrors: [], grants: [] });
      const gone = await changeAccess(stack, "revoke", { ...place, permissions: [read] });
      expect(gone).toMatchObject({ outcome: "NOT_PRESENT", plan: [], userErrors: [] });
    }
  });

  it("goes one by one: revoking read takes nothing else away", async () => {
    await using stack = await startAt("9.2.0");
    const ids = dataCenterIds(stack.siteId);
    const place = { space: ids.space("ENG"), principal: ids.account(dcUsers.fay) };
    const { outcome, grants } = await changeAccess(stack, "revoke", { ...place, permissions: [read] });
    expect(outcome).toBe("REMOVED");
    expect(grants).toEqual([{ entitlement: { permission: { operation: "delete", target: "page" } } }]);
  });

  it("does not leave a space without an administrator, and knows no roles", async () => {
    await using stack = await startAt("10.2.0");
    const ids = dataCenterIds(stack.siteId);
    const place = { space: ids.space("ENG"), principal: ids.account(dcUsers.admin) };
    expect((await changeAccess(stack, "revoke", { ...place, permissions: [administer] })).userErrors).toMatchObject([
      { code: "LAST_ADMINISTRATOR" },
    ]);
    const roleId = Buffer.from(JSON.stringify(["SpaceRole", stack.siteId, "r"])).toString("base64url");
    expect((await changeAccess(stack, "grant", { ...place, role: roleId })).userErrors).toMatchObject([
      { code: "ROLES_NOT_AVAILABLE" },
    ]);
  });

  it("can be revoked by the ids of grants, but for those that Confluence has no call for", async () => {
    await using stack = await startAt("10.2.0");
    const siteId = stack.siteId as SiteId;
    const { data } = await stack.query(
      `{ space(key: "ENG") { grants(filter: { operations: ["create"], targets: ["page"] }) { nodes { id principal { ... on Group { name } } } } }
         siteWide: grants(filter: { entitlements: [SITE_PERMISSION] }) { nodes { id } } }`,
    );
    const ofGroup = data.space.grants.nodes.find(
      (node: { principal: { name?: string } }) => node.principal.name === "a",
    );
    const nesting = encodeGlobalId({
      ...{ type: "Grant", siteId, kind: "nesting" },
      ...{ groupId: dcGroups.a as GroupId, memberGroupId: dcGroups.b as GroupId },
    });
    const { data: done } = await stack.query(
      `mutation ($ids: [ID!]!) { revokeGrants(input: { grants: $ids }) { changes { outcome userErrors { code field message } } } }`,
      { ids: [ofGroup.id, data.siteWide.nodes[0].id, nesting] },
    );
    expect(done.revokeGrants.changes).toMatchObject([
      { outcome: "REMOVED", userErrors: [] },
      { outcome: "FAILED", userErrors: [{ code: "NOT_REVOCABLE", field: ["grants", "1"] }] },
      { outcome: "FAILED", userErrors: [{ code: "NOT_REVOCABLE", field: ["grants", "2"] }] },
    ]);
    expect(stack.writes()).toHaveLength(1);
  });
});

describe("memberships of a Data Center site", () => {
  it.each(["8.3.0", "10.2.0"])("on %s come and go, each once", async (version) => {
    await using stack = await startAt(version);
    expect(await changeMembership(stack, "grant", dcGroups.a, dcUsers.ida)).toMatchObject({ outcome: "CREATED" });
    expect(await changeMembership(stack, "grant", dcGroups.a, dcUsers.ida)).toMatchObject({
      outcome: "ALREADY_EXISTS",
    });
    expect(await changeMembership(stack, "revoke", dcGroups.a, dcUsers.ida)).toMatchObject({ outcome: "REMOVED" });
    expect(await changeMembership(stack, "revoke", dcGroups.a, dcUsers.ida)).toMatchObject({ outcome: "NOT_PRESENT" });
    expect(stack.writes()).toHaveLength(2);
  });

  it.each([
    ["grant", dcGroups.a, dcUsers.jo, "UNSUPPORTED"],
    ["grant", dcGroups.slash, dcUsers.dan, "UNSUPPORTED"],
    ["revoke", dcGroups.users, dcUsers.jo, "UNSUPPORTED"],
    ["grant", dcGroups.a, dcUsers.gone, "ACCOUNT_NOT_FOUND"],
    ["grant", dcGroups.gone, dcUsers.ben, "GROUP_NOT_FOUND"],
  ] as const)("refuse to %s %s for %s: %s", async (kind, group, userKey, code) => {
    await using stack = await startAt("9.2.0");
    expect((await changeMembership(stack, kind, group, userKey)).userErrors).toMatchObject([{ code }]);
    expect(stack.writes()).toEqual([]);
  });

  it("end as INHERITED for who stays listed because of a child group, where lists follow nested groups", async () => {
    await using stack = await startAt("9.2.0", { membersFollowNested: true });
    // Direct members of both: of a group, and of a group two storeys below it.
    expect(await changeMembership(stack, "grant", dcGroups.c, dcUsers.ben)).toMatchObject({ outcome: "CREATED" });
    expect(await changeMembership(stack, "revoke", dcGroups.a, dcUsers.ben)).toMatchObject({
      outcome: "INHERITED",
      userErrors: [],
    });
    const { groups } = stack.sandbox.world().dataCenter ?? { groups: [] };
    expect(groups.find(({ name }) => name === dcGroups.a)?.members).toEqual([]);
  });

  it("say that a read-only directory is why", async () => {
    await using stack = await startAt("9.2.0", { readOnlyDirectory: true });
    expect((await changeMembership(stack, "grant", dcGroups.a, dcUsers.dan)).userErrors).toMatchObject([
      { code: "DIRECTORY_READ_ONLY" },
    ]);
  });
});

describe("groups of a Data Center site", () => {
  const create = `mutation ($name: String!, $dry: Boolean!) { change: createGroup(input: { name: $name, dryRun: $dry }) { outcome userErrors { code field } group { groupId name } } }`;
  const remove = `mutation ($id: ID!, $dry: Boolean!) { change: deleteGroup(input: { group: $id, dryRun: $dry }) { outcome userErrors { code field message } } }`;

  it("come and go by their names, whose case does not matter", async () => {
    await using stack = await startAt("9.2.0");
    const made = await stack.query(create, { name: "Night-Shift", dry: false });
    expect(made.data.change).toMatchObject({ outcome: "CREATED", userErrors: [] });
    const again = await stack.query(create, { name: "night-shift", dry: false });
    expect(again.data.change).toMatchObject({ outcome: "ALREADY_EXISTS", group: made.data.change.group });
    const id = dataCenterIds(stack.siteId).group(made.data.change.group.groupId);
    expect((await stack.query(remove, { id, dry: false })).data.change).toMatchObject({ outcome: "REMOVED" });
    expect((await stack.query(remove, { id, dry: false })).data.change).toMatchObject({ outcome: "NOT_PRESENT" });
    expect(stack.writes()).toHaveLength(2);
  });

  it("are refused in a dry run too where no path takes their name", async () => {
    await using stack = await startAt("9.2.0");
    const id = dataCenterIds(stack.siteId).group(dcGroups.slash);
    for (const dry of [true, false]) {
      const made = await stack.query(create, { name: "a/b", dry });
      expect(made.data.change.userErrors).toEqual([{ code: "UNSUPPORTED", field: ["name"] }]);
      const gone = await stack.query(remove, { id, dry });
      expect(gone.data.change.userErrors).toMatchObject([{ code: "UNSUPPORTED", field: ["group"] }]);
    }
    expect(stack.writes()).toEqual([]);
  });

  it("keep the last group of administrators, which the site would refuse: it is our own way in", async () => {
    await using stack = await startAt("9.2.0");
    const id = dataCenterIds(stack.siteId).group(dcGroups.administrators);
    const { userErrors } = (await stack.query(remove, { id, dry: false })).data.change;
    expect(userErrors).toMatchObject([{ code: "OWN_ACCOUNT" }]);
    expect(stack.writes()).toEqual([]);
  });
});
