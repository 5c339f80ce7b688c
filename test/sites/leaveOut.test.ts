import { describe, expect, it } from "vitest";
import { encodeGlobalId } from "../../src/graph/schema/GlobalId.js";
import { dcSpaces, smallDataCenterWorld } from "../support/dataCenterWorlds.js";
import { startSites } from "../support/startSites.js";
import { cloudWorld, human, permission, space } from "../support/worlds.js";

type Ids = Record<"siteId" | "spaceId" | "permissionId" | "accountId", never>;

const minuteMs = 60_000;
const noCache = { "cache-control": "no-cache" };

const cloud = {
  site: {
    id: "a",
    world: cloudWorld({
      accounts: [human(1), human(2)],
      spaces: [
        space(1, {
          name: "Shown",
          permissions: [permission("user", human(1).accountId), permission("user", human(1).accountId, "export/space")],
        }),
        space(2, { key: "HR2", name: "Secret plans", permissions: [permission("user", "712020:of-hr-alone")] }),
        space(3, {
          key: "HR3",
          name: "Secret past",
          status: "archived",
          permissions: [permission("group", "g-of-hr")],
        }),
        space(4, {
          ...{ key: `~${human(2).accountId}`, name: "Secret diary", type: "personal", authorId: human(2).accountId },
          permissions: [permission("user", human(2).accountId)],
        }),
      ],
    }),
    credential: "api-token",
    entry: { leaveOut: { spaceKeys: ["hr*"], personalSpaces: true, permissions: ["Export/Space"] } },
  },
  shown: { key: "S1", id: "1001" },
  hidden: { ids: ["1002", "1003", "1004"], keys: ["HR2", "hr3", `~${human(2).accountId}`] },
  secrets: /secret|of-hr|"key":"(hr|~)|export/i,
  owner: human(2).accountId,
  lookUp: "GET /wiki/api/v2/spaces",
  grantsOf: /\/spaces\/\d+\/permissions$/,
} as const;

const dataCenter = {
  site: {
    id: "a",
    world: smallDataCenterWorld(),
    credential: "personal-access-token",
    entry: { leaveOut: { spaceKeys: ["docs", "ol*"], personalSpaces: true, permissions: ["administer/space"] } },
  },
  shown: { key: "ENG", id: String(dcSpaces.ENG) },
  hidden: { ids: [dcSpaces.DOCS, dcSpaces.OLD, dcSpaces["~ben"]].map(String), keys: ["DOCS", "Old", "~ben"] },
  secrets: /documentation|old intranet|"key":"(docs|old|~)|"operation":"administer","target":"space"/i,
  owner: "2c958083000000000000000000000002",
  lookUp: "GET /confluence/rest/api/space",
  grantsOf: /\/rest\/api\/space\/[^/]+\/permissions$/,
} as const;

type Case = typeof cloud | typeof dataCenter;

const grantFields =
  "nodes { id permissions { operation target } principal { ... on Account { accountId } ... on Group { groupId } } resource { __typename ... on Space { spaceId key name } } } completeness { isComplete gaps { missing code } }";
const spaceFields = `key name status grants { ${grantFields} }`;

/** Every way to come by a space or by what it grants. */
function queriesOf({ hidden, owner }: Case): Readonly<Record<string, string>> {
  const idOf = (spaceId: string) => encodeGlobalId({ type: "Space", siteId: "a", spaceId } as Ids & { type: "Space" });
  const rowOf = (spaceId: string) =>
    encodeGlobalId({ type: "Grant", kind: "permission", siteId: "a", spaceId, permissionId: "1" } as Ids & {
      type: "Grant";
      kind: "permission";
    });
  const each = (field: (id: string, index: number) => string) => hidden.ids.map(field).join(" ");
  const representations = [
    ...hidden.ids.map((id) => `{ __typename: "Space", id: "${idOf(id)}" }`),
    ...hidden.ids.map((id) => `{ __typename: "Space", siteId: "a", spaceId: "${id}" }`),
    ...hidden.keys.map((key) => `{ __typename: "Space", siteId: "a", key: "${key}" }`),
  ];
  return {
    "the list": `{ spaces(filter: { statuses: [CURRENT, ARCHIVED] }) { nodes { ${spaceFields} } completeness { isComplete } } }`,
    "the list by keys": `{ spaces(filter: { statuses: [CURRENT, ARCHIVED], keys: ${JSON.stringify(hidden.keys)} }) { nodes { ${spaceFields} } } }`,
    "look-ups by id": `{ ${each((id, index) => `s${index}: space(spaceId: "${id}") { ${spaceFields} }`)} }`,
    "look-ups by key": `{ ${hidden.keys.map((key, index) => `s${index}: space(key: "${key}") { ${spaceFields} }`).join(" ")} }`,
    "all grants": `{ grants(first: 1000, filter: { entitlements: [SPACE_PERMISSION] }) { ${grantFields} } }`,
    "grants of the hidden": `{ ${each((id, index) => `g${index}: grants(filter: { spaces: ["${idOf(id)}"] }) { ${grantFields} }`)} }`,
    "grants by their ids": `{ ${each((id, index) => `g${index}: grant(id: "${rowOf(id)}") { id permissions { operation } }`)} }`,
    references: `{ _entities(representations: [${representations.join(" ")}]) { ... on Space { ${spaceFields} } } }`,
    "an owner's own": `{ account(accountId: "${owner}") { personalSpace { id key } grants { ${grantFields} } } }`,
  };
}

const faults: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  "answers 404": { status: 404 },
  "answers 403": { status: 403 },
  "answers 400": { status: 400 },
  "answers 500": { status: 500 },
  "answers nothing of what is wanted": { status: 200, body: { results: [] } },
  "answers in another shape": { status: 200, body: { results: [{ id: 1 }] } },
  "answers no JSON": { status: 200, body: "<html>" },
  "breaks off": { reset: true },
};

