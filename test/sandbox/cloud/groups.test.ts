import { describe, expect, it } from "vitest";
import { parseWorld } from "../../../sandbox/src/world/loadWorld.js";
import { columnOf } from "../support/columnOf.js";
import { fieldOf } from "../support/fieldOf.js";
import { MovableClock } from "../support/MovableClock.js";
import { openSandbox } from "../support/openSandbox.js";
import { crowd, group, smallWorld } from "../support/smallWorld.js";

const groups = "/wiki/rest/api/group";
const membersOf = (id: string) => `${groups}/${id}/membersByGroupId`;

describe("the group list", () => {
  it("is ordered by name and shows each group as Confluence does", async () => {
    const { get } = await openSandbox();
    const { body } = await get(groups);
    expect(columnOf(body, "name")).toEqual(["Confluence-Users", "directory", "engineering"]);
    expect(fieldOf(body, "results.1")).toMatchObject({
      type: "group",
      id: "g-ext",
      name: "directory",
      usageType: "USERBASE_GROUP",
      managedBy: "EXTERNAL",
    });
  });

  it("pages by start and limit, with a next link relative to a base that ends in /wiki", async () => {
    const { get, sandbox } = await openSandbox();
    const first = await get(`${groups}?limit=2`);
    expect(first.body).toMatchObject({ start: 0, limit: 2, size: 2, _links: { base: `${sandbox.url}/wiki` } });
    const second = await get(`/wiki${String(fieldOf(first.body, "_links.next"))}`);
    expect(columnOf(second.body, "id")).toEqual(["g-eng"]);
    expect(fieldOf(second.body, "_links.next")).toBeUndefined();
  });

  it("clamps a limit above 200", async () => {
    const many = Array.from({ length: 201 }, (_, at) => group(`g-${at}`, []));
    const { get } = await openSandbox({ world: smallWorld({ groups: many }) });
    expect((await get(`${groups}?limit=1000`)).body).toMatchObject({ limit: 200, size: 200 });
    expect((await get(groups)).body).toMatchObject({ limit: 200, size: 200 });
  });

  it("filters by access type and refuses one that does not exist", async () => {
    const { get } = await openSandbox();
    expect(columnOf((await get(`${groups}?accessType=user`)).body, "id")).toEqual(["g-users"]);
    expect((await get(`${groups}?accessType=owner`)).status).toBe(400);
  });

  it.each(["start=-1", "start=x", "limit=-1", "limit=1.5"])("refuses %s with 400", async (query) => {
    const { get } = await openSandbox();
    const { status, body } = await get(`${groups}?${query}`);
    expect(status).toBe(400);
    expect(body).toMatchObject({
      statusCode: 400,
      message: expect.any(String),
      data: { valid: false, successful: false, errors: [{ message: { translation: expect.any(String), args: [] } }] },
    });
  });
});

describe("one group", () => {
  it("is found by id; an unknown one is a 404 in the words of v1", async () => {
    const { get } = await openSandbox();
    expect((await get(`${groups}/by-id?id=g-eng`)).body).toMatchObject({ id: "g-eng", name: "engineering" });
    const { status, body } = await get(`${groups}/by-id?id=nope`);
    expect(status).toBe(404);
    expect(body).toMatchObject({ statusCode: 404, data: { authorized: false, successful: false } });
    expect((await get(`${groups}/by-id`)).status).toBe(400);
  });

  it("is found by part of its name in the picker, which refuses a limit above 200", async () => {
    const { get } = await openSandbox();
    expect(columnOf((await get(`${groups}/picker?query=USERS`)).body, "id")).toEqual(["g-users"]);
    expect((await get(`${groups}/picker?query=r&shouldReturnTotalSize=true`)).body).toMatchObject({ totalSize: 3 });
    expect((await get(`${groups}/picker?query=a&limit=201`)).status).toBe(400);
    expect((await get(`${groups}/picker`)).status).toBe(400);
  });

  it("is not found by the picker right after its creation: search lags writes", async () => {
    const clock = new MovableClock();
    const { get, post } = await openSandbox({ clock });
    await post(groups, { name: "fresh" });
    expect(columnOf((await get(`${groups}/picker?query=fresh`)).body, "name")).toEqual([]);
    expect(columnOf((await get(groups)).body, "name")).toContain("fresh");
    clock.advance(10_000);
    expect(columnOf((await get(`${groups}/picker?query=fresh`)).body, "name")).toEqual(["fresh"]);
  });
});

