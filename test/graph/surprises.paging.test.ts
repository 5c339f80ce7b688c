import { describe, expect, it } from "vitest";
import { type Stack, startStack } from "../support/startStack.js";
import { cloudWorld, human, permission, space } from "../support/worlds.js";

/** The value of a query parameter in each call of a path, null where it is absent. */
function parameterOf(stack: Stack, path: string, name: string): (string | null)[] {
  return stack
    .calls()
    .map((call) => new URL(call.split(" ")[1] ?? "", "http://site"))
    .filter((url) => url.pathname.endsWith(path))
    .map((url) => url.searchParams.get(name));
}

const accountRow = (number: number) => ({ user: { accountId: human(number).accountId } });
const memberRow = (number: number) => ({ accountId: human(number).accountId });
const groupRow = (number: number) => ({ id: `g-${number}`, name: `Group ${number}` });

describe("lists that name no next page", () => {
  it("reads user search on by what it received, until a page is empty", async () => {
    const accounts = Array.from({ length: 401 }, (_, index) => human(index + 1));
    await using stack = await startStack({ world: cloudWorld({ accounts }) });
    const { data } = await stack.query("{ accounts(first: 1) { totalCount } }");
    expect(data.accounts.totalCount).toBe(401);
    expect(parameterOf(stack, "/search/user", "start")).toEqual(["0", "200", "400", "401"]);
  });

  it("loses nobody when user search answers shorter pages than it was asked for, and does not believe its totalSize", async () => {
    await using stack = await startStack({ world: cloudWorld({ accounts: [1, 2, 3, 4, 5].map(human) }) });
    await stack.fail(
      {
        match: "GET /wiki/rest/api/search/user?start=0",
        times: "always",
        body: { results: [1, 2].map(accountRow), size: 2, totalSize: 2 },
      },
      {
        match: "GET /wiki/rest/api/search/user?start=2",
        times: "always",
        body: { results: [3, 4, 5].map(accountRow), totalSize: 3 },
      },
    );
    const { data } = await stack.query("{ accounts { totalCount nodes { accountId } } }");
    expect(data.accounts.nodes).toEqual([1, 2, 3, 4, 5].map(memberRow));
  });

  it("reads all 230 groups of an account by memberof", async () => {
    const groups = Array.from({ length: 230 }, (_, index) => ({
      ...groupRow(1000 + index),
      members: [human(1).accountId],
    }));
    await using stack = await startStack({ world: cloudWorld({ accounts: [human(1)], groups }) });
    await stack.forgetCalls();
    const { data } = await stack.query(
      `{ account(accountId: "${human(1).accountId}") { groups(first: 1) { totalCount } } }`,
    );
    expect(data.account.groups.totalCount).toBe(230);
    expect(parameterOf(stack, "/memberof", "start")).toEqual(["0", "200", "230"]);
  });
});

