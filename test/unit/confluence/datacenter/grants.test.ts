import { describe, expect, it } from "vitest";
import { mapSubject, permissionIdOf } from "../../../../src/confluence/datacenter/grants.js";
import type { SpaceGrant } from "../../../../src/domain/Grant.js";
import type { GroupId, SpaceId, SpaceKey } from "../../../../src/domain/ids.js";
import { toldModel } from "../../../../src/domain/Site.js";
import { dcSpaces, dcUsers, granted, smallDataCenterWorld } from "../../../support/dataCenterWorlds.js";
import { errorOf, known, openSite } from "./openSite.js";

const group = (name: string) => name as GroupId;
const space = (id: number) => String(id) as SpaceId;
const key = (text: string) => text as SpaceKey;

const byName = (username: string) => `GET /rest/api/user?username=${username}&expand=status`;
const groupsByName = (username: string) => `GET /rest/api/user/memberof?username=${username}&limit=1`;

/** Grants as `operation@holder`, in order. */
function show(grants: readonly SpaceGrant[]): string[] {
  return grants
    .map((grant) => (grant.kind === "permission" ? permissionIdOf(grant.principal, grant.operation) : "role"))
    .sort();
}

describe("grants by REST", () => {
  const docs = space(dcSpaces.DOCS);
  const rows = (spaceId: unknown) => [
    {
      operation: { targetType: "space", operationKey: "read" },
      subject: { type: "unlicensed" },
      spaceKey: "DOCS",
      spaceId,
    },
  ];
  const rest = "GET /rest/api/space/DOCS/permissions";

  it("of a key that is another space's by now are not told, and the key is forgotten", async () => {
    const { site, fail, calls, forgetCalls } = await openSite();
    await site.spaces.list("CURRENT");
    await fail({ match: rest, times: -1, status: 200, body: rows(999) });
    expect((await site.spaces.grantsOf([docs], "PRE_ROLES")).get(docs)).toMatchObject({ kind: "NotVisible" });
    await forgetCalls();
    await site.spaces.grantsOf([docs], "PRE_ROLES");
    expect(calls()).toContain(`GET /rest/api/space?spaceId=${dcSpaces.DOCS}&status=current&expand=creator&limit=200`);
  });

  it.each([
    ["a number", dcSpaces.DOCS],
    ["a text", String(dcSpaces.DOCS)],
  ])("need no proof where they name their space by %s, however long ago its key was learned", async (_, id) => {
    const { site, fail, calls, forgetCalls, clock } = await openSite();
    await site.spaces.list("CURRENT");
    await clock.advance(600_000);
    await fail({ match: rest, times: -1, status: 200, body: rows(id) });
    await forgetCalls();
    expect(show(known(await site.spaces.grantsOf([docs], "PRE_ROLES"), docs).items)).toEqual([
      "read/space@class:unlicensed:unlicensed",
    ]);
    expect(calls()).toEqual([rest]);
  });

  it("stay the way to read after a write was refused", async () => {
    const { site, fail, calls } = await openSite();
    const address = { spaceId: docs, key: key("DOCS") };
    const write = () =>
      site.writer.addPermission(address, { kind: "group", groupId: group("a") }, { key: "read", target: "space" });
    await fail({ match: "PUT /rest/api/space/DOCS/permissions/**", times: -1, status: 405, body: "" });
    expect(await errorOf(write())).toMatchObject({ kind: "RequestRejected", status: 405 });
    expect((await errorOf(write())).status).toBe(405);
    expect((await site.spaces.grantsOf([docs], "PRE_ROLES")).has(docs)).toBe(true);
    expect(calls()).toContain(rest);
    expect(calls().filter((call) => call.includes("/rpc/"))).toEqual([]);
    const names = ["GRANULAR_SPACE_PERMISSIONS", "UNLICENSED_GRANTS"];
    const capabilities = await site.readCapabilities(toldModel("PRE_ROLES"));
    expect(capabilities.filter(({ name, reason }) => names.includes(name) && reason !== null)).toEqual([]);
  });

  it("that cannot be read for once are an error, and no reason to ask a way that tells less", async () => {
    const { site, fail, calls } = await openSite();
    await fail({ match: rest, times: 1, status: 405, body: "" });
    expect((await site.spaces.grantsOf([docs], "PRE_ROLES")).get(docs)).toMatchObject({ kind: "RequestRejected" });
    expect(known(await site.spaces.grantsOf([docs], "PRE_ROLES"), docs).items.length).toBeGreaterThan(0);
    expect(calls().filter((call) => call.includes("/rpc/"))).toEqual([]);
  });
});

