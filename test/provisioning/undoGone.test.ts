import { describe, expect, it } from "vitest";
import { defaultCredential } from "../../sandbox/src/oauth/credentials.js";
import { dcGroups, smallDataCenterWorld } from "../support/dataCenterWorlds.js";
import type { GraphAnswer } from "../support/sendQuery.js";
import { startAccounts } from "../support/startAccounts.js";
import { startDataCenterStack } from "../support/startDataCenterStack.js";
import { startProvisioning } from "../support/startProvisioning.js";
import { cloudWorld, human, permission, space } from "../support/worlds.js";
import { dataCenterIds } from "./dataCenterIds.js";
import { idsOf } from "./ids.js";

const world = cloudWorld({
  mode: "ROLES_TRANSITION",
  // The first is whose credential this service has.
  accounts: [
    { ...human(1), email: defaultCredential.email, productRoles: ["atlassian/user"] },
    { ...human(2), productRoles: ["atlassian/user"] },
    { ...human(3), productRoles: ["atlassian/user"] },
  ],
  groups: [
    { id: "g-team", name: "team", members: [human(1).accountId, human(2).accountId, human(3).accountId] },
    { id: "g-other", name: "other", members: [human(2).accountId] },
  ],
  roles: [
    { id: "r-viewer", type: "SYSTEM", name: "Viewer", description: "", spacePermissions: ["read/space"] },
    {
      id: "r-writer",
      type: "SYSTEM",
      name: "Writer",
      description: "",
      spacePermissions: ["read/space", "create/page"],
    },
  ],
  spaces: [
    space(1, {
      permissions: [
        permission("user", human(1).accountId),
        permission("user", human(1).accountId, "administer/space"),
        permission("group", "g-team"),
        permission("group", "g-team", "create/page"),
        permission("user", human(2).accountId),
      ],
    }),
    space(2, {
      permissions: [permission("user", human(1).accountId), permission("user", human(1).accountId, "administer/space")],
      roleAssignments: [{ principal: { principalType: "GROUP", principalId: "g-team" }, roleId: "r-viewer" }],
    }),
  ],
});

interface Asking {
  query(document: string, variables?: Readonly<Record<string, unknown>>): Promise<GraphAnswer>;
}

async function ask(stack: Asking, mutation: string) {
  const { data, errors } = await stack.query(`mutation { it: ${mutation} }`);
  expect(errors).toBeUndefined();
  return data.it;
}

async function read(stack: Asking, query: string) {
  const { data, errors } = await stack.query(query);
  expect(errors?.map(({ message }) => message)).toBeUndefined();
  return data;
}

async function newest(stack: Asking, action: string) {
  const { data } = await stack.query(
    `{ changes(first: 1, filter: { actions: [${action}] }) { nodes { id changeId undoes partOf isUndoable notUndoableBecause attempt { record } } } }`,
  );
  return data.changes.nodes[0];
}

const undoing = `outcome plan userErrors { code field message } changes { outcome plan userErrors { code message } }`;

async function undo(stack: Asking, id: string, more: object = {}) {
  const { data, errors } = await stack.query(`mutation ($input: UndoInput!) { undo(input: $input) { ${undoing} } }`, {
    input: { change: id, acknowledgeOrganizationWide: true, ...more },
  });
  expect(errors).toBeUndefined();
  return data.undo;
}

