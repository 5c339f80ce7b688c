import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Stack } from "../support/startStack.js";
import { startStack } from "../support/startStack.js";
import { cloudWorld, human, permission, space } from "../support/worlds.js";

const accounts = Array.from({ length: 100 }, (_, index) => human(index + 1));
const permissions = accounts.map(({ accountId }) => permission("user", accountId));

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({
    world: cloudWorld({ accounts, spaces: [1, 2, 3].map((number) => space(number, { permissions })) }),
    env: { MAX_QUERY_COST: "12000", MAX_RESPONSE_MB: "1" },
  });
});
afterAll(() => stack.close());

const times = <T>(count: number, part: (at: number) => T) => Array.from({ length: count }, (_, at) => part(at));

describe("an operation that may cost too much", () => {
  it.each([
    ["aliases of pages", `{ ${times(4, (at) => `a${at}: grants(first: 1000) { nodes { id } }`).join(" ")} }`],
    ["aliases in rows", `{ grants(first: 200) { nodes { ${times(70, (at) => `a${at}: id`).join(" ")} } } }`],
    ["nested pages", "{ spaces { nodes { grants { nodes { id } } } } }"],
  ])("by its %s is refused with the figure, before any call", async (_by, document) => {
    await stack.forgetCalls();
    const { data, errors } = await stack.query(document);
    expect(data ?? null).toBeNull();
    expect(errors).toHaveLength(1);
    expect(errors?.[0]?.extensions).toMatchObject({ code: "QUERY_TOO_EXPENSIVE", maxCost: 12000 });
    expect(errors?.[0]?.extensions.cost).toBeGreaterThan(12000);
    expect(errors?.[0]?.message).toMatch(/may cost [\d,]+ units; at most 12,000 are answered\. Ask for smaller pages/);
    expect(stack.calls()).toEqual([]);
  });

  it("by its references is refused, so that aliases do not multiply one variable", async () => {
    const document = `query ($r: [_Any!]!) { ${["a", "b"].map((name) => `${name}: _entities(representations: $r) { __typename }`).join(" ")} }`;
    const r = times(800, () => "").map(() => ({ __typename: "Site", siteId: stack.siteId }));
    expect((await stack.query(document, { r })).errors).toMatchObject([
      { extensions: { code: "QUERY_TOO_EXPENSIVE" } },
    ]);
    expect((await stack.query(document, { r: r.slice(0, 150) })).errors).toBeUndefined();
  });

  it("by the lists in its filters is refused, and by one that is too long", async () => {
    await stack.forgetCalls();
    const document = `query ($p: [ID!]) { ${times(5, (at) => `a${at}: grants(first: 1, filter: { principals: $p }) { totalCount }`).join(" ")} }`;
    const p = times(1_001, (at) => `x${at}`);
    const code = async (text: string, variables: object) =>
      (await stack.query(text, { ...variables })).errors?.map(({ extensions }) => extensions.code);
    expect(await code(document, { p: p.slice(0, 150) })).toEqual(["QUERY_TOO_EXPENSIVE"]);
    expect(
      await code("query ($s: [SpaceStatusFilter!]!) { spaces(filter: { statuses: $s }) { totalCount } }", {
        s: times(500, () => "CURRENT"),
      }),
    ).toBeUndefined();
    await stack.forgetCalls();
    expect(await code(`{ spaces(filter: { keys: ${JSON.stringify(p)} }) { totalCount } }`, {})).toEqual([
      "QUERY_TOO_EXPENSIVE",
    ]);
    expect(stack.calls()).toEqual([]);
  });

  it("counts the questions that it decides, and not the rows of their answers alone", async () => {
    const inputs = times(20, (at) => ({
      siteId: stack.siteId,
      accountId: accounts[at]?.accountId,
      spaceKey: "S1",
      permission: { operation: "read", target: "space" },
    }));
    const ask = (names: readonly string[]) =>
      stack.query(
        `query ($i: [CheckAccessInput!]!) { ${names.map((name) => `${name}: checkAccesses(inputs: $i) { decision }`).join(" ")} }`,
        { i: inputs },
        { "x-include-cost": "true" },
      );
    const { data, errors, extensions } = await ask(["a", "b"]);
    expect(errors).toBeUndefined();
    expect([data.a.length, data.b.length]).toEqual([20, 20]);
    expect(extensions).toMatchObject({ cost: { spent: 2 * 20 * (60 + 4) } });
    const more = await ask(["a", "b", "c"]);
    expect(more.errors).toMatchObject([{ path: ["c"], extensions: { code: "RESULT_TOO_LARGE" } }]);
    expect(more.data.c).toBeNull();
  });

  it("by its errors is cut between its fields: what one decides is not held until another has decided as well", async () => {
    const permission = { operation: "reed", target: "space" };
    const inputs = times(15, () => ({
      siteId: stack.siteId,
      accountId: accounts[0]?.accountId,
      spaceKey: "S1",
      permission,
    }));
    const { data, errors } = await stack.query(
      `query ($i: [CheckAccessInput!]!) { ${["a", "b", "c"].map((name) => `${name}: checkAccesses(inputs: $i) { decision }`).join(" ")} }`,
      { i: inputs },
    );
    expect(Object.values(data).filter((field) => field !== null)).toEqual([times(15, () => null)]);
    const codes = errors?.map(({ extensions }) => extensions.code).filter((code) => code === "RESULT_TOO_LARGE");
    expect(codes).toHaveLength(2);
  });

  it("is a batch whose operations do so together: the first are answered", async () => {
    const query = `{ spaces(first: 600) { nodes { id } } }`;
    const response = await fetch(stack.server.graphqlUrl, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(times(5, () => query).map((each) => ({ query: each }))),
    });
    const answers = (await response.json()) as { errors?: { extensions: { code: string } }[] }[];
    expect(answers.map(({ errors }) => errors?.[0]?.extensions.code)).toEqual([
      ...[undefined, undefined, undefined, undefined],
      "QUERY_TOO_EXPENSIVE",
    ]);
  });
});

