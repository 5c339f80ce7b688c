import { describe, expect, it } from "vitest";
import { columnOf } from "../../support/columnOf.js";
import { openDataCenter } from "../../support/openDataCenter.js";
import { group, readableWorld, row, user } from "../../support/readableWorld.js";

const base = "https://wiki.internal.example/confluence";

function crowdWorld(users: number, groups: number, spaces: number) {
  const crowd = Array.from({ length: users }, (_, at) => user(`u${at}`));
  const { dataCenter } = readableWorld();
  return readableWorld({
    users: [...dataCenter.users, ...crowd],
    groups: [
      ...dataCenter.groups,
      { name: "crowd", members: crowd.map(({ username }) => username) },
      ...Array.from({ length: groups }, (_, at) => ({ name: `g${at}`, members: ["cy"] })),
    ],
    spaces: Array.from({ length: spaces }, (_, at) => ({
      id: at + 1,
      key: `S${at}`,
      name: `Space ${at}`,
      type: "global" as const,
      status: "current" as const,
      permissions: [],
    })),
  });
}

describe("a list", () => {
  it("pages by a relative next link, and names an address that nobody can reach", async () => {
    const { get, walk } = await openDataCenter();
    const { body } = await get("/rest/api/group?limit=2");
    expect(body).toEqual({
      results: [
        { type: "group", name: "a", _links: { self: `${base}/rest/api/group/a` } },
        { type: "group", name: "b", _links: { self: `${base}/rest/api/group/b` } },
      ],
      start: 0,
      limit: 2,
      size: 2,
      _links: {
        self: `${base}/rest/api/group?limit=2`,
        next: "/rest/api/group?limit=2&start=2",
        base,
        context: "/confluence",
      },
    });
    const names = ["a", "b", "c", "confluence-administrators", "confluence-users", "D", "e"];
    expect(await walk("/rest/api/group?limit=2", "name")).toEqual(names);
  });

  it.each([
    ["/rest/api/user/list", 200, "username", 456],
    ["/rest/api/group/crowd/member", 200, "username", 450],
    ["/rest/api/group", 1_000, "name", 1_108],
    ["/rest/api/user/memberof?username=cy", 1_000, "name", 1_103],
    ["/rest/api/space", 500, "key", 510],
    ["/rest/api/space?expand=metadata", 200, "key", 510],
    ["/rest/api/space?expand=creator,description.plain", 100, "key", 510],
    ["/rest/api/space?expand=homepage", 100, "key", 510],
  ])("of %s is clamped to %i without a word and loses nobody", async (path, largest, name, total) => {
    const { get, walk } = await openDataCenter({ world: crowdWorld(450, 1_100, 510) });
    const asked = `${path}${path.includes("?") ? "&" : "?"}limit=5000`;
    expect((await get(asked)).body).toMatchObject({ limit: largest, size: largest, start: 0 });
    const found = await walk(asked, name);
    expect([found.length, new Set(found).size]).toEqual([total, total]);
  });

  it("keeps the other parameters in the next link, repeated ones too", async () => {
    const { get } = await openDataCenter();
    const { body } = await get("/rest/api/space?spaceKey=ENG&spaceKey=old&expand=metadata&limit=1");
    expect(body).toMatchObject({
      _links: { next: "/rest/api/space?spaceKey=ENG&spaceKey=old&expand=metadata&limit=1&start=1" },
    });
  });

  it("is empty beyond its end, without a next link", async () => {
    const { get } = await openDataCenter();
    const { body } = await get("/rest/api/group?start=70");
    expect(body).toMatchObject({ results: [], size: 0, start: 70, limit: 200 });
    expect(body).not.toHaveProperty("_links.next");
  });

  it.each(["99999999999", "9".repeat(400)])("takes a limit and a start of %s", async (digits) => {
    const { get } = await openDataCenter();
    const large = await get(`/rest/api/group?limit=${digits}`);
    expect([large.status, large.body]).toMatchObject([200, { limit: 1_000, size: 7 }]);
    const far = await get(`/rest/api/group?start=${digits}`);
    expect([far.status, far.body]).toMatchObject([200, { start: expect.any(Number), size: 0 }]);
  });

  it.each([
    ["/rest/api/user/list", 100],
    ["/rest/api/admin/users/list/active", 100],
    ["/rest/api/group/crowd/member", 200],
    ["/rest/api/group", 200],
    ["/rest/api/user/memberof?username=cy", 200],
    ["/rest/api/space", 25],
  ])("of %s has %i on a page unless asked for more", async (path, expected) => {
    const crowded = crowdWorld(450, 300, 30);
    const globalPermissions = [row(group("crowd"), "use/application")];
    const world = readableWorld({ ...crowded.dataCenter, globalPermissions });
    const { get } = await openDataCenter({ world });
    expect((await get(path)).body).toMatchObject({ limit: expected, size: expected });
  });

  it.each(["start=-1", "limit=x", "limit=-99999999999"])("refuses %s", async (query) => {
    const { get } = await openDataCenter();
    expect((await get(`/rest/api/group?${query}`)).status).toBe(400);
  });
});

