import { describe, expect, it } from "vitest";
import { Secret } from "../../../../src/config/Secret.js";
import { permissionIdOf } from "../../../../src/confluence/datacenter/grants.js";
import { anonymousUsers } from "../../../../src/confluence/datacenter/names.js";
import { mapLongTask, objectionToNewUsername } from "../../../../src/confluence/datacenter/writes.js";
import type { AccountWriter, LongTaskId } from "../../../../src/confluence/writerPort.js";
import type { AccountId, GroupId, SpaceId, SpaceKey } from "../../../../src/domain/ids.js";
import type { Principal } from "../../../../src/domain/Principal.js";
import { dcGroups, dcSpaces, dcUsers } from "../../../support/dataCenterWorlds.js";
import { errorOf, known, openSite } from "./openSite.js";

const docs = { spaceId: String(dcSpaces.DOCS) as SpaceId, key: "DOCS" as SpaceKey };
const account = (key: string): Principal => ({ kind: "account", accountId: key as AccountId });
const group = (name: string): Principal => ({ kind: "group", groupId: name as GroupId });
const restrict = { key: "restrict_content", target: "space" };
const canary = "pass-Canary-4711";

type Open = Awaited<ReturnType<typeof openSite>>;

async function held({ site }: Open): Promise<readonly string[]> {
  const grants = known(await site.spaces.grantsOf([docs.spaceId], "PRE_ROLES"), docs.spaceId);
  return grants.items.map((grant) => (grant.kind === "permission" ? grant.permissionId : "role"));
}

function accountsOf({ site }: Open): AccountWriter {
  if (site.writer.accounts === null) throw new Error("the site writes no accounts");
  return site.writer.accounts;
}

const writesOf = ({ calls }: Open) => calls().filter((call) => !/^GET |getSpacePermissionSets/.test(call));

describe.each(["8.3.0", "8.6.0", "9.2.0", "10.2.0"])("on %s", (version) => {
  it.each([
    ["a user", account(dcUsers.ben)],
    ["a group", group(dcGroups.a)],
    ["anonymous", anonymousUsers],
  ])("a permission of %s is granted and revoked, under the name that Cloud has for it", async (_, principal) => {
    const open = await openSite({ version });
    const permissionId = permissionIdOf(principal, restrict);
    expect(await open.site.writer.objectionTo?.(principal)).toBeNull();
    await open.site.writer.addPermission(docs, principal, restrict);
    expect(await held(open)).toContain(permissionId);
    await open.site.writer.removePermission(docs, { permissionId, principal, operation: restrict });
    expect(await held(open)).not.toContain(permissionId);
  });

  it("a group is created, filled, emptied and deleted", async () => {
    const open = await openSite({ version });
    const { writer, groups } = open.site;
    const created = await writer.createGroup("new team");
    expect(created).toMatchObject({ groupId: "new team", name: "new team" });
    const members = async () =>
      known(await groups.membersOf([created.groupId]), created.groupId).items.map(({ accountId }) => accountId);
    await writer.addMember(created.groupId, dcUsers.ida as AccountId);
    expect(await members()).toEqual([dcUsers.ida]);
    await writer.removeMember(created.groupId, dcUsers.ida as AccountId);
    expect(await members()).toEqual([]);
    await writer.deleteGroup(created.groupId);
    expect((await groups.byIds([created.groupId])).size).toBe(0);
  });

  it("an account is created with a password, disabled, enabled and removed", async () => {
    const open = await openSite({ version });
    const accounts = accountsOf(open);
    const password = new Secret(canary);
    await accounts.create({ username: "new", fullName: "New Person", email: "new@example.com", password });
    const read = async () => (await open.site.accounts.byUsernames?.(["new"]))?.get("new");
    expect(await read()).toMatchObject({ displayName: "New Person", status: "ACTIVE" });
    await accounts.disable("new");
    expect(await read()).toMatchObject({ status: "DEACTIVATED" });
    await accounts.enable("new");
    expect(await read()).toMatchObject({ status: "ACTIVE" });
    const task = await accounts.remove("new");
    expect((await accounts.taskOf(task))?.state).toMatch(/RUNNING|SUCCEEDED/);
    expect(await accounts.taskOf("none" as LongTaskId)).toBeNull();
  });

  it("the ways of writing accounts are said before anything is written", async () => {
    const open = await openSite({ version });
    const accounts = accountsOf(open);
    expect([...(await accounts.passwordWays())]).toEqual(version === "8.3.0" ? ["GIVEN"] : ["GIVEN", "SET_BY_PERSON"]);
    const objection = await accounts.objectionToUpdate();
    if (version.startsWith("8.")) expect(objection).toContain("9.0");
    else expect(objection).toBeNull();
    expect(writesOf(open)).toEqual([]);
  });
});