describe("lists that name their next page", () => {
  const group = { ...groupRow(1), members: [human(1).accountId] };
  const path = "GET /wiki/rest/api/group/g-1/membersByGroupId";
  const document = '{ group(groupId: "g-1") { members { totalCount nodes { accountId } } } }';

  it("asks for at most 200 members at once: 201 would be refused", async () => {
    const accounts = Array.from({ length: 201 }, (_, index) => human(index + 1));
    const members = accounts.map(({ accountId }) => accountId);
    await using stack = await startStack({ world: cloudWorld({ accounts, groups: [{ ...group, members }] }) });
    const { data } = await stack.query(document);
    expect(data.group.members.totalCount).toBe(201);
    expect(parameterOf(stack, "/membersByGroupId", "limit")).toEqual(["200", "200"]);
  });

  it("follows a v1 link relative to its base, on shorter pages than it was asked for", async () => {
    await using stack = await startStack({ world: cloudWorld({ accounts: [1, 2, 3].map(human), groups: [group] }) });
    await stack.fail(
      { match: `${path}?start=2`, times: "always", body: { results: [memberRow(3)], _links: {} } },
      {
        match: path,
        times: "always",
        body: {
          results: [1, 2].map(memberRow),
          limit: 2,
          _links: { base: "http://site/wiki", next: "/rest/api/group/g-1/membersByGroupId?start=2&limit=2" },
        },
      },
    );
    const { data } = await stack.query(document);
    expect(data.group.members.nodes).toEqual([1, 2, 3].map(memberRow));
    // The call is made anew: neither the link's path, which lacks /wiki, nor its smaller limit is taken over.
    expect(stack.calls().at(-1)).toBe(`${path}?start=2&limit=200`);
  });

  it("stops where a next page is named but the page is empty, and does not call that the end", async () => {
    await using stack = await startStack({ world: cloudWorld({ accounts: [human(1)], groups: [group] }) });
    await stack.fail({
      match: `${path}?start=1`,
      times: "always",
      body: { results: [], _links: { next: "/rest/api/group/g-1/membersByGroupId?start=2" } },
    });
    await stack.fail({
      match: path,
      times: "always",
      body: {
        results: [memberRow(1)],
        _links: { next: "/rest/api/group/g-1/membersByGroupId?start=1" },
      },
    });
    const { data } = await stack.query(document);
    expect(data.group.members).toEqual({ totalCount: null, nodes: [memberRow(1)] });
    expect(parameterOf(stack, "/membersByGroupId", "start")).toEqual([null, "1"]);
  });

  const row = (number: number) => ({ id: `${1000 + number}`, key: `S${number}`, type: "global", status: "current" });
  const prefix = "/ex/confluence/11111111-2222-3333-4444-555555555555";
  const nextForms = [
    { what: "of v2, which starts with /wiki", next: "/wiki/api/v2/spaces?status=current&cursor=two%3D" },
    { what: "with the gateway's prefix", next: `${prefix}/wiki/api/v2/spaces?cursor=two%3D` },
    { what: "without the prefix and without /wiki", next: "/api/v2/spaces?cursor=two%3D" },
  ];

  it.each(nextForms)("takes the cursor out of a link $what, and makes the call anew", async ({ next }) => {
    await using stack = await startStack({ world: cloudWorld({ accounts: [human(1)], spaces: [space(1)] }) });
    await stack.forgetCalls();
    await stack.fail(
      { match: "GET /wiki/api/v2/spaces?cursor=two=", times: "always", body: { results: [row(2)] } },
      { match: "GET /wiki/api/v2/spaces", times: "always", body: { results: [row(1)], _links: { next } } },
    );
    const { data } = await stack.query("{ spaces { totalCount nodes { key } } }");
    expect(data.spaces).toEqual({ totalCount: 2, nodes: [{ key: "S1" }, { key: "S2" }] });
    expect(stack.calls()).toEqual([
      "GET /wiki/api/v2/spaces?status=current&limit=250",
      "GET /wiki/api/v2/spaces?status=current&cursor=two%3D&limit=250",
    ]);
  });

  it("follows a next page that only the Link header names", async () => {
    await using stack = await startStack({ world: cloudWorld({ accounts: [human(1)], spaces: [space(1)] }) });
    await stack.fail(
      { match: "GET /wiki/api/v2/spaces?cursor=two", times: "always", body: { results: [row(2)] } },
      {
        match: "GET /wiki/api/v2/spaces",
        times: "always",
        headers: { Link: '</wiki/api/v2/spaces?cursor=two>; rel="next", <http://site/wiki>; rel="base"' },
        body: { results: [row(1)] },
      },
    );
    const { data } = await stack.query("{ spaces { nodes { key } } }");
    expect(data.spaces.nodes).toEqual([{ key: "S1" }, { key: "S2" }]);
  });

  it("reads 600 permissions of a space in pages of 250", async () => {
    const permissions = Array.from({ length: 600 }, () => permission("user", human(1).accountId));
    await using stack = await startStack({
      world: cloudWorld({ accounts: [human(1)], spaces: [space(1, { permissions })] }),
    });
    const { data } = await stack.query('{ space(spaceId: "1001") { grants(first: 1) { totalCount } } }');
    expect(data.space.grants.totalCount).toBe(600);
    expect(parameterOf(stack, "/permissions", "limit")).toEqual(["250", "250", "250"]);
  });
});

describe("user search near its cap of 10,000", () => {
  const document = "{ accounts(first: 1) { totalCount completeness { isComplete gaps { missing code } } } }";
  const worldOf = (count: number) =>
    cloudWorld({ accounts: Array.from({ length: count }, (_, index) => human(index + 1)) });

  it.each([
    { size: 10_050, listed: 10_000 },
    // "Near 10,000" is all that Atlassian says: a list that ends within a page of it may have been cut.
    { size: 9_801, listed: 9_801 },
  ])(
    "ends without a word: whoever is beyond the $listed listed of $size is a declared gap",
    async ({ size, listed }) => {
      await using stack = await startStack({ world: worldOf(size) });
      const { data, extensions } = await stack.query(document);
      const gap = {
        missing: `accounts beyond the first ${listed} that user search lists, unless a group or a grant names them`,
        code: "INCOMPLETE",
      };
      expect(data.accounts).toEqual({ totalCount: null, completeness: { isComplete: false, gaps: [gap] } });
      expect(extensions).toMatchObject({ completeness: { gaps: [gap] } });
    },
  );

  it("is whole well below it", async () => {
    await using stack = await startStack({ world: worldOf(9_800) });
    const { data } = await stack.query(document);
    expect(data.accounts).toEqual({ totalCount: 9_800, completeness: { isComplete: true, gaps: [] } });
  });
});

describe("many by id", () => {
  it("asks for 300 spaces in two calls, because a comma list holds at most 250", async () => {
    const spaces = Array.from({ length: 300 }, (_, index) => space(index + 1));
    await using stack = await startStack({ world: cloudWorld({ accounts: [human(1)], spaces }) });
    await stack.forgetCalls();
    const { data } = await stack.query(
      "query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on Space { key } } }",
      {
        representations: spaces.map(({ id }) => ({ __typename: "Space", siteId: stack.siteId, spaceId: id })),
      },
    );
    expect(data._entities.at(-1)).toEqual({ key: "S300" });
    expect(parameterOf(stack, "/spaces", "ids").map((ids) => ids?.split(",").length)).toEqual([250, 50]);
  });
});