describe("users", () => {
  it("are listed by name, disabled ones included, with a status only when asked", async () => {
    const { get } = await openDataCenter();
    const { body } = await get("/rest/api/user/list?expand=status");
    expect(columnOf(body, "username")).toEqual(["admin", "Bob", "cy", "dee", "Eli@example.com", "flo"]);
    const statuses = ["current", "current", "current", "deactivated", "externally_deleted", "unlicensed"];
    expect(columnOf(body, "status")).toEqual(statuses);
    expect(columnOf((await get("/rest/api/user/list")).body, "status")).toEqual(Array(6).fill(undefined));
  });

  it("carry key, name and display name, and neither an e-mail nor `active`", async () => {
    const { get } = await openDataCenter();
    const { status, body } = await get("/rest/api/user?username=BOB&expand=status");
    expect(status).toBe(200);
    expect(body).toEqual({
      type: "known",
      username: "Bob",
      userKey: "key-bob",
      profilePicture: expect.objectContaining({ isDefault: true }),
      displayName: "Bob of the world",
      status: "current",
      _links: { self: `${base}/rest/api/user?key=key-bob` },
      _expandable: {},
    });
    expect((await get("/rest/api/user?key=key-bob")).body).toMatchObject({ username: "Bob" });
  });

  it.each([
    ["", 400],
    ["?key=key-bob&username=bob", 400],
    ["?key=bob", 404],
    ["?username=key-bob", 404],
    ["?key=key-gone", 404],
  ])("are found by exactly one of key and username: %s answers %i", async (query, status) => {
    const { get } = await openDataCenter();
    expect((await get(`/rest/api/user${query}`)).status).toBe(status);
    expect((await get(`/rest/api/user/memberof${query}`)).status).toBe(status);
  });

  it("who count towards the licence are listed by last login, with e-mail", async () => {
    const { get } = await openDataCenter();
    const { body } = await get("/rest/api/admin/users/list/active?expand=lastLogin,status");
    expect(columnOf(body, "username")).toEqual(["cy", "Bob", "admin"]);
    expect(columnOf(body, "lastLogin")).toEqual([undefined, "2025-01-02T00:00:00.000Z", "2026-11-01T08:00:00.000Z"]);
    expect(columnOf(body, "email")).toEqual(["cy@example.com", "bob@example.com", "admin@example.com"]);
    const bare = await get("/rest/api/admin/users/list/active");
    expect(columnOf(bare.body, "lastLogin")).toEqual([undefined, undefined, undefined]);
  });

  it("tell their e-mail in the mobile profile", async () => {
    const { get } = await openDataCenter();
    const { body } = await get("/rest/mobile/1.0/profile/eli%40EXAMPLE.com");
    expect(body).toMatchObject({
      userName: "Eli@example.com",
      fullName: "Eli@example.com of the world",
      email: "eli@example.com@example.com",
    });
    expect((await get("/rest/mobile/1.0/profile/nobody")).status).toBe(404);
  });
});

describe("groups", () => {
  it("are found by name whatever its case", async () => {
    const { get } = await openDataCenter();
    expect((await get("/rest/api/group/d")).body).toMatchObject({ type: "group", name: "D" });
    expect((await get("/rest/api/group/gone")).status).toBe(404);
  });

  it("list direct members, deactivated ones included, and leave out names that nobody has", async () => {
    const { get } = await openDataCenter();
    const { body } = await get("/rest/api/group/confluence-users/member?expand=status");
    expect(columnOf(body, "username")).toEqual(["admin", "Bob", "cy", "dee"]);
    expect(columnOf(body, "status")).toEqual(["current", "current", "current", "deactivated"]);
    expect(columnOf((await get("/rest/api/group/b/member")).body, "username")).toEqual([]);
  });

  it("list the groups in them that exist", async () => {
    const { get } = await openDataCenter();
    expect(columnOf((await get("/rest/api/group/a/groupmember")).body, "name")).toEqual(["b"]);
    expect(columnOf((await get("/rest/api/group/c/groupmember")).body, "name")).toEqual([]);
    expect((await get("/rest/api/group/gone/groupmember")).status).toBe(404);
  });

  it("may be in each other", async () => {
    const { get } = await openDataCenter({ dataCenter: { membersFollowNested: true } });
    expect(columnOf((await get("/rest/api/group/e/groupmember")).body, "name")).toEqual(["D"]);
    expect(columnOf((await get("/rest/api/group/D/groupmember")).body, "name")).toEqual(["e"]);
    expect(columnOf((await get("/rest/api/group/D/member")).body, "username")).toEqual(["cy", "dee"]);
  });

  it("list the members of child groups where the directory follows them, each once", async () => {
    const flat = await openDataCenter();
    expect(columnOf((await flat.get("/rest/api/group/a/member")).body, "username")).toEqual(["Bob"]);
    expect(columnOf((await flat.get("/rest/api/user/memberof?key=key-cy")).body, "name")).toEqual([
      "c",
      "confluence-users",
      "D",
    ]);
    const nested = await openDataCenter({ dataCenter: { membersFollowNested: true } });
    expect(columnOf((await nested.get("/rest/api/group/a/member")).body, "username")).toEqual(["Bob", "cy"]);
    expect(columnOf((await nested.get("/rest/api/user/memberof?key=key-cy")).body, "name")).toEqual([
      "a",
      "b",
      "c",
      "confluence-users",
      "D",
      "e",
    ]);
  });
});

