import { describe, expect, it } from "vitest";
import { rpcMethods } from "../../../sandbox/src/datacenter/rpc.js";
import { fieldOf } from "../support/fieldOf.js";
import { openWritable, readerToken } from "../support/openWritable.js";

const service = "/rpc/json-rpc/confluenceservice-v2";
const remoteError = { error: { code: 500, message: expect.stringContaining("RemoteException") } };
const types = [
  "VIEWSPACE",
  "EDITSPACE",
  "REMOVEPAGE",
  "EDITBLOG",
  "REMOVEBLOG",
  "COMMENT",
  "REMOVECOMMENT",
  "CREATEATTACHMENT",
  "REMOVEATTACHMENT",
  "REMOVEOWNCONTENT",
  "REMOVEMAIL",
  "EXPORTSPACE",
  "SETPAGEPERMISSIONS",
  "SETSPACEPERMISSIONS",
];

/** Parameters with which each method does something. */
const parametersOf: Readonly<Record<string, readonly unknown[]>> = {
  addUser: [{ name: "zoe", fullname: "Zoe", email: "zoe@example.com" }, "secret"],
  getUser: ["ann"],
  hasUser: ["ann"],
  deactivateUser: ["ann"],
  reactivateUser: ["left"],
  removeUser: ["ann"],
  addGroup: ["design"],
  removeGroup: ["engineering", null],
  hasGroup: ["engineering"],
  getGroups: [],
  getUserGroups: ["ann"],
  addUserToGroup: ["bob", "engineering"],
  removeUserFromGroup: ["bob", "release"],
  getSpacePermissionSets: ["ENG"],
  addPermissionToSpace: ["COMMENT", "ann", "ENG"],
  addPermissionsToSpace: [["COMMENT"], "ann", "ENG"],
  addAnonymousPermissionToSpace: ["COMMENT", "ENG"],
  addAnonymousPermissionsToSpace: [["COMMENT"], "ENG"],
  removePermissionFromSpace: ["VIEWSPACE", "ann", "ENG"],
  removeAnonymousPermissionFromSpace: ["VIEWSPACE", "ENG"],
};

/** Who holds a type, `user:` or `group:`; `null` is anonymous. */
function holders(sets: unknown, type: string): unknown[] {
  if (!Array.isArray(sets)) throw new Error(`no sets in ${JSON.stringify(sets)}`);
  const rows = fieldOf(
    sets.find((set) => fieldOf(set, "type") === type),
    "spacePermissions",
  );
  if (!Array.isArray(rows)) return [];
  return rows.map((row: unknown) => {
    expect(fieldOf(row, "type")).toBe(type);
    const [user, group] = [fieldOf(row, "userName"), fieldOf(row, "groupName")];
    if (user !== null) return `user:${String(user)}`;
    return group === null ? null : `group:${String(group)}`;
  });
}

describe("reading permission sets", () => {
  it("names all fourteen types, empty ones too, and others under names of their own", async () => {
    const { rpc } = await openWritable();
    const sets = await rpc("getSpacePermissionSets", "eng");
    if (!Array.isArray(sets)) throw new Error("no list");
    expect(sets.map((set: unknown) => fieldOf(set, "type"))).toEqual([...types, "EXPORTPAGE"]);
    expect(holders(sets, "EXPORTPAGE")).toEqual(["group:confluence-users"]);
    expect(sets.find((set: unknown) => fieldOf(set, "type") === "COMMENT")).toEqual({
      type: "COMMENT",
      spacePermissions: [],
    });
  });

  it("names a deleted user by its key, anonymous by two nulls, and has no word for unlicensed users", async () => {
    const { rpc } = await openWritable();
    expect(holders(await rpc("getSpacePermissionSets", "ENG"), "VIEWSPACE")).toEqual([
      "group:confluence-administrators",
      "group:confluence-users",
      "user:ann",
      "user:key-gone",
      null,
    ]);
  });
});