describe("members", () => {
  it("leaves suspended and deactivated people out of member lists, though they stay members", async () => {
    const { get } = await openSandbox();
    expect(columnOf((await get(membersOf("g-eng"))).body, "accountId")).toEqual(["ann", "bob", "inactive"]);
    expect(columnOf((await get("/wiki/rest/api/user/memberof?accountId=sus")).body, "id")).toEqual(["g-eng"]);
  });

  it("answers an empty member page for a group that does not exist", async () => {
    const { get } = await openSandbox();
    const { status, body } = await get(membersOf("nope"));
    expect(status).toBe(200);
    expect(body).toMatchObject({ results: [], size: 0 });
  });

  it("refuses a limit above 200 and pages through what is more", async () => {
    const accounts = crowd(450);
    const all = accounts.map((account) => account.accountId);
    const { get } = await openSandbox({ world: smallWorld({ accounts, groups: [group("big", all)] }) });
    expect((await get(`${membersOf("big")}?limit=201`)).status).toBe(400);
    const found: unknown[] = [];
    let next: unknown = `${membersOf("big").slice("/wiki".length)}?limit=200`;
    for (let pages = 0; typeof next === "string" && pages < 5; pages += 1) {
      const { body } = await get(`/wiki${next}`);
      found.push(...columnOf(body, "accountId"));
      next = fieldOf(body, "_links.next");
    }
    expect(found).toEqual(all);
    expect((await get(`${membersOf("big")}?start=450`)).body).toMatchObject({ results: [], size: 0 });
  });

  it("tells the old guest flag only when it is expanded, and refuses an expansion that does not exist", async () => {
    const { get } = await openSandbox({ world: smallWorld({ groups: [group("g", ["guest"])] }) });
    const plain = await get(membersOf("g"));
    expect(fieldOf(plain.body, "results.0")).toMatchObject({ isGuest: true });
    expect(fieldOf(plain.body, "results.0.isExternalCollaborator")).toBeUndefined();
    const expanded = await get(`${membersOf("g")}?expand=isExternalCollaborator,operations,personalSpace`);
    expect(fieldOf(expanded.body, "results.0")).toMatchObject({
      isExternalCollaborator: true,
      operations: [{ operation: "use" }],
    });
    const unknown = await get(`${membersOf("g")}?expand=status,operations,history.lastUpdated`);
    expect(unknown.status).toBe(200);
    expect(columnOf(unknown.body, "operations")[0]).toEqual([{ operation: "use", targetType: "application" }]);
  });

  it("shows a member whose account is gone as unknown", async () => {
    const { get } = await openSandbox({ world: smallWorld({ groups: [group("g", ["ghost"])] }) });
    expect(fieldOf((await get(membersOf("g"))).body, "results.0")).toMatchObject({
      type: "unknown",
      accountId: "ghost",
    });
  });

  it("never names a next page in the groups of an account", async () => {
    const many = Array.from({ length: 5 }, (_, at) => group(`g-${at}`, ["ann"]));
    const { get } = await openSandbox({ world: smallWorld({ groups: many }) });
    const { body } = await get("/wiki/rest/api/user/memberof?accountId=ann&limit=2");
    expect(columnOf(body, "id")).toEqual(["g-0", "g-1"]);
    expect(fieldOf(body, "_links.next")).toBeUndefined();
    expect(columnOf((await get("/wiki/rest/api/user/memberof?accountId=ann&start=4")).body, "id")).toEqual(["g-4"]);
    expect((await get("/wiki/rest/api/user/memberof")).status).toBe(400);
  });
});

