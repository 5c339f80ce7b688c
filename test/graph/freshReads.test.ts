import { describe, expect, it } from "vitest";
import { startStack } from "../support/startStack.js";
import { cloudWorld, human, permission, space } from "../support/worlds.js";

const noCache = { "cache-control": "no-cache" };

const role = { id: "role-1", type: "SYSTEM", name: "Viewer", description: "", spacePermissions: ["read/space"] };
const world = cloudWorld({
  mode: "ROLES_TRANSITION",
  accounts: Array.from({ length: 200 }, (_, index) => human(index + 1)),
  groups: [
    {
      id: "g-1",
      name: "Designers",
      members: Array.from({ length: 200 }, (_, index) => human(index + 1).accountId),
    },
  ],
  spaces: [space(1, { permissions: [permission("user", human(1).accountId)] })],
  roles: [role],
});

describe("Cache-Control: no-cache", () => {
  it("reads everything that the answer needs afresh, and leaves the cache with it", async () => {
    await using stack = await startStack({ world });
    const document = `{ spaces { nodes { name grants { nodes { permissions { operation }
      principal { ... on Account { displayName } } } } } } groups { nodes { members(first: 1) { totalCount } } } }`;
    const first = await stack.query(document);
    await stack.forgetCalls();
    expect((await stack.query(document)).data).toEqual(first.data);
    expect(stack.calls()).toEqual([]);

    expect((await stack.query(document, {}, noCache)).data).toEqual(first.data);
    expect(stack.countCalls("GET", /\/spaces$/)).toBe(1);
    expect(stack.countCalls("GET", /\/permissions$/)).toBe(1);
    expect(stack.countCalls("GET", /\/role-assignments$/)).toBe(1);
    expect(stack.countCalls("GET", /\/space-role-mode$/)).toBe(1);
    expect(stack.countCalls("GET", /\/rest\/api\/group$/)).toBe(1);
    expect(stack.countCalls("GET", /\/membersByGroupId$/)).toBe(1);
    expect(stack.countCalls("POST", /\/users-bulk$/)).toBe(1);

    await stack.forgetCalls();
    await stack.query(document);
    expect(stack.calls()).toEqual([]);
  });

  it("reads the permission model too: a site that changed to roles shows its assignments", async () => {
    await using stack = await startStack({ world });
    // Until the change, the site said that it has no roles.
    await stack.fail({ match: "GET /wiki/api/v2/space-role-mode", times: 1, body: { mode: "PRE_ROLES" } });
    const document = "{ site { permissionModel } spaces { nodes { grants { totalCount } } } }";
    const before = await stack.query(document, {}, noCache);
    expect(before.data.site.permissionModel).toBe("PRE_ROLES");
    expect(stack.countCalls("GET", /\/role-assignments$/)).toBe(0);
    expect((await stack.query(document)).data).toEqual(before.data);
    const after = await stack.query(document, {}, noCache);
    expect(after.data.site.permissionModel).toBe("ROLES_TRANSITION");
    expect(stack.countCalls("GET", /\/role-assignments$/)).toBe(1);
  });
});

describe("misses", () => {
  const lookups = [
    {
      what: "an account",
      document: '{ account(accountId: "712020:nobody") { displayName } }',
      field: "account",
      calls: 1,
    },
    { what: "a group", document: '{ group(groupId: "g-none") { name } }', field: "group", calls: 1 },
    // One call for each status a space can have.
    { what: "a space by its id", document: '{ space(spaceId: "99") { name } }', field: "space", calls: 3 },
    { what: "a space by its key", document: '{ space(key: "NONE") { name } }', field: "space", calls: 3 },
  ];

  it.each(lookups)(
    "remembers for 15 seconds that $what is not there, and asks again after them",
    async ({ document, field, calls }) => {
      await using stack = await startStack({ world });
      await stack.forgetCalls();
      expect((await stack.query(document)).data[field]).toBeNull();
      expect(stack.calls()).toHaveLength(calls);
      stack.clock.shift(10_000);
      expect((await stack.query(document)).data[field]).toBeNull();
      expect(stack.calls()).toHaveLength(calls);
      stack.clock.shift(6_000);
      expect((await stack.query(document)).data[field]).toBeNull();
      expect(stack.calls()).toHaveLength(2 * calls);
    },
  );

  it("finds a group that was created after it was missed, in one request", async () => {
    await using stack = await startStack({ world });
    const document = '{ group(groupId: "g-new") { name } }';
    expect((await stack.query(document)).data.group).toBeNull();
    await stack.fail({ match: "GET /wiki/rest/api/group/by-id", times: 1, body: { id: "g-new", name: "New" } });
    stack.clock.shift(16_000);
    expect((await stack.query(document)).data.group).toEqual({ name: "New" });
  });
});

describe("what is never remembered", () => {
  it("is an error: the next query is answered", async () => {
    await using stack = await startStack({ world });
    await stack.fail(
      { match: "GET /wiki/rest/api/group", times: 1, status: 403 },
      { match: "POST /wiki/api/v2/users-bulk", times: 1, status: 403 },
    );
    const document = `{ groups { nodes { name } } account(accountId: "${human(1).accountId}") { displayName } }`;
    const failed = await stack.query(document);
    expect(failed.data).toEqual({ groups: { nodes: null }, account: null });
    expect(failed.errors).toHaveLength(2);
    const { data, errors } = await stack.query(document);
    expect(errors).toBeUndefined();
    expect(data).toEqual({ groups: { nodes: [{ name: "Designers" }] }, account: { displayName: "Human 1" } });
  });

  it("is a flight that failed for many: nobody stays stuck on it", async () => {
    await using stack = await startStack({ world });
    await stack.fail({ match: "GET /wiki/rest/api/group", times: 1, status: 403, delayMs: 100 });
    const document = "{ groups { nodes { name } } }";
    const failed = await Promise.all([stack.query(document), stack.query(document)]);
    expect(failed.map(({ data }) => data.groups.nodes)).toEqual([null, null]);
    expect(stack.countCalls("GET", /\/rest\/api\/group$/)).toBe(1);
    expect((await stack.query(document)).data.groups.nodes).toHaveLength(1);
  });
});