describe("writing permissions", () => {
  it("maps each of the fourteen names to REST's pair", async () => {
    const { rpc, send } = await openWritable();
    expect(await rpc("addPermissionsToSpace", types, "bob", "ENG")).toBe(true);
    const { body } = await send("GET", "/rest/api/space/ENG/permissions/user/key-bob");
    if (!Array.isArray(body)) throw new Error("no list");
    const pairs = body.map(
      (row: unknown) =>
        `${String(fieldOf(row, "operation.operationKey"))}/${String(fieldOf(row, "operation.targetType"))}`,
    );
    expect(pairs).toEqual([
      "read/space",
      "create/page",
      "delete/page",
      "create/blogpost",
      "delete/blogpost",
      "create/comment",
      "delete/comment",
      "create/attachment",
      "delete/attachment",
      "delete_own/space",
      "delete_mail/space",
      "export/space",
      "restrict/space",
      "administer/space",
    ]);
  });

  it("answers true even when nothing changes", async () => {
    const { rpc, held } = await openWritable();
    const before = held();
    expect(await rpc("addPermissionToSpace", "VIEWSPACE", "ann", "ENG")).toBe(true);
    expect(await rpc("addPermissionsToSpace", [], "ann", "ENG")).toBe(true);
    expect(await rpc("removePermissionFromSpace", "COMMENT", "ann", "ENG")).toBe(true);
    expect(held()).toEqual(before);
    expect(await rpc("removePermissionFromSpace", "VIEWSPACE", "ANN", "ENG")).toBe(true);
    expect(holders(await rpc("getSpacePermissionSets", "ENG"), "VIEWSPACE")).not.toContain("user:ann");
    expect(holders(await rpc("getSpacePermissionSets", "ENG"), "EDITSPACE")).toContain("user:ann");
  });

  it("grants administration without reading first, unlike REST", async () => {
    const { rpc } = await openWritable();
    expect(await rpc("addPermissionsToSpace", ["SETSPACEPERMISSIONS"], "bob", "ENG")).toBe(true);
    expect(holders(await rpc("getSpacePermissionSets", "ENG"), "SETSPACEPERMISSIONS")).toContain("user:bob");
  });

  it("takes a name as a user's before it takes it as a group's", async () => {
    const { rpc, held } = await openWritable();
    await rpc("addPermissionToSpace", "COMMENT", "Release", "ENG");
    await rpc("addPermissionToSpace", "COMMENT", "engineering", "ENG");
    expect(holders(await rpc("getSpacePermissionSets", "ENG"), "COMMENT")).toEqual([
      "user:release",
      "group:Engineering",
    ]);
    expect(held().spaces[0]?.permissions.some(({ subject }) => subject.name === "release")).toBe(false);
  });

  it("takes null for anonymous, and has methods of its own for it", async () => {
    const { rpc } = await openWritable();
    const comments = async () => holders(await rpc("getSpacePermissionSets", "ENG"), "COMMENT");
    for (const [add, remove] of [
      [
        ["addPermissionToSpace", "COMMENT", null, "ENG"],
        ["removePermissionFromSpace", "COMMENT", null, "ENG"],
      ],
      [
        ["addAnonymousPermissionToSpace", "COMMENT", "ENG"],
        ["removeAnonymousPermissionFromSpace", "COMMENT", "ENG"],
      ],
      [
        ["addAnonymousPermissionsToSpace", ["COMMENT"], "ENG"],
        ["removeAnonymousPermissionFromSpace", "COMMENT", "ENG"],
      ],
    ] as const) {
      const [adding, ...added] = add;
      expect(await rpc(adding, ...added)).toBe(true);
      expect(await comments()).toEqual([null]);
      const [removing, ...removed] = remove;
      expect(await rpc(removing, ...removed)).toBe(true);
      expect(await comments()).toEqual([]);
    }
  });

  it.each([
    ["an unknown name", ["addPermissionToSpace", "VIEWSPACE", "nobody", "ENG"]],
    ["an unknown space", ["addPermissionToSpace", "VIEWSPACE", "ann", "NOPE"]],
    ["an unknown permission among known ones", ["addPermissionsToSpace", ["COMMENT", "FLY"], "ann", "ENG"]],
    ["a permission in REST's words", ["addPermissionToSpace", { operationKey: "read" }, "ann", "ENG"]],
    ["one permission where a list is wanted", ["addPermissionsToSpace", "COMMENT", "ann", "ENG"]],
    ["removing from an unknown name", ["removePermissionFromSpace", "VIEWSPACE", "nobody", "ENG"]],
    ["reading an unknown space", ["getSpacePermissionSets", "NOPE"]],
  ])("answers %s as an error object in a 200, and changes nothing", async (_, [method = "", ...parameters]) => {
    const { rpc, held } = await openWritable();
    const before = held();
    expect(await rpc(String(method), ...parameters)).toEqual(remoteError);
    expect(held()).toEqual(before);
  });

  it("says of an unknown name that it is neither a user nor a group", async () => {
    const { rpc } = await openWritable();
    const answer = await rpc("addPermissionToSpace", "VIEWSPACE", "nobody", "ENG");
    expect(fieldOf(answer, "error.message")).toContain("No user or group with the name nobody");
  });
});