describe("writing groups", () => {
  it("creates a group with 201 and refuses a missing, empty or taken name with 400", async () => {
    const { get, post } = await openSandbox();
    const { status, body } = await post(groups, { name: "new" });
    expect(status).toBe(201);
    expect(body).toMatchObject({ type: "group", name: "new", managedBy: "ADMINS", usageType: "USERBASE_GROUP" });
    expect((await get(`${groups}/by-id?id=${String(fieldOf(body, "id"))}`)).status).toBe(200);
    for (const wrong of [{}, { name: "" }, { name: 3 }, { name: "Engineering" }, []]) {
      expect((await post(groups, wrong)).status).toBe(400);
    }
  });

  it("deletes a group with 204 and leaves its grants behind", async () => {
    const { get, remove } = await openSandbox();
    const deleted = await remove(`${groups}/by-id?id=g-eng`);
    expect([deleted.status, deleted.text]).toEqual([204, ""]);
    expect((await remove(`${groups}/by-id?id=g-eng`)).status).toBe(404);
    expect(columnOf((await get("/wiki/rest/api/user/memberof?accountId=bob")).body, "id")).toEqual([]);
    expect(columnOf((await get("/wiki/api/v2/spaces/100/permissions")).body, "principal.id")).toContain("g-eng");
  });

  it("deletes a group with its grants where the world says so", async () => {
    const { cloud } = smallWorld();
    if (cloud === undefined) throw new Error("no cloud half");
    const world = parseWorld({ cloud: { ...cloud, deletedGroupsLoseGrants: true } });
    const { get, remove, raw } = await openSandbox({ world });
    expect((await remove(`${groups}/by-id?id=g-eng`)).status).toBe(204);
    const left = columnOf((await get("/wiki/api/v2/spaces/100/permissions")).body, "principal.id");
    expect(left.length).toBeGreaterThan(0);
    expect(left).not.toContain("g-eng");
    expect(parseWorld((await raw("/__sandbox/world")).body).cloud?.deletedGroupsLoseGrants).toBe(true);
  });

  it("adds a member with 201 and an empty body, and answers an existing one with a 400", async () => {
    const { get, post } = await openSandbox();
    const path = `${groups}/userByGroupId?groupId=g-users`;
    const added = await post(path, { accountId: "bob" });
    expect([added.status, added.text]).toEqual([201, ""]);
    expect(columnOf((await get(membersOf("g-users"))).body, "accountId")).toEqual(["bob"]);
    expect(columnOf((await get("/wiki/rest/api/user/memberof?accountId=bob")).body, "id")).toEqual([
      "g-users",
      "g-eng",
    ]);
    expect((await post(path, { accountId: "bob" })).status).toBe(400);
    expect((await post(path, { accountId: "nobody" })).status).toBe(400);
    expect((await post(path, {})).status).toBe(400);
    expect((await post(`${groups}/userByGroupId?groupId=nope`, { accountId: "bob" })).status).toBe(404);
  });

  it("adds a member twice with 201 where the world says so", async () => {
    const { cloud } = smallWorld();
    if (cloud === undefined) throw new Error("no cloud half");
    const world = parseWorld({ cloud: { ...cloud, addingMemberTwice: 201 } });
    const { get, post, raw } = await openSandbox({ world });
    const add = () => post(`${groups}/userByGroupId?groupId=g-users`, { accountId: "bob" });
    expect([(await add()).status, (await add()).status]).toEqual([201, 201]);
    expect(columnOf((await get(membersOf("g-users"))).body, "accountId")).toEqual(["bob"]);
    expect(parseWorld((await raw("/__sandbox/world")).body).cloud?.addingMemberTwice).toBe(201);
    expect(() => parseWorld({ cloud: { ...cloud, addingMemberTwice: 204 } })).toThrow("must be 201 or 400");
  });

  it("removes a member with 204, also one who is none, and answers 404 for an unknown group or user", async () => {
    const { get, remove } = await openSandbox();
    const path = `${groups}/userByGroupId`;
    expect((await remove(`${path}?groupId=g-eng&accountId=bob`)).status).toBe(204);
    expect((await remove(`${path}?groupId=g-eng&accountId=bob`)).status).toBe(204);
    expect(columnOf((await get(membersOf("g-eng"))).body, "accountId")).toEqual(["ann", "inactive"]);
    expect((await remove(`${path}?groupId=nope&accountId=bob`)).status).toBe(404);
    expect((await remove(`${path}?groupId=g-eng&accountId=nobody`)).status).toBe(404);
    expect((await remove(`${path}?groupId=g-eng`)).status).toBe(400);
  });

  it("keeps groups of an external directory read-only", async () => {
    const { get, post, remove } = await openSandbox();
    expect((await post(`${groups}/userByGroupId?groupId=g-ext`, { accountId: "bob" })).status).toBe(403);
    expect((await remove(`${groups}/userByGroupId?groupId=g-ext&accountId=ann`)).status).toBe(403);
    expect((await remove(`${groups}/by-id?id=g-ext`)).status).toBe(403);
    expect(columnOf((await get(membersOf("g-ext"))).body, "accountId")).toEqual(["ann"]);
  });
});
