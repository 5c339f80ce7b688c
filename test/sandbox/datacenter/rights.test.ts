import { describe, expect, it, onTestFinished, vi } from "vitest";
import { GroupBook } from "../../../sandbox/src/datacenter/state/directory.js";
import { columnOf } from "../support/columnOf.js";
import { openDataCenter } from "../support/openDataCenter.js";
import { group, openWorld, readableWorld, row, user } from "../support/readableWorld.js";

const current = "/rest/api/user/current";
const known = readableWorld().dataCenter;
const basic = (username: string, password = "sandbox-password"): RequestInit => ({
  headers: {
    accept: "application/json",
    authorization: `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`,
  },
});

describe("somebody signed in without the right to use the site", () => {
  const paths = [
    "user/current",
    "user/list",
    "user?username=cy",
    "user/memberof?username=cy",
    "group",
    "group/a",
    "group/a/member",
    "group/a/groupmember",
    "space",
    "space/ENG",
    "space/ENG/permissions",
  ];
  const withoutUse = known.globalPermissions.filter(({ operation }) => operation.operationKey !== "use");

  it("gets 403 on everything but the server's information, and an administrator does not", async () => {
    const { read, get } = await openDataCenter({ world: readableWorld({ globalPermissions: withoutUse }) });
    for (const path of paths) {
      const { status, body } = await read(`/rest/api/${path}`);
      expect([path, status, body]).toEqual([
        path,
        403,
        expect.objectContaining({ statusCode: 403, message: "Not permitted to use confluence : Bob" }),
      ]);
      expect([path, (await get(`/rest/api/${path}`)).status]).toEqual([path, 200]);
    }
    expect((await read("/rest/api/server-information")).status).toBe(200);
  });

  it("is not helped by what anonymous may do", async () => {
    const globalPermissions = [...withoutUse, ...(openWorld().dataCenter?.globalPermissions.slice(-1) ?? [])];
    const { read, raw } = await openDataCenter({ world: readableWorld({ globalPermissions }) });
    expect((await read(current)).status).toBe(403);
    expect((await raw(current)).status).toBe(200);
  });

  it("may use it through a group above its own", async () => {
    const globalPermissions = [...withoutUse, row(group("A"), "use/application")];
    const groups = [
      { name: "confluence-administrators", members: ["admin"] },
      { name: "a", members: [], groups: ["b"] },
      { name: "b", members: ["bob"], groups: ["a"] },
    ];
    const { read } = await openDataCenter({ world: readableWorld({ globalPermissions, groups }) });
    expect((await read(current)).status).toBe(200);
  });
});

describe("a user by status", () => {
  it.each([
    ["current", 200],
    ["unlicensed", 403],
    ["deactivated", 401],
    ["externally_deleted", 401],
  ] as const)("%s gets %i with its own password", async (status, expected) => {
    const users = known.users.map((each) => (each.username === "cy" ? { ...each, status } : each));
    const { raw } = await openDataCenter({
      world: readableWorld({ users }),
      dataCenter: { credentials: { username: "cy" } },
    });
    const answer = await raw(current, basic("cy"));
    expect(answer.status).toBe(expected);
    if (expected === 403) expect(answer.body).toMatchObject({ message: "Not permitted to use confluence : cy" });
    expect((await raw("/rest/api/server-information", basic("cy"))).status).toBe(expected === 401 ? 401 : 200);
  });
});