describe("accounts", () => {
  const zoe = { name: "zoe", fullname: "Zoe Zacharias", email: "zoe@example.com" };

  it("adds a user, answers null, and puts it into the default group", async () => {
    const { rpc, send, held } = await openWritable({ version: "8.3" });
    const { status, text } = await send("POST", `${service}/addUser`, [zoe, "secret"]);
    expect([status, text]).toEqual([200, "null"]);
    expect(await rpc("getUser", "ZOE")).toMatchObject({ ...zoe, key: expect.stringMatching(/^[0-9a-f]{32}$/) });
    expect(held().groups.find(({ name }) => name === "confluence-users")?.members).toContain("zoe");
  });

  it.each([
    ["a taken name", { ...zoe, name: "ann" }, "secret"],
    ["an upper case letter", { ...zoe, name: "Zoe" }, "secret"],
    ["angle brackets in the full name", { ...zoe, fullname: "<zoe>" }, "secret"],
    ["no e-mail", { name: "zoe", fullname: "Zoe" }, "secret"],
    ["REST's word for the name", { userName: "zoe", fullName: "Zoe", email: "zoe@example.com" }, "secret"],
    ["no password", zoe, null],
    ["a blank password", zoe, ""],
  ])("refuses %s with an error object", async (_, user, password) => {
    const { rpc, held } = await openWritable();
    const before = held();
    expect(await rpc("addUser", user, password)).toEqual(remoteError);
    expect(held()).toEqual(before);
  });

  it("refuses one more user than there are licences, and any in a read-only directory", async () => {
    for (const options of [{ licenceSeats: 4 }, { readOnlyDirectory: true }]) {
      const { rpc } = await openWritable(options);
      expect(await rpc("addUser", zoe, "secret")).toEqual(remoteError);
    }
  });

  it("deactivates, reactivates and removes", async () => {
    const { rpc, held } = await openWritable();
    const status = () => held().users.find(({ username }) => username === "ann")?.status;
    expect(await rpc("deactivateUser", "Ann")).toBe(true);
    expect(status()).toBe("deactivated");
    expect(await rpc("reactivateUser", "ann")).toBe(true);
    expect(status()).toBe("current");
    expect(await rpc("removeUser", "ann")).toBe(true);
    expect(await rpc("hasUser", "ann")).toBe(false);
    expect(await rpc("removeUser", "ann")).toEqual(remoteError);
    expect(await rpc("getUser", "ann")).toEqual(remoteError);
    expect(held().groups.flatMap(({ members }) => members)).not.toContain("ann");
  });
});

describe("groups", () => {
  it("adds them and changes who is in them, any number of times", async () => {
    const { rpc } = await openWritable();
    expect(await rpc("addGroup", "design")).toBe(true);
    expect(await rpc("addGroup", "Design")).toEqual(remoteError);
    expect(await rpc("getGroups")).toContain("design");
    for (let times = 0; times < 2; times += 1) expect(await rpc("addUserToGroup", "bob", "DESIGN")).toBe(true);
    expect(await rpc("getUserGroups", "bob")).toEqual(["confluence-users", "design", "release"]);
    for (let times = 0; times < 2; times += 1) expect(await rpc("removeUserFromGroup", "bob", "design")).toBe(true);
    expect(await rpc("getUserGroups", "bob")).toEqual(["confluence-users", "release"]);
    expect(await rpc("addUserToGroup", "bob", "nothing")).toEqual(remoteError);
    expect(await rpc("addUserToGroup", "nobody", "design")).toEqual(remoteError);
  });

  it("removes a group and hands its members to another, or to none", async () => {
    const { rpc, held } = await openWritable();
    expect(await rpc("removeGroup", "engineering", "nothing")).toEqual(remoteError);
    expect(await rpc("hasGroup", "engineering")).toBe(true);
    expect(await rpc("removeGroup", "engineering", "release")).toBe(true);
    expect(held().groups.find(({ name }) => name === "release")?.members).toEqual(["bob", "ann", "left"]);
    expect(await rpc("removeGroup", "release", null)).toBe(true);
    expect(await rpc("hasGroup", "release")).toBe(false);
    expect(await rpc("removeGroup", "confluence-administrators", null)).toEqual(remoteError);
  });
});