describe.each([
  ["by JSON-RPC", "8.6.0", "POST /rpc/json-rpc/confluenceservice-v2/getSpacePermissionSets"],
  ["without rows", "10.2.0", "GET /rest/api/space/DOCS/permissions"],
])("grants %s, which say not whose they are,", (_, version, match) => {
  const docs = space(dcSpaces.DOCS);
  const lookup = "GET /rest/api/space?spaceKey=DOCS&status=current&expand=creator&limit=200";
  const other = { id: 999, key: "DOCS", name: "Other", type: "global", status: "current", _links: {} };

  async function open() {
    const opened = await openSite({ version });
    await opened.fail({ match, times: -1, status: 200, body: [] });
    await opened.site.spaces.list("CURRENT");
    await opened.forgetCalls();
    const read = () => opened.site.spaces.grantsOf([docs], "PRE_ROLES");
    return { ...opened, read, lookups: () => opened.calls().filter((call) => call === lookup) };
  }

  it("are believed for five minutes after the space was read, and proved by reading it then", async () => {
    const { clock, read, lookups } = await open();
    await clock.advance(299_999);
    expect(known(await read(), docs).items).toEqual([]);
    expect(lookups()).toHaveLength(0);
    await clock.advance(1);
    expect(known(await read(), docs).items).toEqual([]);
    expect(lookups()).toHaveLength(1);
    expect((await read()).has(docs)).toBe(true);
    expect(lookups()).toHaveLength(1);
  });

  it("are not told where the key is another space's by now", async () => {
    const { clock, read, fail } = await open();
    await clock.advance(300_000);
    const body = { results: [other], start: 0, limit: 200, size: 1, _links: {} };
    await fail({ match: "GET /rest/api/space?spaceKey=DOCS", times: -1, status: 200, body });
    expect((await read()).get(docs)).toMatchObject({ kind: "NotVisible" });
  });

  it("are an error where the space cannot be read", async () => {
    const { clock, read, fail } = await open();
    await clock.advance(300_000);
    await fail({ match: "GET /rest/api/space", times: -1, status: 500 });
    expect((await read()).get(docs)).toMatchObject({ kind: "UpstreamFailed" });
  });
});