describe("by REST", () => {
  it("each write is one call", async () => {
    const open = await openSite();
    await open.site.writer.addPermission(docs, group(dcGroups.a), restrict);
    await open.site.writer.removePermission(docs, { permissionId: "", principal: anonymousUsers, operation: restrict });
    await open.site.writer.addMember(dcGroups.a as GroupId, dcUsers.fay as AccountId);
    expect(writesOf(open)).toEqual([
      "PUT /rest/api/space/DOCS/permissions/group/a/grant",
      "PUT /rest/api/space/DOCS/permissions/anonymous/revoke",
      "PUT /rest/api/user/fay/group/a",
    ]);
  });

  it("a membership is written by the name that was read just now, and by no name that is older", async () => {
    const open = await openSite();
    const fay = dcUsers.fay as AccountId;
    await open.site.accounts.byIds([fay]);
    await open.forgetCalls();
    await open.site.writer.addMember(dcGroups.a as GroupId, fay);
    expect(open.calls()).toEqual(["PUT /rest/api/user/fay/group/a"]);
    await open.renameUsers({ [fay]: "faye" });
    await open.clock.advance(5_000);
    await open.forgetCalls();
    await open.site.writer.removeMember(dcGroups.a as GroupId, fay);
    expect(open.calls()).toEqual([expect.stringMatching(/^GET .*\/user\?/), "DELETE /rest/api/user/faye/group/a"]);
  });

  it("an account is created with a notification, without a password", async () => {
    const open = await openSite();
    const accounts = accountsOf(open);
    await accounts.create({ username: "new", fullName: "New", email: "new@example.com", password: null });
    expect((await open.site.accounts.byUsernames?.(["new"]))?.size).toBe(1);
    await accounts.update("new", { fullName: "Newer", email: "newer@example.com" });
    expect((await open.site.accounts.byUsernames?.(["new"]))?.get("new")).toMatchObject({ displayName: "Newer" });
  });

  it.each([
    [{ username: "ben", fullName: "B", email: "b@example.com" }, "RequestRejected", 409],
    [{ username: "x y", fullName: "B", email: "b@example.com" }, "RequestRejected", 400],
  ])("an account that the site refuses is an error: %j", async (facts, kind, status) => {
    const open = await openSite();
    const error = await errorOf(accountsOf(open).create({ ...facts, password: null }));
    expect(error).toMatchObject({ kind, status, isAnswerLost: false });
    expect(writesOf(open)).toHaveLength(1);
  });

  it("no licence seat left, and a read-only directory, are said so", async () => {
    const full = await openSite({ behaviour: { licenceSeats: 1 } });
    const facts = { username: "new", fullName: "N", email: "n@example.com", password: null };
    const seats = await errorOf(accountsOf(full).create(facts));
    expect(seats).toMatchObject({ kind: "AccessRefused", status: 402 });
    expect(seats.message).toContain("licence seat");
    const ldap = await openSite({ behaviour: { readOnlyDirectory: true } });
    expect((await errorOf(accountsOf(ldap).create(facts))).message).toContain("LDAP, Crowd");
    expect((await errorOf(ldap.site.writer.createGroup("team"))).message).toContain("LDAP, Crowd");
  });

  it("a group and a user with a slash are refused before anything is sent", async () => {
    const open = await openSite();
    const { writer } = open.site;
    expect(await writer.objectionTo?.(group(dcGroups.slash))).toContain('"docs/web"');
    expect(writer.objectionToGroup("a\\b")).toContain("\\");
    const people = await open.site.accounts.byIds([dcUsers.jo as AccountId]);
    const jo = known(people, dcUsers.jo as AccountId);
    expect(writer.objectionToMembership?.(dcGroups.a as GroupId, jo)).toContain('"jo/ops"');
    const writes = [
      () => writer.addPermission(docs, group(dcGroups.slash), restrict),
      () => writer.deleteGroup(dcGroups.slash as GroupId),
      () => writer.addMember(dcGroups.slash as GroupId, dcUsers.ben as AccountId),
      () => writer.addMember(dcGroups.a as GroupId, dcUsers.jo as AccountId),
      () => accountsOf(open).disable("jo/ops"),
    ];
    for (const write of writes) expect((await errorOf(write())).kind).toBe("Unsupported");
    expect(writesOf(open)).toEqual([]);
  });

  it("a group that shares its name with a user is written like any other", async () => {
    const open = await openSite();
    expect(await open.site.writer.objectionTo?.(group(dcGroups.support))).toBeNull();
    await open.site.writer.addPermission(docs, group(dcGroups.support), restrict);
    expect(await held(open)).toContain("restrict_content/space@group:support");
    expect(await held(open)).not.toContain(`restrict_content/space@account:${dcUsers.support}`);
  });

  it("only anonymous users, of all classes, hold permissions that can be written", async () => {
    const open = await openSite();
    const unlicensed = { kind: "accessClass", classId: "unlicensed", reportedType: "unlicensed" } as const;
    expect([...open.site.writer.grantableClasses]).toEqual(["anonymous-users"]);
    expect(await open.site.writer.objectionTo?.(unlicensed)).toContain("anonymous");
    expect((await errorOf(open.site.writer.addPermission(docs, unlicensed, restrict))).kind).toBe("Unsupported");
    expect(writesOf(open)).toEqual([]);
  });

  it("what Data Center has no way for is refused", async () => {
    const { writer } = (await openSite()).site;
    const writes = [
      () => writer.setRole(docs, group("a"), null),
      () => writer.checkAccessByEmail([]),
      () => writer.inviteByEmail([]),
    ];
    for (const write of writes) expect((await errorOf(write())).kind).toBe("Unsupported");
    expect(writer.grantableOperations).toHaveLength(14);
  });
});

