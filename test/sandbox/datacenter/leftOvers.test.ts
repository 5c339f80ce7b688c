import { describe, expect, it } from "vitest";
import { parseWorld } from "../../../sandbox/src/world/loadWorld.js";
import type { DataCenterWorld, World } from "../../../sandbox/src/world/World.js";
import { columnOf } from "../support/columnOf.js";
import { fieldOf } from "../support/fieldOf.js";
import { type OpenWritable, openWritable } from "../support/openWritable.js";
import { row, user } from "../support/readableWorld.js";
import { writableWorld } from "../support/writableWorld.js";

const permissions = "/rest/api/space/ENG/permissions";
const remoteError = { error: { code: 500, message: expect.stringContaining("RemoteException") } };
const zoe = {
  userName: "zoe",
  fullName: "Zoe",
  email: "zoe@example.com",
  password: "long enough",
  notifyViaEmail: false,
};

/** The writable world with other rows in its space. */
function worldWith(rows: DataCenterWorld["globalPermissions"], changes: Partial<DataCenterWorld> = {}): World {
  const [space] = writableWorld().dataCenter?.spaces ?? [];
  if (space === undefined) throw new Error("the world has no space");
  return writableWorld({ spaces: [{ ...space, permissions: rows }], ...changes });
}

async function create({ send }: OpenWritable, userName = "zoe"): Promise<string> {
  const { status, body } = await send("POST", "/rest/api/admin/user", { ...zoe, userName });
  expect(status).toBe(201);
  return String(fieldOf(body, "userKey"));
}

/** The world as it is printed, read back into another sandbox. */
const again = (held: DataCenterWorld) =>
  openWritable({}, { world: parseWorld(JSON.parse(JSON.stringify({ dataCenter: held }))) });

async function userNames({ rpc }: OpenWritable, type: string): Promise<unknown[]> {
  const sets = await rpc("getSpacePermissionSets", "ENG");
  if (!Array.isArray(sets)) throw new Error("no sets");
  const rows = fieldOf(
    sets.find((set) => fieldOf(set, "type") === type),
    "spacePermissions",
  );
  return columnOf({ results: rows }, "userName");
}

describe("a key that a deleted user left behind", () => {
  it.each([
    ["rows of a space", (userKey: string) => worldWith([row({ type: "user", userKey }, "read/space")])],
    [
      "global rows",
      (userKey: string) => writableWorld({ globalPermissions: [row({ type: "user", userKey }, "administer/system")] }),
    ],
    [
      "the creator of a space",
      (creator: string) =>
        writableWorld({ spaces: (writableWorld().dataCenter?.spaces ?? []).map((space) => ({ ...space, creator })) }),
    ],
  ])("is given to no newcomer where %s name it", async (_, worldOf) => {
    const first = await openWritable();
    const userKey = await create(first);
    const open = await openWritable({}, { world: worldOf(userKey) });
    expect(await create(open)).not.toBe(userKey);
  });
});

describe("a user name that only rows and memberships know", () => {
  const rows = [row({ type: "user", name: "Zoe" }, "read/space"), row({ type: "user", name: "yan" }, "create/page")];
  const groups = [
    { name: "confluence-administrators", members: ["admin"] },
    { name: "engineering", members: ["ZOE"] },
  ];
  const globalPermissions = [row({ type: "user", name: "zoe" }, "administer/application")];

  it("belongs to whoever is created with it, alike at once and after the world was read back", async () => {
    const open = await openWritable({}, { world: worldWith(rows, { groups, globalPermissions }) });
    const before = open.held();
    const userKey = await create(open);
    expect(open.held().spaces).toEqual(before.spaces);
    for (const each of [open, await again(open.held())]) {
      const { body } = await each.send("GET", `${permissions}/user/${userKey}`);
      expect(body).toMatchObject([{ subject: { type: "known", userKey }, operation: { operationKey: "read" } }]);
      expect((await each.send("GET", "/rest/api/permissions/user/zoe")).body).toHaveLength(1);
      expect((await each.send("GET", `/rest/api/user/memberof?key=${userKey}`)).body).toMatchObject({
        results: [{ name: "engineering" }],
      });
      expect(await userNames(each, "VIEWSPACE")).toEqual(["zoe"]);
      expect((await each.send("GET", `${permissions}/user/${userKey}`)).status).toBe(200);
    }
  });

  it("takes its rows from the newcomer when they are revoked", async () => {
    const open = await openWritable({}, { world: worldWith(rows) });
    const userKey = await create(open);
    const body = [{ targetType: "space", operationKey: "read" }];
    expect((await open.send("PUT", `${permissions}/user/${userKey}/revoke`, body)).status).toBe(204);
    expect(open.held().spaces[0]?.permissions).toEqual([rows[1]]);
  });

  it("leaves its rows under the key when the newcomer is deleted, so that the next one has none of them", async () => {
    const open = await openWritable({}, { world: worldWith(rows) });
    const userKey = await create(open);
    expect(await open.rpc("removeUser", "zoe")).toBe(true);
    expect(open.held().spaces[0]?.permissions[0]?.subject).toEqual({ type: "user", userKey });
    const next = await create(open);
    expect(next).not.toBe(userKey);
    expect((await open.send("GET", `${permissions}/user/${next}`)).body).toEqual([]);
  });
});