describe("spaces", () => {
  it.each([
    ["", ["ENG", "old", "SECRET", "~cy"]],
    ["?status=current", ["ENG", "SECRET", "~cy"]],
    ["?status=archived", ["old"]],
    ["?type=personal", ["~cy"]],
    ["?spaceKey=eng&spaceKey=OLD&spaceKey=none", ["ENG", "old"]],
  ])("are listed with %s", async (query, keys) => {
    const { get } = await openDataCenter();
    expect(columnOf((await get(`/rest/api/space${query}`)).body, "key")).toEqual(keys);
  });

  it.each([
    ["?spaceIds=131073,999", ["ENG"]],
    ["?spaceId=131073&spaceId=999", ["ENG"]],
    ["?spaceKeys=eng,OLD", ["ENG", "old"]],
    ["?spaceKeys=eng&spaceKey=OLD", ["ENG", "old"]],
  ])("are named by %s, which a version before 10.0 ignores", async (query, keys) => {
    const { get } = await openDataCenter({ dataCenter: { version: "10.0.3" } });
    expect(columnOf((await get(`/rest/api/space${query}`)).body, "key")).toEqual(keys);
    const old = await openDataCenter({ dataCenter: { version: "9.2.0" } });
    const named = query.includes("spaceKey=") ? ["old"] : ["ENG", "old", "SECRET", "~cy"];
    expect(columnOf((await old.get(`/rest/api/space${query}`)).body, "key")).toEqual(named);
  });

  it.each([
    ["?status=trashed", 400],
    ["?type=team", 400],
    ["?label=x", 501],
    ["?hasRetentionPolicy=true", 501],
    ["?spaceIds=131073&spaceKey=ENG", 400],
    ["?spaceId=131073&spaceKeys=ENG", 400],
    ["?spaceId=ENG", 400],
  ])("refuse %s with %i instead of answering too much", async (query, status) => {
    const { get } = await openDataCenter();
    expect((await get(`/rest/api/space${query}`)).status).toBe(status);
  });

  it("tells the status in another casing alone than in a list", async () => {
    const { get } = await openDataCenter();
    expect(columnOf((await get("/rest/api/space?spaceKey=ENG")).body, "status")).toEqual(["current"]);
    expect((await get("/rest/api/space/eng")).body).toMatchObject({
      id: 131073,
      key: "ENG",
      name: "Engineering",
      type: "global",
      status: "CURRENT",
      _links: { webui: "/display/ENG", self: `${base}/rest/api/space/ENG` },
      _expandable: { creator: "", description: "", homepage: expect.stringMatching(/^\/rest\/api\/content\/\d+$/) },
    });
  });

  it.each(["description", "description.plain", "icon,description.plain"])(
    "show what expand=%s names",
    async (expand) => {
      const { get } = await openDataCenter();
      const { body } = await get(`/rest/api/space?spaceKey=ENG&expand=${expand}`);
      expect(columnOf(body, "description")).toEqual([{ plain: { value: "", representation: "plain" } }]);
      expect(columnOf(body, "_expandable.description")).toEqual([undefined]);
      expect(columnOf(body, "_expandable.homepage")).toEqual([expect.any(String)]);
    },
  );

  it("show a homepage when asked: little more than a title", async () => {
    const { get } = await openDataCenter();
    const { body } = await get("/rest/api/space/ENG?expand=homepage");
    expect(body).toMatchObject({
      homepage: { id: expect.stringMatching(/^\d+$/), type: "page", title: "Engineering Home" },
    });
    expect(body).not.toHaveProperty("_expandable.homepage");
  });

  it("tell their creator when asked, also one who is gone, and not before 10.0", async () => {
    const { get } = await openDataCenter();
    expect((await get("/rest/api/space/ENG?expand=creator")).body).toMatchObject({
      creator: { type: "known", username: "Bob", userKey: "key-bob" },
    });
    expect((await get("/rest/api/space/old?expand=creator")).body).toMatchObject({
      creator: { type: "unknown", username: "key-gone", userKey: "key-gone" },
    });
    const older = await openDataCenter({ dataCenter: { version: "9.2" } });
    expect((await older.get("/rest/api/space/ENG?expand=creator")).body).not.toHaveProperty("creator");
  });

  it("that grant nothing to somebody are left out and missing", async () => {
    const { read } = await openDataCenter();
    expect(columnOf((await read("/rest/api/space")).body, "key")).toEqual(["ENG", "old", "~cy"]);
    expect((await read("/rest/api/space/old")).status).toBe(200);
    const [hidden, missing] = [await read("/rest/api/space/SECRET"), await read("/rest/api/space/NONE")];
    expect([hidden.status, missing.status]).toEqual([404, 404]);
    expect(hidden.body).toMatchObject({ statusCode: 404, message: "No space with key : SECRET" });
  });
});
