import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { GraphAnswer } from "../support/sendQuery.js";
import { type Stack, startStack } from "../support/startStack.js";
import { cloudWorld, human, permission, space } from "../support/worlds.js";

const spaces = 30;
const world = cloudWorld({
  accounts: [human(1), human(2)],
  groups: [{ id: "group-1", name: "Group", members: [human(1).accountId] }],
  spaces: Array.from({ length: spaces }, (_, index) =>
    space(index + 1, { permissions: [permission("user", human(1).accountId)] }),
  ),
});

const forbidden = (id: number) => ({
  match: `GET /wiki/api/v2/spaces/${id}/permissions`,
  status: 403,
  times: -1,
});

/** What stands in `errors`, without the words. */
function told({ errors = [] }: GraphAnswer) {
  return errors.map(({ path, extensions: { code, cause, places } }) => ({ path, code, cause, places }));
}

const one = (...path: (string | number)[]) => ({ path, code: "INCOMPLETE", cause: "UPSTREAM_FORBIDDEN", places: 1 });

describe("an incomplete list that was not asked how complete it is", () => {
  let stack: Stack;
  beforeEach(async () => {
    stack = await startStack({ world });
    await stack.fail(forbidden(1001));
  });
  afterEach(() => stack.close());

  it("stands in `errors` with its path, its place in the document and its cause, and keeps its data", async () => {
    const answer = await stack.query("{\n  grants { nodes { __typename } }\n}");
    expect(answer.data.grants.nodes).toHaveLength(spaces - 1 + 1);
    expect(told(answer)).toEqual([one("grants")]);
    expect(answer.errors?.[0]).toMatchObject({
      message: expect.stringMatching(/^This is not complete\. Missing: what space 1001 grants\. /),
      locations: [{ line: 2, column: 3 }],
      extensions: { missing: "what space 1001 grants", call: "GET /wiki/api/v2/spaces/{id}/permissions" },
    });
    expect(answer.extensions?.completeness).toMatchObject({
      isComplete: false,
      gaps: [{ code: "UPSTREAM_FORBIDDEN" }],
    });
  });

  it.each([
    ["plainly", "{ grants { nodes { __typename } completeness { isComplete } } }"],
    ["for its gaps alone", "{ grants { nodes { __typename } completeness { gaps { code } } } }"],
    ["under another name", "{ grants { nodes { __typename } how: completeness { whole: isComplete } } }"],
    [
      "in a fragment",
      "{ grants { ...F } } fragment F on GrantConnection { nodes { __typename } completeness { ...C } } fragment C on Completeness { isComplete }",
    ],
    [
      "where it is included",
      "query ($yes: Boolean = true) { grants { nodes { __typename } completeness @include(if: $yes) { isComplete } } }",
    ],
    [
      "where it is not skipped",
      "{ grants { nodes { __typename } ... on GrantConnection @skip(if: false) { completeness { isComplete } } } }",
    ],
    [
      "in another selection of the same field",
      "{ grants { nodes { __typename } } grants { completeness { isComplete } } }",
    ],
  ])("does not, where the query asks: %s", async (_how, document) => {
    const answer = await stack.query(document);
    expect(answer.data.grants.nodes).toHaveLength(spaces);
    expect(answer.errors).toBeUndefined();
  });

  it.each([
    ["it is skipped", "{ grants { nodes { __typename } completeness @skip(if: true) { isComplete } } }"],
    [
      "it is not included",
      "{ grants { nodes { __typename } ... @include(if: false) { completeness { isComplete } } } }",
    ],
    ["only the age is asked for", "{ grants { nodes { __typename } completeness { asOf __typename } } }"],
    ["only another list is asked", "{ grants { totalCount } a: spaces { completeness { isComplete } } }"],
  ])("does, where %s", async (_how, document) => {
    expect(told(await stack.query(document))).toEqual([one("grants")]);
  });

  it("is told for each name that it is asked under, and not for one that asks", async () => {
    const answer = await stack.query(
      "{ a: grants { totalCount } b: grants { totalCount completeness { isComplete } } c: grants { totalCount } }",
    );
    expect(told(answer)).toEqual([one("a"), one("c")]);
  });

  it("is told once for a field of the document, with the first place and how many there are", async () => {
    await stack.fail(forbidden(1003), forbidden(1005));
    const answer = await stack.query("{ spaces { nodes { key grants { pageInfo { hasNextPage } } } } }");
    const places = answer.data.spaces.nodes.flatMap(({ key }: { key: string }, index: number) =>
      ["S1", "S3", "S5"].includes(key) ? [index] : [],
    );
    expect(told(answer)).toEqual([{ ...one("spaces", "nodes", places[0], "grants"), places: 3 }]);
    expect(answer.errors?.[0]?.message).toMatch(/The same goes for 2 more of this field in the answer\.$/);
  });

  it("is told once for each cause", async () => {
    await stack.fail({ match: "GET /wiki/api/v2/spaces/1004/permissions", status: 400, times: -1 });
    const answer = await stack.query("{ grants { totalCount } }");
    expect(told(answer).map(({ path, cause }) => [path, cause])).toEqual([
      [["grants"], "UPSTREAM_FORBIDDEN"],
      [["grants"], "UPSTREAM_REJECTED"],
    ]);
  });

  it("is told of a fragment that stands in several places once", async () => {
    const answer = await stack.query(
      '{ a: space(key: "S1") { ...F } b: space(key: "S1") { ...F } } fragment F on Space { grants { totalCount } }',
    );
    expect(told(answer)).toEqual([{ ...one("a", "grants"), places: 2 }]);
  });

  it("does not stand beside the error of items that could not be read", async () => {
    const answer = await stack.query('{ space(key: "S1") { grants { nodes { __typename } } } }');
    expect(answer.data).toEqual({ space: { grants: { nodes: null } } });
    expect(told(answer)).toEqual([
      { path: ["space", "grants", "nodes"], code: "UPSTREAM_FORBIDDEN", cause: undefined, places: undefined },
    ]);
  });

  it("does not stand at the path of a null", async () => {
    await stack.fail({ match: "POST /wiki/api/v2/users-bulk", status: 400, times: -1 });
    const answer = await stack.query(
      `{ grants { totalCount nodes { principal { ... on Account { personalSpace { grants { totalCount } } } } } } }`,
    );
    const at = (path: readonly (string | number)[] = []) =>
      path.reduce((value, step) => (value === null ? null : value[step]), answer.data);
    for (const { path, extensions } of answer.errors ?? []) {
      if (extensions.code === "INCOMPLETE") expect(at(path)).not.toBeNull();
      else expect(at(path)).toBeNull();
    }
    expect(told(answer).filter(({ code }) => code === "INCOMPLETE")).toEqual([one("grants")]);
  });

  it("is told twenty times an operation, and then counted", async () => {
    const document = `{ ${Array.from({ length: 25 }, (_, index) => `a${index}: grants { totalCount }`).join(" ")} }`;
    const answer = await stack.query(document);
    expect(told(answer).slice(0, 20)).toEqual(Array.from({ length: 20 }, (_, index) => one(`a${index}`)));
    expect(answer.errors).toHaveLength(21);
    expect(answer.errors?.[20]).toEqual({
      message: expect.stringMatching(/^5 more /),
      extensions: { code: "INCOMPLETE", more: 5 },
    });
  });

  it("is told by the operation of a batch that it belongs to, and so are its extensions", async () => {
    const response = await fetch(stack.server.graphqlUrl, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(
        ["{ groups { totalCount } }", "{ grants { totalCount } }", "{ sites { siteId } }"].map((query) => ({ query })),
      ),
    });
    const answers = (await response.json()) as GraphAnswer[];
    expect(answers.map(told)).toEqual([[], [one("grants")], []]);
    expect(answers.map(({ extensions }) => extensions !== undefined)).toEqual([false, true, false]);
  });
});

