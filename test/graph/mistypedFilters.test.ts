import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { GroupId, RoleId, SiteId, SpaceId } from "../../src/domain/ids.js";
import { encodeGlobalId } from "../../src/graph/schema/GlobalId.js";
import { smallDataCenterWorld } from "../support/dataCenterWorlds.js";
import { startSites } from "../support/startSites.js";
import { type Stack, startStack } from "../support/startStack.js";
import { cloudWorld, human, permission, space } from "../support/worlds.js";

const world = (siteId: number) =>
  cloudWorld({
    mode: "ROLES_TRANSITION",
    accounts: [human(1), human(2), { ...human(3), email: "Odd.Name@Example.com" }],
    groups: [{ id: "g-1", name: "readers", members: [human(1).accountId] }],
    roles: [
      {
        ...{ id: "role-1", type: "CUSTOM", name: "Steward", description: "" },
        spacePermissions: ["read/space", "Steward_All/space"],
      },
    ],
    spaces: [
      space(1, {
        key: "PARTNER",
        permissions: [
          permission("user", human(1).accountId),
          permission("user", human(1).accountId, "launch_rockets/pad"),
          permission("group", "g-1", "create/page"),
        ],
        roleAssignments: [{ principal: { principalType: "USER", principalId: human(2).accountId }, roleId: "role-1" }],
      }),
      space(2, { key: "OLD", status: "archived", permissions: [permission("user", human(siteId).accountId)] }),
      space(3, { key: "ELSE", permissions: [permission("user", human(2).accountId)] }),
    ],
  });

const list = "totalCount nodes { id } completeness { isComplete gaps { missing code call } }";
const grants = (filter: string, more = "") => `{ grants(filter: { ${filter} } ${more}) { ${list} } }`;