describe("the service", () => {
  it.each(["8.3", "8.6", "9.2", "10.2"])("is there in %s", async (version) => {
    const { rpc } = await openWritable({ version });
    expect(await rpc("addPermissionsToSpace", ["REMOVEPAGE"], "bob", "ENG")).toBe(true);
    expect(holders(await rpc("getSpacePermissionSets", "ENG"), "REMOVEPAGE")).toEqual(["user:bob"]);
  });

  it("answers failures as an error object in a 200: a wrong number of parameters, and no list", async () => {
    const { rpc, send } = await openWritable();
    const wrong = { error: { code: 500, message: expect.stringContaining("takes a list of 3 parameters") } };
    expect(await rpc("addPermissionsToSpace", ["COMMENT"], "ann")).toEqual(wrong);
    expect((await send("POST", `${service}/addPermissionsToSpace`, { space: "ENG" })).body).toEqual(wrong);
  });

  it("does not permit anything to somebody who administers nothing: a 200 that says so", async () => {
    const { send, held } = await openWritable();
    const before = held();
    for (const token of [readerToken, null]) {
      for (const [method, ...parameters] of [
        ["getSpacePermissionSets", "ENG"],
        ["addPermissionToSpace", "COMMENT", "bob", "ENG"],
        ["removeUser", "bob"],
      ]) {
        const { status, body } = await send("POST", `${service}/${method}`, parameters, token);
        expect(status).toBe(200);
        expect(fieldOf(body, "error.message")).toContain("not permitted");
      }
    }
    expect(held()).toEqual(before);
  });

  it("wants application/json", async () => {
    const { sandbox } = await openWritable();
    const response = await fetch(`${sandbox.dataCenter?.url}${service}/getGroups`, {
      method: "POST",
      headers: {
        authorization: "Bearer sandbox-personal-access-token",
        "content-type": "text/plain",
        "x-atlassian-token": "no-check",
      },
      body: "[]",
    });
    await response.text();
    expect(response.status).toBe(415);
  });

  it.each([
    [true, 404],
    [404, 404],
    [401, 401],
    [405, 405],
  ] as const)("switched off with %s answers %i, while REST goes on", async (rpcDisabled, expected) => {
    const { send } = await openWritable({ rpcDisabled });
    const { status, text } = await send("POST", `${service}/getGroups`, []);
    expect([status, text]).toEqual([expected, expect.stringContaining(`HTTP Status ${expected}`)]);
    expect((await send("GET", "/rest/api/group")).status).toBe(200);
  });

  it("answers 501 for what is not emulated", async () => {
    const { send } = await openWritable();
    for (const method of ["storePage", "constructor"]) {
      expect((await send("POST", `${service}/${method}`, [])).status).toBe(501);
      expect((await send("POST", service, { jsonrpc: "2.0", method, params: [], id: 1 })).status).toBe(501);
    }
  });
});

describe("JSON-RPC with the method in its body", () => {
  it.each([...rpcMethods.keys()])("does what it does with the method in its path: %s", async (method) => {
    const parameters = parametersOf[method];
    if (parameters === undefined) throw new Error(`no parameters for ${method}`);
    const [inPath, inBody] = [await openWritable(), await openWritable()];
    const bare = await inPath.rpc(method, ...parameters);
    const { status, body } = await inBody.send("POST", service, { jsonrpc: "2.0", method, params: parameters, id: 7 });
    expect([status, body]).toEqual([200, { jsonrpc: "2.0", result: bare, id: 7 }]);
    expect(fieldOf(bare, "error")).toBeUndefined();
    expect(inBody.held()).toEqual(inPath.held());
  });

  it("echoes what a client counts by as it was sent, and answers failures with it", async () => {
    const { send } = await openWritable();
    const ask = async (body: unknown, token?: string) => (await send("POST", service, body, token)).body;
    expect(await ask({ method: "hasGroup", params: ["release"], id: "x" })).toEqual({ result: true, id: "x" });
    expect(await ask({ jsonrpc: "2.0", method: "getGroups" })).toMatchObject({ jsonrpc: "2.0", id: null });
    expect(await ask({ jsonrpc: "2.0", method: "getUser", params: ["none"], id: 1 })).toEqual({
      ...{ jsonrpc: "2.0", id: 1 },
      ...remoteError,
    });
    const refused = await ask({ jsonrpc: "2.0", method: "getGroups", params: [], id: 2 }, readerToken);
    expect(refused).toMatchObject({ id: 2, error: { message: expect.stringContaining("NotPermitted") } });
    for (const wrong of [[], 1, { id: 3 }]) expect(await ask(wrong)).toMatchObject({ error: { code: -32_600 } });
  });

  it("answers a list of calls in its order", async () => {
    const { send } = await openWritable();
    const calls = ["release", "none"].map((name, id) => ({ jsonrpc: "2.0", method: "hasGroup", params: [name], id }));
    expect((await send("POST", service, calls)).body).toEqual([
      { jsonrpc: "2.0", result: true, id: 0 },
      { jsonrpc: "2.0", result: false, id: 1 },
    ]);
  });
});