describe("a group that was deleted", () => {
  const held = async (stack: Asking) => {
    const data = await read(
      stack,
      `{ groups(filter: { text: "team" }) { nodes { groupId members { nodes { accountId } }
        grants { nodes { entitlement { __typename } resource { ... on Space { key } } } } } } }`,
    );
    const counted = (list: { nodes: readonly unknown[] }) => list.nodes.length;
    return data.groups.nodes.map(({ groupId, members, grants }: Record<string, never>) => ({
      ...{ groupId, members: counted(members ?? { nodes: [] }), grants: counted(grants ?? { nodes: [] }) },
    }));
  };

  it("is made anew with its members and grants; a dry run shows all of it and that the id is another", async () => {
    await using stack = await startProvisioning(world);
    const ids = idsOf(stack.siteId);
    const [before] = await held(stack);
    expect(before).toEqual({ groupId: "g-team", members: 3, grants: 3 });
    expect(await ask(stack, `deleteGroup(input: { group: "${ids.group("g-team")}" }) { outcome }`)).toEqual({
      outcome: "REMOVED",
    });
    const deleted = await newest(stack, "deleteGroup");
    expect(deleted).toMatchObject({ isUndoable: true, notUndoableBecause: null });
    // Before the first call, with what nobody could read on record as such.
    expect(JSON.parse(deleted.attempt.record).undo).toEqual({
      name: "team",
      members: [human(1).accountId, human(2).accountId, human(3).accountId],
      groups: [],
      grants: [
        { spaceId: "1001", operations: ["create/page", "read/space"], roleIds: [] },
        { spaceId: "1002", operations: [], roleIds: ["r-viewer"] },
      ],
      beyond: [],
      gaps: ["members who are suspended: lists leave them out, and no organization is asked who they are"],
    });
    await stack.forgetCalls();
    const planned = await undo(stack, deleted.id, { dryRun: true });
    expect(planned).toMatchObject({ outcome: "PLANNED", userErrors: [] });
    expect(planned.plan).toEqual([
      'create group "team"',
      "the group has another id than g-team: what names that id does not name it",
      "3 memberships, see changes",
      "what it held in 2 spaces, see changes",
      expect.stringContaining("members who are suspended"),
    ]);
    expect(planned.changes.map(({ plan }: { plan: string[] }) => plan)).toEqual([
      ...[1, 2, 3].map(() => ["add the member"]),
      ["grant read/space", "grant create/page"],
      ["assign role r-viewer"],
    ]);
    expect(stack.writes()).toEqual([]);
    const done = await undo(stack, deleted.id);
    expect(done).toMatchObject({ outcome: "CREATED", userErrors: [] });
    expect(done.changes.map(({ outcome }: { outcome: string }) => outcome)).toEqual(Array(5).fill("CREATED"));
    const [after] = await held(stack);
    // Confluence gives two more with read and create/page.
    expect(after).toEqual({ groupId: expect.not.stringMatching(/^g-team$/), members: 3, grants: 5 });
    // All of it stands by itself, as what takes the deletion back; asked again nothing is left to do.
    expect(await newest(stack, "grantRole")).toMatchObject({ undoes: deleted.changeId });
    await stack.forgetCalls();
    expect(await undo(stack, deleted.id)).toMatchObject({
      ...{ outcome: "ALREADY_EXISTS", userErrors: [] },
      changes: Array(5).fill({ outcome: "ALREADY_EXISTS" }),
    });
    expect(stack.writes()).toEqual([]);
  });

  it("is not put on a group of its name that somebody else made, and an account that is gone is told by itself", async () => {
    await using stack = await startProvisioning(world);
    const ids = idsOf(stack.siteId);
    await ask(stack, `deleteGroup(input: { group: "${ids.group("g-team")}" }) { outcome }`);
    const { id } = await newest(stack, "deleteGroup");
    await ask(stack, `createGroup(input: { name: "team" }) { outcome }`);
    await stack.forgetCalls();
    for (const dryRun of [true, false]) {
      expect(await undo(stack, id, { dryRun })).toMatchObject({
        outcome: "FAILED",
        userErrors: [{ code: "UNSUPPORTED" }],
      });
    }
    expect(stack.writes()).toEqual([]);
  });

  it("comes back as far as the request's 200 changes go, and a repeat does the rest", async () => {
    await using stack = await startProvisioning(world);
    const ids = idsOf(stack.siteId);
    await ask(stack, `deleteGroup(input: { group: "${ids.group("g-team")}" }) { outcome }`);
    const { id } = await newest(stack, "deleteGroup");
    const accounts = Array.from({ length: 197 }, () => `"${ids.account(3)}"`).join(", ");
    const cut = `undo(input: { change: "${id}", requestId: "back" }) { ${undoing} }`;
    const crowded = async () => {
      const { data } = await stack.query(`mutation {
        other: grantGroupMembership(input: { group: "${ids.group("g-other")}", dryRun: true, accounts: [${accounts}] }) { userErrors { code } }
        it: ${cut} }`);
      expect(data.other.userErrors).toEqual([]);
      return data.it;
    };
    const tooMany = [{ code: "TOO_MANY_CHANGES" }];
    expect(await crowded()).toMatchObject({ outcome: "CREATED", userErrors: tooMany, changes: [{}, {}] });
    expect(await crowded()).toMatchObject({ outcome: "CREATED", userErrors: tooMany, changes: [{}, {}] });
    const rest = await crowded();
    expect(rest).toMatchObject({ outcome: "CREATED", userErrors: [], changes: [{ outcome: "CREATED" }] });
    await stack.forgetCalls();
    expect(await ask(stack, cut)).toEqual(rest);
    expect(stack.calls()).toEqual([]);
    expect(await held(stack)).toMatchObject([{ members: 3, grants: 5 }]);
  });

  it.each(["8.3.0", "10.2.0"])("has its name for an id on Data Center %s, and gets it back", async (version) => {
    await using stack = await startDataCenterStack({ world: smallDataCenterWorld(version) });
    const group = dataCenterIds(stack.siteId).group(dcGroups.a);
    const members = async () => {
      const data = await read(stack, `{ group(id: "${group}") { members { nodes { username } } } }`);
      return data.group.members.nodes.length;
    };
    const before = await members();
    await ask(stack, `deleteGroup(input: { group: "${group}" }) { outcome }`);
    const deleted = await newest(stack, "deleteGroup");
    const planned = await undo(stack, deleted.id, { dryRun: true });
    expect(planned).toMatchObject({ outcome: "PLANNED", userErrors: [] });
    expect(planned.plan.join()).not.toContain("another id");
    const done = await undo(stack, deleted.id);
    expect(done).toMatchObject({ outcome: "CREATED", userErrors: [] });
    expect(planned.changes).toHaveLength(done.changes.length);
    expect(await members()).toBe(before);
  });

  it("records what could not be read as a gap, and is deleted all the same", async () => {
    await using stack = await startProvisioning(world);
    const ids = idsOf(stack.siteId);
    await stack.fail({ match: "GET /wiki/api/v2/spaces/1002/role-assignments", times: -1, status: 403 });
    expect(
      await ask(
        stack,
        `deleteGroup(input: { group: "${ids.group("g-team")}", acknowledgeAdministration: true }) { outcome }`,
      ),
    ).toEqual({ outcome: "REMOVED" });
    const { attempt, id } = await newest(stack, "deleteGroup");
    const { undo: facts } = JSON.parse(attempt.record);
    expect(facts.grants).toEqual([{ spaceId: "1001", operations: ["create/page", "read/space"], roleIds: [] }]);
    expect(facts.gaps.join("\n")).toContain("role assignments of space 1002");
    const { plan } = await undo(stack, id, { dryRun: true });
    expect(plan.join("\n")).toContain("not put back, because it was not read before: role assignments of space 1002");
  });
});