describe("a filter of one site", () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack({ world: world(1) });
  });
  afterAll(() => stack.close());

  it.each([
    ['operations: ["READ"]', 'operations: ["read"]', 4],
    ['operations: ["Create"], targets: ["PAGE"]', 'operations: ["create"], targets: ["page"]', 1],
    ['targets: ["Page"]', 'targets: ["page"]', 1],
    ['operations: ["steward_ALL"]', 'operations: ["Steward_All"]', 1],
    ['operations: ["launch_rockets"], targets: ["PAD"]', 'operations: ["Launch_Rockets"]', 1],
  ])("%s means the same as %s", async (left, right, count) => {
    const { data } = await stack.query(grants(left));
    expect(data.grants).toMatchObject({ totalCount: count, completeness: { isComplete: true } });
    expect((await stack.query(grants(right))).data).toEqual(data);
  });

  it.each([
    ["operations", "raed", "read", "UNKNOWN_OPERATION"],
    ["operations", "Administrate", "administer", "UNKNOWN_OPERATION"],
    ["operations", "edit", "update", "UNKNOWN_OPERATION"],
    ["operations", "launch_rocket", "launch_rockets", "UNKNOWN_OPERATION"],
    ["operations", "steward", "Steward_All", "UNKNOWN_OPERATION"],
    ["operations", "toString", "", "UNKNOWN_OPERATION"],
    ["targets", "pages", "page", "UNKNOWN_TARGET"],
  ])(
    "%s: an unheard-of %s is refused and %s is named, with no more calls than the query makes",
    async (part, word, nearest, reason) => {
      await stack.query(grants('operations: ["read"]'), {}, { "cache-control": "no-cache" });
      await stack.forgetCalls();
      const { data, errors } = await stack.query(
        grants(`${part}: ["read", "space", "${word}"]`.replace(part === "operations" ? '"space", ' : '"read", ', "")),
      );
      expect(data).toEqual({ grants: null });
      expect(errors).toMatchObject([{ extensions: { code: "BAD_USER_INPUT", reason, argument: part } }]);
      expect(errors?.[0]?.message).toContain(JSON.stringify(word));
      expect(errors?.[0]?.message).toContain(nearest);
      expect(stack.calls()).toEqual([]);
    },
  );

  it("an operation that a catalogue knows and nobody holds is nobody's", async () => {
    const { data, errors } = await stack.query(grants('operations: ["archive_space"]'));
    expect(errors).toBeUndefined();
    expect(data.grants).toMatchObject({ totalCount: 0, nodes: [], completeness: { isComplete: true } });
  });

  it("an operation that one space holds is known in the others", async () => {
    const { data, errors } = await stack.query(
      `{ spaces { nodes { key grants(filter: { operations: ["LAUNCH_rockets"] }) { totalCount } } } }`,
      {},
      { "cache-control": "no-cache" },
    );
    expect(errors).toBeUndefined();
    expect(data.spaces.nodes.map((each: { grants: { totalCount: number } }) => each.grants.totalCount)).toEqual([0, 1]);
  });

  it("keys are compared in any letter case", async () => {
    const { data, errors } = await stack.query(
      `{ spaces(filter: { keys: ["partner", "Else"] }) { nodes { key } completeness { isComplete } } }`,
    );
    expect(errors).toBeUndefined();
    expect(data.spaces).toEqual({ nodes: [{ key: "ELSE" }, { key: "PARTNER" }], completeness: { isComplete: true } });
  });

  it("a key that no visible space has is a gap beside those that are there, and no refusal", async () => {
    const document = `{ spaces(filter: { keys: ["PARTNER", "PARTNERS"] }) { totalCount nodes { key } completeness { isComplete gaps { missing code } } } }`;
    const { data } = await stack.query(document);
    expect(data.spaces).toEqual({
      totalCount: null,
      nodes: [{ key: "PARTNER" }],
      completeness: {
        isComplete: false,
        gaps: [{ missing: 'space with the key "PARTNERS"', code: "UPSTREAM_NOT_VISIBLE" }],
      },
    });
    const alone = await stack.query('{ spaces(filter: { keys: ["PARTNERS"] }) { nodes { key } } }');
    expect(alone.errors).toMatchObject([{ path: ["spaces", "nodes"], extensions: { code: "UPSTREAM_NOT_VISIBLE" } }]);
  });

  it("a key of a space of a status that was not asked for is no gap: the space is known, and not asked for", async () => {
    const { data, errors } = await stack.query(
      '{ spaces(filter: { keys: ["old"] }) { nodes { key } completeness { isComplete } } }',
    );
    expect(errors).toBeUndefined();
    expect(data.spaces).toEqual({ nodes: [], completeness: { isComplete: true } });
  });

  it("asks for keys only that no list has, all in one look-up a status", async () => {
    await stack.query("{ spaces { totalCount } }", {}, { "cache-control": "no-cache" });
    await stack.forgetCalls();
    await stack.query('{ spaces(filter: { keys: ["PARTNER", "ELSE"] }) { totalCount } }');
    expect(stack.calls()).toEqual([]);
    await stack.query('{ spaces(filter: { keys: ["PARTNER", "NOPE", "NEVER"] }) { totalCount } }');
    expect(stack.countCalls("GET", /\/api\/v2\/spaces$/)).toBe(3);
  });

  it("a space that nobody sees is a gap in grants, beside what the others grant", async () => {
    const id = (spaceId: string) =>
      encodeGlobalId({ type: "Space", siteId: stack.siteId as SiteId, spaceId: spaceId as SpaceId });
    const { data } = await stack.query(grants(`spaces: ["${id("1003")}", "${id("7777")}"]`));
    expect(data.grants.nodes).toHaveLength(1);
    expect(data.grants).toMatchObject({
      totalCount: null,
      completeness: { isComplete: false, gaps: [{ missing: "what space 7777 grants", code: "UPSTREAM_NOT_VISIBLE" }] },
    });
  });

  it.each([
    ["accounts", '{ accounts(filter: { emails: ["human-1@example.com", "nobody"] }) { totalCount } }', "emails"],
    ["Site.accounts", '{ site { accounts(filter: { emails: ["@example.com"] }) { totalCount } } }', "emails"],
    ["Group.members", '{ group(groupId: "g-1") { members(filter: { emails: ["ada@"] }) { totalCount } } }', "emails"],
    ["identity", '{ identity(email: "ada.example.com") { accounts { totalCount } } }', "email"],
  ])("%s refuses an address that can be none, before anything is read", async (_where, document, argument) => {
    await stack.query('{ groups { totalCount } group(groupId: "g-1") { name } }');
    await stack.forgetCalls();
    const { errors } = await stack.query(document);
    expect(errors).toMatchObject([{ extensions: { code: "BAD_USER_INPUT", reason: "INVALID_EMAIL", argument } }]);
    expect(stack.calls()).toEqual([]);
  });

  it("a reference to an identity by what can be no address is null with its error, the others are answered", async () => {
    const { data, errors } = await stack.query(
      '{ _entities(representations: [{ __typename: "Identity", email: "nonsense" }, { __typename: "Identity", email: " Human-1@example.com" }]) { ... on Identity { email accounts { nodes { accountId } } } } }',
    );
    expect(data._entities).toEqual([
      null,
      { email: " Human-1@example.com", accounts: { nodes: [{ accountId: human(1).accountId }] } },
    ]);
    expect(errors).toMatchObject([
      { path: ["_entities", 0], extensions: { code: "BAD_USER_INPUT", reason: "INVALID_EMAIL" } },
    ]);
  });

  it("addresses are compared in any letter case", async () => {
    const { data } = await stack.query(
      '{ accounts(filter: { emails: [" odd.NAME@example.COM "] }) { nodes { accountId } } }',
    );
    expect(data.accounts.nodes).toEqual([{ accountId: human(3).accountId }]);
  });

  it("Site.operations lists the catalogue and what was seen, at no cost", async () => {
    await stack.query(grants('operations: ["read"]'));
    await stack.forgetCalls();
    const { data } = await stack.query("{ site { operations { operation target meaning source isDescribed } } }");
    const { operations } = data.site;
    expect(stack.calls()).toEqual([]);
    expect(operations).toContainEqual({
      ...{ operation: "read", target: "space", meaning: "See the space and what is in it." },
      ...{ source: "CATALOGUE", isDescribed: true },
    });
    expect(operations).toContainEqual(
      expect.objectContaining({ operation: "manage_users", source: "CATALOGUE", isDescribed: false }),
    );
    const seen = { meaning: null, isDescribed: false };
    expect(operations).toContainEqual({ operation: "launch_rockets", target: "pad", source: "GRANT", ...seen });
    expect(operations).toContainEqual({ operation: "Steward_All", target: "space", source: "ROLE", ...seen });
    const names = operations.map((each: { operation: string; target: string }) => `${each.operation}/${each.target}`);
    expect(new Set(names).size).toBe(names.length);
  });
});