describe("an answer", () => {
  it("whose lists hold more than was to be expected is cut there, with the bound", async () => {
    const rows = times(13, (at) => `a${at}: id`).join(" ");
    const answer = await stack.query(
      `{ spaces(first: 2) { nodes { key grants(first: 1000) { nodes { ${rows} } } } } }`,
    );
    expect(answer.data.spaces.nodes.map(({ key }: { key: string }) => key)).toEqual(["S1", "S2"]);
    expect(answer.errors).toMatchObject([
      { path: ["spaces", "nodes", 1, "grants", "nodes"], extensions: { code: "RESULT_TOO_LARGE", maxCost: 3000 } },
    ]);
  });

  it("that may be longer than is sent is refused with a code of its own", async () => {
    const { errors } = await stack.query(`{ grants(first: 1000) { nodes { ${"a".repeat(2_000)}: id } } }`);
    expect(errors).toMatchObject([{ extensions: { code: "RESPONSE_TOO_LARGE", maxBytes: 1_048_576 } }]);
  });

  it("tells its cost to who asks for it, and to nobody else", async () => {
    const document = "{ grants(first: 10) { nodes { id asOf } } }";
    const told = await stack.query(document, {}, { "x-include-cost": "true" });
    expect(told.extensions?.cost).toMatchObject({ items: 10, limit: 12000, spent: 302 });
    expect((await stack.query(document)).extensions).toBeUndefined();
  });

  it.each<readonly [string, string, string, object | string]>([
    [
      "references that are none",
      "[_Any!]!",
      "_entities(representations: $x) { __typename }",
      { __typename: "Account", id: "none" },
    ],
    ["references by no key", "[_Any!]!", "_entities(representations: $x) { __typename }", { __typename: "Space" }],
    ["ids that are none", "[ID!]!", "nodes(ids: $x) { id }", "none"],
  ])("looks at no more %s than making their errors fits", async (_what, type, field, one) => {
    const document = `query ($x: ${type}) { ${times(2, (at) => `a${at}: ${field}`).join(" ")} }`;
    const { errors, extensions } = await stack.query(
      document,
      { x: Array.from({ length: 200 }, () => one) },
      { "x-include-cost": "true" },
    );
    expect(errors?.map(({ extensions: { code } }) => code)).toContain("RESULT_TOO_LARGE");
    expect((extensions as { cost: { spent: number } }).cost.spent).toBeLessThanOrEqual(3000);
    const few = await stack.query(document, { x: Array.from({ length: 20 }, () => one) });
    expect(new Set(few.errors?.map(({ extensions: { code } }) => code))).toEqual(new Set(["BAD_USER_INPUT"]));
  });

  it("does not tell the same failure for each of a thousand references, but counts it", async () => {
    const document = "query ($r: [_Any!]!) { _entities(representations: $r) { __typename } }";
    const r = times(120, () => "").map(() => ({ __typename: "Nobody" }));
    const { data, errors = [] } = await stack.query(document, { r });
    expect(data._entities).toEqual(r.map(() => null));
    expect(errors).toHaveLength(101);
    expect(errors.at(-1)).toMatchObject({
      path: ["_entities"],
      extensions: { code: "BAD_USER_INPUT", more: 20 },
      message: expect.stringMatching(/^20 more errors of this field are not told one by one/),
    });
  });

  it("counts aliases of what is put together, whatever it holds", async () => {
    const document = `{ ${times(16, (at) => `a${at}: spaces(first: 1) { totalCount }`).join(" ")} }`;
    const { data, errors = [] } = await stack.query(document);
    expect(Object.values(data).map((page) => page === null)).toEqual(Array.from({ length: 16 }, (_, at) => at > 10));
    expect(errors.map(({ extensions }) => extensions.code)).toEqual(times(5, () => "RESULT_TOO_LARGE"));
  });

  it("does not tell the same failure in each row, but counts it", async () => {
    const document = "{ grants(first: 200) { nodes { principal { ... on Account { displayName } } } } }";
    await stack.fail({ match: "POST /wiki/api/v2/users-bulk", status: 403, times: 1 });
    const { data, errors = [] } = await stack.query(document, {}, { "cache-control": "no-cache" });
    expect(data.grants.nodes).toEqual(times(200, () => "").map(() => ({ principal: { displayName: null } })));
    expect(errors).toHaveLength(101);
    expect(errors.at(-1)).toMatchObject({
      path: ["grants", "nodes", 100, "principal", "displayName"],
      extensions: { code: "UPSTREAM_FORBIDDEN", more: 100 },
    });
  });
});

it("variables with more objects than are fitted to their types in one go are refused before any is looked at", async () => {
  const usual = await startStack({ world: cloudWorld({ accounts, spaces: [space(1, { permissions })] }) });
  try {
    const refused = async (count: number) => {
      const permissions = times(count, () => ({ operation: "read", target: "space" }));
      const answer = await usual.query(
        "mutation ($i: ApplyAccessChangesInput!) { applyAccessChanges(input: $i) { userErrors { code } } }",
        { i: { changes: times(11, () => ({ grantSpaceAccess: { permissions } })) } },
      );
      return answer.errors?.map(({ extensions }) => extensions);
    };
    // What each lacks (a space, a principal) is not said: nobody looked.
    expect(await refused(920)).toMatchObject([{ code: "BATCH_TOO_LARGE", maxObjects: 10_000 }]);
    expect(await refused(2)).toContainEqual(expect.objectContaining({ code: "BAD_USER_INPUT" }));
  } finally {
    await usual.close();
  }
});