describe("grants by JSON-RPC", () => {
  it("ask once in a while for the route that REST lacks", async () => {
    const { site, calls, forgetCalls } = await openSite({ version: "8.6.0" });
    const ids = Object.values(dcSpaces).map(space);
    await site.spaces.list("CURRENT");
    await site.spaces.list("ARCHIVED");
    await forgetCalls();
    for (const id of ids) await site.spaces.grantsOf([id], "PRE_ROLES");
    const asked = calls();
    expect(asked.filter((call) => /^GET .*\/permissions$/.test(call))).toHaveLength(1);
    expect(asked.filter((call) => call.includes("getSpacePermissionSets"))).toHaveLength(4);
  });

  it.each([
    // The deleted user's name is in no list; that nobody has it two calls say of that name.
    ["8.6.0", ["GET /rest/api/user/list?limit=200", byName(dcUsers.gone), groupsByName(dcUsers.gone)]],
    [
      "8.3.0",
      [...["admin", "ben", "fay", "jo/ops", "kim", "support", dcUsers.gone].map(byName), groupsByName(dcUsers.gone)],
    ],
  ])("look up the names of all rows of a reading together, on %s with few calls", async (version, expected) => {
    const { site, calls, forgetCalls } = await openSite({ version });
    await site.spaces.list("CURRENT");
    await site.spaces.list("ARCHIVED");
    // What was read of people before says nothing of whose a name is now.
    for (const name of ["ben", "fay"]) await site.accounts.byUsernames?.([name]);
    const ids = Object.values(dcSpaces).map(space);
    const names = async () => {
      await forgetCalls();
      await site.spaces.grantsOf(ids, "PRE_ROLES");
      return calls().filter((call) => call.includes("username=") || call.includes("/user/list"));
    };
    expect((await names()).filter((call) => call !== "GET /rest/api/user/list?limit=200").sort()).toEqual(
      expected.filter((call) => !call.includes("/user/list")).sort(),
    );
    // And again with every reading, for a name can be given to somebody else.
    expect((await names()).sort()).toEqual([...expected].sort());
  });

  it("give rows to whoever has their names when they are read, whoever had them before", async () => {
    const { site, renameUsers } = await openSite({ version: "8.6.0" });
    const ofKim = async () => {
      const { items } = known(await site.spaces.grantsOf([space(dcSpaces.ENG)], "PRE_ROLES"), space(dcSpaces.ENG));
      return show(items).filter((each) => each.endsWith(dcUsers.kim) || each.endsWith(dcUsers.fay));
    };
    const before = await ofKim();
    expect(before).toEqual([
      `delete/page@account:${dcUsers.fay}`,
      `read/space@account:${dcUsers.fay}`,
      `read/space@account:${dcUsers.kim}`,
    ]);
    await renameUsers({ [dcUsers.fay]: "kim", [dcUsers.kim]: "fay" });
    expect(await ofKim()).toEqual(before);
  });

  it("keep a user whose name is nobody's by that name", async () => {
    const world = smallDataCenterWorld("8.6.0");
    const [first] = world.dataCenter.spaces;
    const spaces = [{ ...first, permissions: granted({ type: "user", name: "left.long.ago" }, "read/space") }];
    const { site } = await openSite({ world: { dataCenter: { ...world.dataCenter, spaces } } });
    const { items, gaps } = known(await site.spaces.grantsOf([space(dcSpaces.ENG)], "PRE_ROLES"), space(dcSpaces.ENG));
    expect(items).toMatchObject([{ principal: { kind: "account", accountId: "left.long.ago" } }]);
    expect(gaps).toEqual([]);
  });

  it("keep a user whom one call alone does not find, and declare the gap", async () => {
    const { site, fail } = await openSite({ version: "8.6.0" });
    await fail({ match: "GET /rest/api/user?username=fay*", times: -1, status: 404 });
    const { items, gaps } = known(await site.spaces.grantsOf([space(dcSpaces.OLD)], "PRE_ROLES"), space(dcSpaces.OLD));
    const principals = items.map(({ principal }) => principal);
    expect(principals).toContainEqual({ kind: "accessClass", classId: "fay", reportedType: "user" });
    expect(principals.filter(({ kind }) => kind === "account")).toEqual([]);
    expect(gaps).toMatchObject([
      { missing: 'whose user name "fay" is in the permissions of space OLD', kind: "NotVisible" },
    ]);
  });

  it("keep a user who could not be looked up as well, and declare the gap", async () => {
    const { site, fail } = await openSite({ version: "8.6.0" });
    await fail({ match: "GET /rest/api/user?username=*", times: -1, status: 500 });
    const { items, gaps } = known(await site.spaces.grantsOf([space(dcSpaces.OLD)], "PRE_ROLES"), space(dcSpaces.OLD));
    expect(items).toHaveLength(3);
    expect(gaps).toMatchObject([
      { missing: 'whose user name "fay" is in the permissions of space OLD', kind: "UpstreamFailed" },
    ]);
  });

  it.each([
    ["null", null, "UpstreamFailed", "answered null"],
    [
      "an error",
      { error: { code: 500, message: "com.atlassian.confluence.rpc.RemoteException: Broken" } },
      "RequestRejected",
      "RemoteException: Broken",
    ],
    [
      "a refusal",
      { error: { code: 500, message: "a.b.NotPermittedException: no" } },
      "AccessRefused",
      "NotPermittedException",
    ],
    ["another shape", [{ spacePermissions: [] }], "ContractDrift", "getSpacePermissionSets"],
  ])("are an error after %s in a 200, never an empty list", async (_, body, kind, words) => {
    const { site, fail } = await openSite({ version: "8.6.0" });
    await fail({ match: "POST /rpc/json-rpc/confluenceservice-v2/*", times: -1, status: 200, body });
    const outcome = (await site.spaces.grantsOf([space(dcSpaces.OLD)], "PRE_ROLES")).get(space(dcSpaces.OLD));
    expect(outcome).toMatchObject({ kind });
    expect(String(outcome)).toContain(words);
  });

  it("are not visible of a space that has gone meanwhile", async () => {
    const { site, fail } = await openSite({ version: "8.6.0" });
    const error = {
      code: 500,
      message: "a.RemoteException: You're not allowed to view that space, or it does not exist.",
    };
    await fail({ match: "POST /rpc/json-rpc/confluenceservice-v2/*", times: -1, status: 200, body: { error } });
    const old = space(dcSpaces.OLD);
    expect((await site.spaces.grantsOf([old], "PRE_ROLES")).get(old)).toMatchObject({ kind: "NotVisible" });
  });

  it("that are switched off say that neither way is there", async () => {
    const { site } = await openSite({ version: "8.6.0", behaviour: { rpcDisabled: true } });
    const outcome = (await site.spaces.grantsOf([space(dcSpaces.OLD)], "PRE_ROLES")).get(space(dcSpaces.OLD));
    expect(outcome).toMatchObject({ kind: "Unsupported" });
    expect(String(outcome)).toContain("needs Confluence Data Center 9.1; this site is 8.6.0.");
    expect(String(outcome)).toContain("JSON-RPC API is switched off");
    const granular = (await site.readCapabilities(toldModel("PRE_ROLES"))).find(
      ({ name }) => name === "GRANULAR_SPACE_PERMISSIONS",
    );
    expect(granular?.reason).toContain("9.1");
  });
});