describe("an account that was removed", () => {
  const remove = (stack: Awaited<ReturnType<typeof startAccounts>>) =>
    ask(
      stack,
      `removeAccount(input: { account: "${stack.idOf(human(2).accountId)}", acknowledgeOrganizationWide: true }) { outcome }`,
    );

  it("comes back where the synchronised directory held it, with its groups and grants", async () => {
    await using stack = await startAccounts(world);
    const synchronised = await ask(
      stack,
      `provisionAccount(input: { email: "new@example.com", groups: ["${stack.idOf("other")}"] }) { outcome account { id accountId } userErrors { code message } }`,
    );
    expect(synchronised).toMatchObject({ outcome: "CREATED", userErrors: [] });
    const { id, accountId } = synchronised.account;
    expect(
      await ask(stack, `removeAccount(input: { account: "${id}", acknowledgeOrganizationWide: true }) { outcome }`),
    ).toEqual({ outcome: "REMOVED" });
    const removed = await newest(stack, "removeAccount");
    expect(removed.isUndoable).toBe(true);
    await stack.forgetCalls("a");
    const planned = await undo(stack, removed.id, { dryRun: true });
    expect(planned).toMatchObject({ outcome: "PLANNED", userErrors: [] });
    expect(planned.plan[0]).toContain("synchronised directory");
    expect(stack.writes()).toEqual([]);
    expect(await undo(stack, removed.id)).toMatchObject({ outcome: "CREATED", userErrors: [] });
    const data = await read(stack, `{ account(id: "${id}") { accountId groups { nodes { name } } } }`);
    expect(data.account.accountId).toBe(accountId);
    expect(data.account.groups.nodes).toContainEqual({ name: "other" });
  });

  it("does not where the directory never held it, nor without one, nor on Data Center; what it held is on record", async () => {
    await using stack = await startAccounts(world, { hasScim: false });
    expect(await remove(stack)).toEqual({ outcome: "REMOVED" });
    const removed = await newest(stack, "removeAccount");
    expect(removed).toMatchObject({ isUndoable: false });
    expect(JSON.parse(removed.attempt.record).undo).toMatchObject({
      ...{ email: null, groups: ["g-other", "g-team"] },
      grants: [{ spaceId: "1001", operations: ["read/space"], roleIds: [] }],
    });
    expect(await undo(stack, removed.id)).toMatchObject({ outcome: "FAILED", userErrors: [{ code: "UNSUPPORTED" }] });
  });
});

