import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Stack, startStack } from "../support/startStack.js";
import { cloudWorld, human, permission, space } from "../support/worlds.js";

const minuteMs = 60_000;
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

const kinds = [
  {
    kind: "accounts",
    document: `{ account(accountId: "${human(1).accountId}") { displayName } }`,
    call: /^POST .*\/users-bulk$/,
    lifetimeMs: 5 * minuteMs,
  },
  {
    kind: "groups",
    document: "{ groups { nodes { name } } }",
    call: /^GET .*\/rest\/api\/group\?/,
    lifetimeMs: 5 * minuteMs,
  },
  {
    kind: "spaces",
    document: "{ spaces { nodes { name } } }",
    call: /^GET .*\/api\/v2\/spaces\?/,
    lifetimeMs: 5 * minuteMs,
  },
  {
    kind: "memberships",
    document: '{ group(groupId: "g-1") { members(first: 1) { nodes { accountId } } } }',
    call: /\/membersByGroupId\?/,
    lifetimeMs: minuteMs,
  },
  {
    kind: "grants",
    document: '{ space(spaceId: "1001") { grants { nodes { id } } } }',
    call: /\/permissions\?/,
    lifetimeMs: minuteMs,
  },
  {
    kind: "role definitions",
    document: "{ site { spaceRoles { nodes { name } } } }",
    call: /\/space-roles\?/,
    lifetimeMs: 10 * minuteMs,
  },
  {
    kind: "the permission model",
    document: "{ site { permissionModel } }",
    call: /\/space-role-mode$/,
    lifetimeMs: 10 * minuteMs,
  },
];

describe("lifetimes", () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack({ world });
    stack.clock.stop();
  });
  afterAll(() => stack.close());

  it.each(kinds)(
    "answers $kind from memory for $lifetimeMs ms, once more while reading behind, and then no longer",
    async ({ document, call, lifetimeMs }) => {
      const countCalls = () => stack.calls().filter((made) => call.test(made)).length;
      const ask = async () => {
        const { data, errors } = await stack.query(document);
        expect(errors).toBeUndefined();
        return data;
      };
      const first = await stack.query(document, {}, noCache);
      expect(first.errors).toBeUndefined();
      await stack.forgetCalls();

      stack.clock.shift(lifetimeMs - 5_000);
      expect(await ask()).toEqual(first.data);
      expect(countCalls()).toBe(0);

      stack.clock.shift(6_000);
      expect(await ask()).toEqual(first.data);
      await expect.poll(countCalls).toBe(1);

      await stack.query(document, {}, noCache);
      await stack.forgetCalls();
      stack.clock.shift(2 * lifetimeMs);
      await ask();
      expect(countCalls()).toBe(1);
    },
  );
});

describe("stale answers", () => {
  it("are served at once, read again behind, and fresh for the next query", async () => {
    await using stack = await startStack({ world });
    const names = async () =>
      (await stack.query("{ groups { nodes { name } } }")).data.groups.nodes.map((each: { name: string }) => each.name);
    expect(await names()).toEqual(["Designers"]);
    await stack.forgetCalls();
    await stack.fail({
      match: "GET /wiki/rest/api/group",
      times: 1,
      delayMs: 200,
      body: { results: [{ id: "g-1", name: "Architects" }] },
    });
    stack.clock.shift(5 * minuteMs);
    expect(await names()).toEqual(["Designers"]);
    await expect.poll(names).toEqual(["Architects"]);
    expect(stack.countCalls("GET", /\/rest\/api\/group$/)).toBe(1);
  });

  it("of many accounts are read again in one call, not in one each", async () => {
    await using stack = await startStack({ world });
    const document = '{ group(groupId: "g-1") { members(first: 200) { nodes { displayName } } } }';
    const { data } = await stack.query(document);
    expect(data.group.members.nodes).toHaveLength(200);
    await stack.forgetCalls();
    stack.clock.shift(5 * minuteMs);
    await stack.fail({
      match: "POST /wiki/api/v2/users-bulk",
      times: 1,
      body: { results: Array.from({ length: 200 }, (_, index) => ({ ...human(index + 1), displayName: "Renamed" })) },
    });
    expect((await stack.query(document)).data).toEqual(data);
    const renamed = Array.from({ length: 200 }, () => ({ displayName: "Renamed" }));
    await expect.poll(async () => (await stack.query(document)).data.group.members.nodes).toEqual(renamed);
    expect(stack.countCalls("POST", /\/users-bulk$/)).toBe(1);
  });

  it("say when they were read", async () => {
    await using stack = await startStack({ world });
    const asOf = async () =>
      Date.parse((await stack.query("{ groups { completeness { asOf } } }")).data.groups.completeness.asOf);
    const read = await asOf();
    stack.clock.shift(minuteMs);
    expect(await asOf()).toBe(read);
  });

  it("of grants begin when they are read, however long the permission model and the space were known before", async () => {
    await using stack = await startStack({ world });
    await stack.query("{ site { permissionModel } spaces { nodes { key } } }");
    stack.clock.shift(4 * minuteMs);
    const before = stack.clock.now();
    const { data } = await stack.query('{ space(key: "S1") { grants { completeness { asOf } } } }');
    expect(Date.parse(data.space.grants.completeness.asOf)).toBeGreaterThanOrEqual(before);
  });
});

describe("CACHE_TTL_* of 0", () => {
  it("keeps nothing: every query reads the site, once for each thing", async () => {
    const never = Object.fromEntries(
      ["ACCOUNTS", "GROUPS", "SPACES", "MEMBERSHIPS", "GRANTS", "ROLES", "MISSES"].map((kind) => [
        `CACHE_TTL_${kind}`,
        "0",
      ]),
    );
    await using stack = await startStack({ world, env: never });
    const document = `{ spaces { nodes { grants { nodes { principal { ... on Account { displayName } } } } } }
      groups { nodes { members(first: 200) { nodes { displayName groups { nodes { groupId } } } } } } }`;
    await stack.forgetCalls();
    const first = await stack.query(document);
    expect(first.errors).toBeUndefined();
    const calls = [...stack.calls()].sort();
    expect(new Set(calls).size).toBe(calls.length);
    await stack.forgetCalls();
    expect((await stack.query(document)).data).toEqual(first.data);
    expect([...stack.calls()].sort()).toEqual(calls);
  });
});