describe("the subject of a row", () => {
  const account = { kind: "account", accountId: "k1" };
  const anonymous = { kind: "accessClass", classId: "anonymous-users", reportedType: "anonymous" };
  it.each([
    [{ type: "user", userKey: "k1" }, account],
    [{ type: "known", userKey: "k1", name: "ann" }, account],
    [{ userKey: "k1" }, account],
    [
      { type: "group", name: "g" },
      { kind: "group", groupId: "g" },
    ],
    [{ name: "g" }, { kind: "group", groupId: "g" }],
    [{ name: "Confluence-Users" }, { kind: "group", groupId: "confluence-users" }],
    [
      { type: "user", name: "ann" },
      { kind: "username", username: "ann" },
    ],
    [{ type: "anonymous" }, anonymous],
    [null, anonymous],
    [undefined, anonymous],
    [{ type: "unlicensed" }, { kind: "accessClass", classId: "unlicensed", reportedType: "unlicensed" }],
    [
      { type: "robot", name: "r2" },
      { kind: "accessClass", classId: "r2", reportedType: "robot" },
    ],
    [{}, { kind: "accessClass", classId: "unknown", reportedType: "unknown" }],
  ])("%j is %j", (subject, holder) => {
    expect(mapSubject(subject)).toEqual(holder);
  });
});

describe("the id of a row", () => {
  it("tells accounts, groups and classes of one name apart", () => {
    const read = { key: "read", target: "space" };
    const ids = [
      permissionIdOf({ kind: "account", accountId: "x" as never }, read),
      permissionIdOf({ kind: "group", groupId: "x" as never }, read),
      permissionIdOf({ kind: "accessClass", classId: "x", reportedType: "user" }, read),
      permissionIdOf({ kind: "accessClass", classId: "x", reportedType: "robot" }, read),
    ];
    expect(new Set(ids).size).toBe(4);
    expect(ids[0]).toBe("read/space@account:x");
  });
});