async function startCase(of: Case) {
  const stack = await startSites([of.site]);
  const sleep = stack.clock.sleep.bind(stack.clock);
  // Pauses between repetitions take no time.
  stack.clock.sleep = (durationMs, signal) => sleep(durationMs <= 5_000 ? 0 : durationMs, signal);
  return stack;
}

describe.each([
  ["Cloud", cloud],
  ["Data Center", dataCenter],
] as const)("what the configuration leaves out of a site of %s", (_deployment, of) => {
  it("is in no answer, in whatever letter case it is written or asked for", async () => {
    await using stack = await startCase(of);
    for (const [name, document] of Object.entries(queriesOf(of))) {
      const { data } = await stack.query(document);
      expect([name, JSON.stringify(data)]).toEqual([name, expect.not.stringMatching(of.secrets)]);
      expect(data).not.toBeNull();
    }
    const { data } = await stack.query(queriesOf(of)["an owner's own"] ?? "");
    expect(data.account.personalSpace).toBeNull();
    const shown = await stack.query(
      `{ spaces { nodes { key grants { totalCount } } } grants { totalCount completeness { isComplete } } }`,
    );
    expect(shown.errors).toBeUndefined();
    expect(shown.data.spaces.nodes.map(({ key }: { key: string }) => key)).toEqual([of.shown.key]);
    expect(shown.data.spaces.nodes[0].grants.totalCount).toBeGreaterThan(0);
  });

  describe.each(Object.entries(faults))("when the look-up %s", (_what, fault) => {
    const expectNothing = async (stack: Awaited<ReturnType<typeof startCase>>, headers = {}) => {
      for (const [name, document] of Object.entries(queriesOf(of))) {
        const answer = await stack.query(document, {}, headers);
        expect([name, JSON.stringify(answer.data ?? null)]).toEqual([name, expect.not.stringMatching(of.secrets)]);
      }
    };

    it("is in no answer while nothing was read before", async () => {
      await using stack = await startCase(of);
      await stack.fail("a", { match: of.lookUp, times: -1, ...fault });
      await expectNothing(stack);
    });

    it("is in no answer while what was read before grows old", async () => {
      await using stack = await startCase(of);
      await expectNothing(stack);
      await stack.fail("a", { match: of.lookUp, times: -1, ...fault });
      stack.clock.shift(6 * minuteMs);
      await expectNothing(stack);
      await expectNothing(stack, noCache);
      stack.clock.shift(30 * minuteMs);
      await expectNothing(stack);
    });
  });

  it("makes the grants of a space a gap while nobody knows whether it is left out", async () => {
    await using stack = await startCase(of);
    await stack.fail("a", { match: of.lookUp, times: -1, status: 403 });
    const spaceId = encodeGlobalId({ type: "Space", siteId: "a", spaceId: of.shown.id } as Ids & { type: "Space" });
    const { data } = await stack.query(`{ grants(filter: { spaces: ["${spaceId}"] }) { ${grantFields} } }`);
    expect(data.grants).toEqual({
      nodes: null,
      completeness: {
        isComplete: false,
        gaps: [{ missing: "grants", code: "UPSTREAM_FORBIDDEN" }],
      },
    });
    expect(stack.countCalls("a", "GET", of.grantsOf)).toBe(0);
  });
});

describe("leaving spaces out costs", () => {
  const spaces = Array.from({ length: 600 }, (_, index) =>
    space(index + 1, {
      key: `${index % 2 === 0 ? "S" : "HR"}${index}`,
      permissions: [permission("user", human(1).accountId)],
    }),
  );
  const world = cloudWorld({ accounts: [human(1)], spaces });
  const leaveOut = { spaceKeys: ["HR*"] };
  const document =
    "{ grants(first: 1000, filter: { entitlements: [SPACE_PERMISSION] }) { totalCount completeness { isComplete } } }";
  const calls = (stack: Awaited<ReturnType<typeof startSites>>) => ({
    lists: stack.countCalls("a", "GET", /\/api\/v2\/spaces$/),
    spaces: stack.countCalls("a", "GET", cloud.grantsOf),
  });

  it("nothing more than the lists that are read anyway, and the hidden spaces are not asked for what they grant", async () => {
    await using plain = await startSites([{ id: "a", world, credential: "api-token" }]);
    await plain.query(document);
    const whole = calls(plain);
    expect(whole).toEqual({ lists: 5, spaces: 600 });

    await using stack = await startSites([{ id: "a", world, credential: "api-token", entry: { leaveOut } }]);
    const { data } = await stack.query(document);
    expect(data.grants).toEqual({ totalCount: 300, completeness: { isComplete: true } });
    expect(calls(stack)).toEqual({ lists: whole.lists, spaces: 300 });
    await stack.forgetCalls("a");
    await stack.query(document);
    expect(calls(stack)).toEqual({ lists: 0, spaces: 0 });
  });

  it("one look-up for each 250 spaces that are named by their ids and were not read", async () => {
    await using stack = await startSites([{ id: "a", world, credential: "api-token", entry: { leaveOut } }]);
    const ids = spaces
      .slice(0, 500)
      .map(({ id }) => encodeGlobalId({ type: "Space", siteId: "a", spaceId: id } as Ids & { type: "Space" }));
    await stack.query("query ($ids: [ID!]) { grants(filter: { spaces: $ids }) { totalCount } }", { ids });
    // Found among the spaces in use, all of them: the archived are not looked through.
    expect(calls(stack)).toEqual({ lists: 2, spaces: 250 });
  });
});