describe("the setting for those who read extensions", () => {
  it("leaves an incomplete list out of `errors`", async () => {
    await using stack = await startStack({ world, env: { GAPS_IN_ERRORS: "off" } });
    await stack.fail(forbidden(1001));
    const answer = await stack.query("{ grants { nodes { __typename } } }");
    expect(answer.errors).toBeUndefined();
    expect(answer.extensions?.completeness).toMatchObject({ isComplete: false });
  });
});

describe("a field that cannot be null", () => {
  it.each(["on", "off"])("says UNKNOWN and why, where it could not be read (gaps in errors: %s)", async (setting) => {
    await using stack = await startStack({ world, env: { GAPS_IN_ERRORS: setting } });
    await stack.fail({ match: "POST /wiki/api/v2/users-bulk", status: 403, times: -1 });
    const answer = await stack.query('{ group(name: "Group") { members { nodes { status statusSource kind } } } }', {});
    // The member list tells the kind, and no status.
    expect(answer.data.group.members.nodes).toEqual([{ status: "UNKNOWN", statusSource: "NONE", kind: "HUMAN" }]);
    expect(told(answer)).toEqual(
      ["status", "statusSource"].map((field) => ({
        path: ["group", "members", "nodes", 0, field],
        code: "UPSTREAM_FORBIDDEN",
        cause: undefined,
        places: 1,
      })),
    );
  });
});