describe("who administers by a global permission alone", () => {
  const globalPermissions = [
    row(group("confluence-users"), "use/application"),
    row({ type: "user", userKey: "key-cy" }, "administer/application"),
  ];
  const open = () =>
    openDataCenter({ world: readableWorld({ globalPermissions }), dataCenter: { credentials: { username: "cy" } } });

  it("opens what belongs to administrators", async () => {
    const { get } = await open();
    for (const path of ["permissions", "admin/users/list/active", "group/a/member"]) {
      expect([path, (await get(`/rest/api/${path}`)).status]).toEqual([path, 200]);
    }
  });

  it("sees the spaces that are granted to it and no others, whichever way it asks", async () => {
    const { get, raw } = await open();
    expect(columnOf((await get("/rest/api/space")).body, "key")).toEqual(["ENG", "old"]);
    expect((await get("/rest/api/space/SECRET")).status).toBe(404);
    expect((await get("/rest/api/space/SECRET/permissions")).status).toBe(404);
    expect((await get("/rest/api/space/ENG/permissions")).status).toBe(200);
    const asJson = (method: string, body: unknown): RequestInit => ({
      ...basic("cy"),
      method,
      headers: { ...basic("cy").headers, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    const grant = await raw("/rest/api/space/SECRET/permissions/anonymous/grant", asJson("PUT", []));
    expect(grant.status).toBe(404);
    const service = "/rpc/json-rpc/confluenceservice-v2/getSpacePermissionSets";
    expect((await raw(service, asJson("POST", ["SECRET"]))).text).toContain("No space with key : SECRET");
    expect((await raw(service, asJson("POST", ["ENG"]))).text).toContain("VIEWSPACE");
  });
});

describe("the default credentials", () => {
  const zoe = user("zoe");
  const administrating = (members: readonly string[]) => [
    { name: "confluence-users", members: ["admin", "bob", "cy", "zoe"] },
    { name: "confluence-administrators", members },
  ];

  it.each([
    [
      "is not active",
      known.users.map((each) => (each.username === "admin" ? user("admin", { status: "deactivated" }) : each)),
      ["admin", "zoe"],
    ],
    ["administers nothing", known.users, ["zoe"]],
    ["administers by a global permission alone", known.users, ["zoe"]],
  ])("act as the first administrator who is active where admin %s", async (why, users, members) => {
    const globalPermissions = why.includes("global")
      ? [...known.globalPermissions, row({ type: "user", userKey: "key-admin" }, "administer/system")]
      : known.globalPermissions;
    const world = readableWorld({
      users: [...users.slice(1), zoe, ...users.slice(0, 1)],
      groups: administrating(members),
      globalPermissions,
    });
    const { get, read, raw, sandbox } = await openDataCenter({ world });
    expect((await get(current)).body).toMatchObject({ username: "zoe" });
    expect((await raw(current, basic("admin"))).body).toMatchObject({ username: "zoe" });
    expect((await read(current)).body).toMatchObject({ username: "Bob" });
    expect(sandbox.dataCenter?.actingAs).toEqual({
      administrator: { username: "zoe", isAdministrator: true },
      reader: { username: "Bob" },
    });
  });

  it("never let the reader be whom the token acts as", async () => {
    const { sandbox, get, read } = await openDataCenter({ dataCenter: { credentials: { username: "BOB" } } });
    expect(sandbox.dataCenter?.actingAs).toEqual({
      administrator: { username: "Bob", isAdministrator: false },
      reader: { username: "cy" },
    });
    expect((await get(current)).body).toMatchObject({ username: "Bob" });
    expect((await read(current)).body).toMatchObject({ username: "cy" });
  });

  it("let the reader be somebody who may use the site, where there is one", async () => {
    const users = [user("lee"), ...known.users];
    const { read } = await openDataCenter({ world: readableWorld({ users }) });
    expect((await read(current)).body).toMatchObject({ username: "Bob" });
  });

  it("act as nobody in a world without people", async () => {
    const { sandbox, raw } = await openDataCenter({ world: readableWorld({ users: [] }) });
    expect(sandbox.dataCenter?.actingAs).toEqual({ administrator: null, reader: null });
    expect((await raw(current, basic("admin"))).status).toBe(401);
  });
});

describe("a walk up through groups", () => {
  it("meets each group once, however densely they are in each other", async () => {
    const layers = 18;
    const width = 12;
    const nameOf = (layer: number, at: number): string => `l${layer}-${at}`;
    const across = Array.from({ length: width }, (_, at) => at);
    const groups = Array.from({ length: layers }, (_, layer) =>
      across.map((at) => ({
        name: nameOf(layer, at),
        members: layer === layers - 1 ? ["bob"] : [],
        groups: layer === layers - 1 ? [] : across.map((below) => nameOf(layer + 1, below)),
      })),
    ).flat();
    const { read } = await openDataCenter({
      world: readableWorld({ groups: [...known.groups, ...groups] }),
      dataCenter: { membersFollowNested: true },
    });
    const { body } = await read("/rest/api/user/memberof?username=bob&limit=1000");
    expect(columnOf(body, "name")).toHaveLength(layers * width + 4);
  });

  it("is made once a request to know who calls, from all of its groups together", async () => {
    const { read } = await openDataCenter({ dataCenter: { rate: { capacity: 50, fillRate: 1, intervalSeconds: 1 } } });
    const walk = vi.spyOn(GroupBook.prototype, "withAncestors");
    onTestFinished(() => walk.mockRestore());
    expect(columnOf((await read("/rest/api/space")).body, "key")).toEqual(["ENG", "old", "~cy"]);
    expect(walk.mock.calls).toEqual([[["a", "c", "confluence-users"]]]);
  });
});