describe("an unheard-of operation while something cannot be read", () => {
  it("is one more gap: nobody knows that nothing holds it", async () => {
    await using stack = await startStack({ world: world(1) });
    await stack.fail({ match: "GET /wiki/api/v2/spaces/1003/permissions", times: -1, status: 403 });
    const { data } = await stack.query(grants('operations: ["raed", "create"]'));
    expect(data.grants.nodes).toHaveLength(1);
    expect(data.grants.completeness.gaps).toMatchObject([
      { missing: expect.stringContaining("1003"), code: "UPSTREAM_FORBIDDEN" },
      { missing: 'whether anything gives the operation "raed"', code: "INCOMPLETE" },
    ]);
  });
});

describe("a filter over several sites", () => {
  const cloud = (id: string, number: number) => ({ id, world: world(number), credential: "api-token" }) as const;
  const dataCenter = { id: "dc", world: smallDataCenterWorld(), credential: "personal-access-token" } as const;
  const idsOf = (site: string) => {
    const siteId = site as SiteId;
    return {
      spaces: encodeGlobalId({ type: "Space", siteId, spaceId: "1001" as SpaceId }),
      groups: encodeGlobalId({ type: "Group", siteId, groupId: "g-1" as GroupId }),
      roles: encodeGlobalId({ type: "SpaceRole", siteId, roleId: "role-1" as RoleId }),
      principals: encodeGlobalId({ type: "Group", siteId, groupId: "g-1" as GroupId }),
    };
  };

  it("with an id of a site that is not configured here says that nothing of that is known", async () => {
    const strange = encodeGlobalId({ type: "Space", siteId: "elsewhere" as SiteId, spaceId: "1001" as SpaceId });
    await using stack = await startStack({ world: world(1) });
    const { data } = await stack.query(grants(`spaces: ["${strange}"]`));
    expect(data.grants).toMatchObject({
      ...{ totalCount: null, nodes: null },
      completeness: {
        isComplete: false,
        gaps: [{ missing: "grants of site elsewhere", code: "UPSTREAM_NOT_VISIBLE" }],
      },
    });
  });

  it("with ids of another site keeps nothing of this one, though the native ids are the same", async () => {
    await using stack = await startSites([cloud("a", 1), cloud("b", 2)]);
    for (const [part, id] of Object.entries(idsOf("b"))) {
      const filter = `${part}: ["${id}"]`;
      const { data, errors } = await stack.query(
        `{ here: grants(siteId: "a", filter: { ${filter} }) { ${list} } there: grants(siteId: "b", filter: { ${filter} }) { totalCount } all: grants(filter: { ${filter} }) { nodes { siteId } } }`,
      );
      expect([part, errors]).toEqual([part, undefined]);
      expect([part, data.here.nodes]).toEqual([part, []]);
      expect([part, data.there.totalCount]).toEqual([part, data.all.nodes.length]);
      expect(data.all.nodes.length).toBeGreaterThan(0);
      expect(new Set(data.all.nodes.map(({ siteId }: { siteId: string }) => siteId))).toEqual(new Set(["b"]));
    }
  });

  it("finds a key on one of the sites, in any letter case, and misses it on none", async () => {
    await using stack = await startSites([cloud("a", 1), dataCenter]);
    const { data, errors } = await stack.query(
      '{ spaces(filter: { keys: ["partner", "docs"] }) { nodes { siteId key } completeness { isComplete } } }',
    );
    expect(errors).toBeUndefined();
    expect(data.spaces).toEqual({
      nodes: [
        { siteId: "a", key: "PARTNER" },
        { siteId: "dc", key: "DOCS" },
      ],
      completeness: { isComplete: true },
    });
  });
});