describe("a write whose route is missing", () => {
  it("goes by JSON-RPC, and the next one does so at once", async () => {
    const open = await openSite({ version: "8.6.0" });
    await open.site.writer.addPermission(docs, group(dcGroups.a), restrict);
    await open.site.writer.addPermission(docs, account(dcUsers.ben), restrict);
    expect(writesOf(open)).toEqual([
      "PUT /rest/api/space/DOCS/permissions/group/a/grant",
      "POST /rpc/json-rpc/confluenceservice-v2/addPermissionsToSpace",
      "POST /rpc/json-rpc/confluenceservice-v2/addPermissionsToSpace",
    ]);
  });

  it("reads a user's name afresh, for names can be given away", async () => {
    const open = await openSite({ version: "8.6.0" });
    await open.site.accounts.list();
    await open.forgetCalls();
    await open.site.writer.addPermission(docs, account(dcUsers.ben), restrict);
    expect(open.calls()).toContain(`GET /rest/api/user?key=${dcUsers.ben}&expand=status`);
  });

  it("is refused for a group that shares its name with a user, who would get the permission instead", async () => {
    const open = await openSite({ version: "8.6.0" });
    expect(await open.site.writer.objectionTo?.(group(dcGroups.support))).toContain('A user is called "support"');
    const error = await errorOf(open.site.writer.addPermission(docs, group(dcGroups.support), restrict));
    expect(error.kind).toBe("Unsupported");
    expect(writesOf(open).filter((call) => call.includes("rpc"))).toEqual([]);
    expect(await held(open)).not.toContain(`restrict_content/space@account:${dcUsers.support}`);
  });

  it("can address a group with a slash", async () => {
    const open = await openSite({ version: "8.6.0" });
    expect(await open.site.writer.objectionTo?.(group(dcGroups.slash))).toBeNull();
    await open.site.writer.addPermission(docs, group(dcGroups.slash), restrict);
    expect(await held(open)).toContain("restrict_content/space@group:docs/web");
  });

  it("of an account without a password is not gone on with", async () => {
    const open = await openSite({ version: "8.3.0" });
    const error = await errorOf(
      accountsOf(open).create({ username: "new", fullName: "N", email: "n@example.com", password: null }),
    );
    expect(error.kind).toBe("Unsupported");
    expect(error.message).toContain("give one");
    expect(writesOf(open).filter((call) => call.includes("rpc"))).toEqual([]);
  });

  it("has no other way where an account is updated", async () => {
    const open = await openSite({ version: "8.6.0" });
    const error = await errorOf(accountsOf(open).update("ben", { fullName: "Ben", email: "b@example.com" }));
    expect(error.kind).toBe("Unsupported");
    expect(error.message).toContain("9.0");
  });
});