describe("an account that was provisioned", () => {
  it("loses what it was granted with it, and stays", async () => {
    await using stack = await startAccounts(world, { hasScim: false });
    const email = human(3).email;
    const provisioned = await ask(
      stack,
      `provisionAccount(input: { email: "${email}", groups: ["${stack.idOf("other")}", "${stack.idOf("team")}"],
        access: [{ space: "${stack.idOf("S1")}", permissions: [{ operation: "read", target: "space" }] }] }) { outcome changes { outcome userErrors { message } } }`,
    );
    expect(provisioned.changes.map(({ outcome }: { outcome: string }) => outcome)).toEqual([
      "CREATED",
      "ALREADY_EXISTS",
      "CREATED",
    ]);
    const change = await newest(stack, "provisionAccount");
    expect(change).toMatchObject({ isUndoable: true });
    expect(await newest(stack, "grantPermissions")).toMatchObject({ partOf: change.changeId });
    await stack.forgetCalls("a");
    const planned = await undo(stack, change.id, { dryRun: true });
    expect(planned).toMatchObject({ outcome: "PLANNED", userErrors: [] });
    expect(planned.plan.at(-1)).toContain("The account");
    expect(stack.writes()).toEqual([]);
    const done = await undo(stack, change.id);
    // The last first; the membership that was there before stays.
    expect(done).toMatchObject({
      outcome: "REMOVED",
      userErrors: [],
      changes: [{ outcome: "REMOVED" }, { outcome: "REMOVED" }],
    });
    expect(await newest(stack, "revokePermissions")).toMatchObject({ undoes: change.changeId });
    expect(await undo(stack, change.id)).toMatchObject({ outcome: "NOT_PRESENT", userErrors: [] });
    const data = await read(
      stack,
      `{ account(id: "${stack.idOf(human(3).accountId)}") { status groups { nodes { name } } } }`,
    );
    expect(data.account).toEqual({ status: "ACTIVE", groups: { nodes: [{ name: "team" }] } });
  });

  it("on Data Center as well, where the account was made for it", async () => {
    await using stack = await startDataCenterStack({ world: smallDataCenterWorld("10.2.0") });
    const ids = dataCenterIds(stack.siteId);
    await ask(
      stack,
      `provisionAccount(input: { email: "grace@example.com", username: "grace", displayName: "Grace", password: "correct horse",
        groups: ["${ids.group(dcGroups.a)}"] }) { outcome changes { outcome } }`,
    );
    const { id } = await newest(stack, "provisionAccount");
    expect(await undo(stack, id)).toMatchObject({ outcome: "REMOVED", userErrors: [] });
    const data = await read(stack, `{ account(username: "grace") { status } }`);
    expect(data.account).toEqual({ status: "ACTIVE" });
  });
});

describe("over the real server", () => {
  it("the former role is restored, while the one that replaced it is held", async () => {
    await using stack = await startProvisioning(world);
    const ids = idsOf(stack.siteId);
    const give = (role: string, more = "") =>
      ask(
        stack,
        `grantSpaceAccess(input: { space: "${ids.space(2)}", principal: "${ids.account(3)}", role: "${ids.role(role)}" ${more} }) { outcome }`,
      );
    const roles = async () => {
      const data = await read(
        stack,
        `{ account(id: "${ids.account(3)}") { grants { nodes { entitlement { ... on SpaceRoleAssignment { role { name } } } } } } }`,
      );
      return data.account.grants.nodes.flatMap(
        ({ entitlement }: { entitlement: { role?: { name: string } } }) => entitlement.role?.name ?? [],
      );
    };
    await give("r-viewer");
    expect(await give("r-writer", "onExistingRole: REPLACE")).toEqual({ outcome: "REPLACED" });
    const replaced = await newest(stack, "grantRole");
    expect(await undo(stack, replaced.id, { dryRun: true })).toMatchObject({ plan: ["assign role r-viewer"] });
    expect(await undo(stack, replaced.id)).toMatchObject({ outcome: "REPLACED", userErrors: [] });
    expect(await roles()).toEqual(["Viewer"]);
    // Somebody gave another one meanwhile: that is not overwritten.
    expect(await undo(stack, replaced.id)).toMatchObject({ userErrors: [] });
    expect(await roles()).toEqual(["Viewer"]);
  });

  it("a suspension ends, and who was restored is suspended again; both need the acknowledgement", async () => {
    await using stack = await startAccounts(world, { hasScim: false });
    const account = stack.idOf(human(2).accountId);
    const status = () => stack.accountNamed(human(2).accountId)?.orgStatus;
    await ask(stack, `suspendAccount(input: { account: "${account}", acknowledgeOrganizationWide: true }) { outcome }`);
    const suspended = await newest(stack, "suspendAccount");
    expect(await undo(stack, suspended.id, { acknowledgeOrganizationWide: false })).toMatchObject({
      outcome: "FAILED",
      userErrors: [{ code: "ACKNOWLEDGEMENT_REQUIRED", field: ["acknowledgeOrganizationWide"] }],
    });
    const before = status();
    expect(await undo(stack, suspended.id)).toMatchObject({ outcome: "REPLACED", userErrors: [] });
    expect(status()).not.toEqual(before);
    const restored = await newest(stack, "restoreAccount");
    expect(restored).toMatchObject({ undoes: suspended.changeId });
    expect(await undo(stack, restored.id)).toMatchObject({ outcome: "REPLACED", userErrors: [] });
    expect(status()).toEqual(before);
  });
});