describe("what JSON-RPC lists under a name", () => {
  const left = [
    row({ type: "user", userKey: "key-gone" }, "read/space"),
    row({ type: "user", name: "Lost" }, "read/space"),
    row({ type: "group", name: "Dissolved" }, "read/space"),
  ];

  it.each(["key-gone", "lost"])("is removed by that name, though no user has it: %s", async (name) => {
    const { rpc, held } = await openWritable({}, { world: worldWith(left) });
    expect(await rpc("removePermissionFromSpace", "COMMENT", name, "ENG")).toBe(true);
    expect(held().spaces[0]?.permissions).toHaveLength(3);
    expect(await rpc("removePermissionFromSpace", "VIEWSPACE", name, "ENG")).toBe(true);
    expect(held().spaces[0]?.permissions).toHaveLength(2);
    expect(JSON.stringify(held().spaces[0]?.permissions).toLowerCase()).not.toContain(name);
    expect(await rpc("removePermissionFromSpace", "VIEWSPACE", name, "ENG")).toEqual(remoteError);
  });

  it.each(["key-gone", "lost", "dissolved"])("is granted nothing more while nobody has it: %s", async (name) => {
    const { rpc, held } = await openWritable({}, { world: worldWith(left) });
    const before = held();
    expect(await rpc("addPermissionToSpace", "COMMENT", name, "ENG")).toEqual(remoteError);
    expect(held()).toEqual(before);
  });

  it("is not removed from a group that was deleted, by neither API", async () => {
    const { rpc, send, held } = await openWritable({}, { world: worldWith(left) });
    const before = held();
    expect(await rpc("removePermissionFromSpace", "VIEWSPACE", "dissolved", "ENG")).toEqual(remoteError);
    const body = [{ targetType: "space", operationKey: "read" }];
    expect((await send("PUT", `${permissions}/group/dissolved/revoke`, body)).status).toBe(404);
    expect(held()).toEqual(before);
  });

  it("is removed from a left-over user where a group has the name and not the row", async () => {
    const rows = [row({ type: "user", name: "engineering" }, "read/space")];
    const { rpc, held } = await openWritable({}, { world: worldWith(rows) });
    expect(await rpc("removePermissionFromSpace", "VIEWSPACE", "Engineering", "ENG")).toBe(true);
    expect(held().spaces[0]?.permissions).toEqual([]);
  });
});

describe("a deleted user whose name is its key", () => {
  it("reads back and is listed like anybody", async () => {
    const userKey = "2c958083000000000000000000000042";
    const users = [user("admin"), user(userKey, { userKey, status: "externally_deleted" })];
    const open = await openWritable({}, { world: writableWorld({ users }) });
    expect((await again(open.held())).held()).toEqual(open.held());
    expect((await open.send("GET", "/rest/api/user/list?expand=status")).body).toMatchObject({
      results: [{ username: userKey, userKey, status: "externally_deleted" }, { username: "admin" }],
    });
    for (const query of [`key=${userKey}`, `username=${userKey}`]) {
      expect((await open.send("GET", `/rest/api/user?${query}`)).body).toMatchObject({ userKey, username: userKey });
    }
  });
});