describe("a write that failed or whose answer was lost", () => {
  it.each([
    ["a 500", { status: 500 }, true],
    ["a 501", { status: 501 }, true],
    ["a cut connection", { reset: true }, true],
    ["a lost answer", { reset: true, after: true }, true],
    ["a refusal", { status: 403 }, false],
  ])("after %s never goes the other way", async (_, fault, isAnswerLost) => {
    const open = await openSite();
    await open.fail({ match: "PUT /rest/api/space/DOCS/permissions/**", times: -1, ...fault });
    const error = await errorOf(open.site.writer.addPermission(docs, group(dcGroups.a), restrict));
    expect(error.isAnswerLost).toBe(isAnswerLost);
    expect(writesOf(open)).toEqual(["PUT /rest/api/space/DOCS/permissions/group/a/grant"]);
  });

  it.each([
    ["null", null, "UpstreamFailed", true],
    ["false", false, "UpstreamFailed", true],
    [
      "an error",
      { error: { code: 500, message: "a.b.RemoteException: No user or group with the name a" } },
      "RequestRejected",
      false,
    ],
    ["a refusal", { error: { message: "a.NotPermittedException: not permitted" } }, "AccessRefused", false],
    ["a read-only directory", { error: "The directory is read-only" }, "RequestRejected", false],
  ])("is an error after %s in a 200 of JSON-RPC", async (_, body, kind, isAnswerLost) => {
    const open = await openSite({ version: "8.6.0" });
    await open.fail({ match: "POST /rpc/json-rpc/confluenceservice-v2/*", times: -1, status: 200, body });
    const error = await errorOf(open.site.writer.addPermission(docs, group(dcGroups.a), restrict));
    expect(error).toMatchObject({ kind, isAnswerLost });
  });

  it("is lost where a removal names no task", async () => {
    const open = await openSite();
    await open.fail({ match: "DELETE /rest/api/admin/user/*", times: 1, status: 202, body: {} });
    expect(await errorOf(accountsOf(open).remove("ben"))).toMatchObject({ kind: "ContractDrift", isAnswerLost: true });
  });
});

describe("a password", () => {
  it.each([
    [
      "by REST",
      "10.2.0",
      "POST /rest/api/admin/user",
      { status: 400, body: { message: `The password ${canary} is weak` } },
    ],
    [
      "by JSON-RPC",
      "8.3.0",
      "POST /rpc/**",
      { status: 200, body: { error: { message: `The password ${canary} is weak` } } },
    ],
    ["in a page", "10.2.0", "POST /rest/api/admin/user", { status: 201, body: `<p>${canary}</p>` }],
  ])("is in no message, even where the site echoes it %s", async (_, version, match, fault) => {
    const open = await openSite({ version });
    await open.fail({ match, times: -1, ...fault });
    const password = new Secret(canary);
    const error = await errorOf(
      accountsOf(open).create({ username: "new", fullName: "N", email: "n@e.org", password }),
    );
    expect(error.message).toContain("***");
    expect(JSON.stringify([error, error.message, String(error.cause)])).not.toContain(canary);
  });
});

describe("a long task", () => {
  it.each([
    [0, false, "RUNNING"],
    [99, true, "RUNNING"],
    [100, true, "SUCCEEDED"],
    [100, undefined, "SUCCEEDED"],
    [100, false, "FAILED"],
  ])("at %s %% with success %s is %s", (percentageComplete, successful, state) => {
    expect(mapLongTask({ percentageComplete, successful })).toEqual({
      state,
      percentage: percentageComplete,
      message: null,
    });
  });

  it("says what its last message says", () => {
    const messages = [{ translation: "Starting" }, { translation: "Removing <b>pages</b>" }];
    expect(mapLongTask({ percentageComplete: 5, messages }).message).toBe("Removing pages");
  });
});

describe("a user name", () => {
  it.each(["ann", "ann@example.com", "ann.b_c-d", "ann/ops"])("%s is allowed", (name) => {
    expect(objectionToNewUsername(name)).toBeNull();
  });

  it.each(["", " ", "a b", "anonymous", "Ann", "a\\b", "a,b", "a+b", "a<b", "a>b", "a'b", 'a"b'])(
    "%j is not",
    (name) => {
      expect(objectionToNewUsername(name)).toMatch(/\w/);
    },
  );
});
