import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { AccountId, SiteId } from "../../src/domain/ids.js";
import { encodeGlobalId } from "../../src/graph/schema/GlobalId.js";
import type { GraphAnswer } from "../support/sendQuery.js";
import type { Stack } from "../support/startStack.js";
import { human } from "../support/worlds.js";
import { expectServed, onlyError, startSmallStack } from "./badInputStack.js";

let stack: Stack;
let someAccountId: string;
beforeAll(async () => {
  stack = await startSmallStack();
  const accountId = human(1).accountId as AccountId;
  someAccountId = encodeGlobalId({ type: "Account", siteId: stack.siteId as SiteId, accountId });
});
afterAll(() => stack.close());
afterEach(() => expectServed(stack));

function badInput(reason: string, argument: string, message: RegExp) {
  return { code: "BAD_USER_INPUT", reason, argument, message: expect.stringMatching(message) };
}

describe("an id", () => {
  it.each([
    ["is no id at all", "327684"],
    ["is empty", ""],
    ["was cut short", Buffer.from('["Account","site","712020:1"').toString("base64url")],
    ["holds a type that is not there", Buffer.from('["Wizard","site","1"]').toString("base64url")],
    ["holds too little", Buffer.from('["Account","site"]').toString("base64url")],
    ["holds no texts", Buffer.from('["Account","site",1]').toString("base64url")],
  ])("that %s is refused, and the message tells what to pass", async (_, id) => {
    expect(onlyError(await stack.query("query ($id: ID!) { account(id: $id) { id } }", { id }))).toEqual(
      badInput(
        "INVALID_ID",
        "id",
        /is not an id of this graph\. Pass an `id` of type Account exactly as it was answered/,
      ),
    );
  });

  it("is shown shortened, however long it is", async () => {
    const answer = await stack.query("query ($id: ID!) { space(id: $id) { id } }", { id: "x".repeat(5_000) });
    expect(onlyError(answer).message).toContain(`"${"x".repeat(40)}…"`);
  });

  it.each([
    ["space(id: $id) { id }", "Space"],
    ["group(id: $id) { id }", "Group"],
    ["grant(id: $id) { id }", "Grant"],
    ["site(id: $id) { id }", "Site"],
  ])("of another type is refused by %s, and the message names both types", async (field, type) => {
    expect(onlyError(await stack.query(`query ($id: ID!) { ${field} }`, { id: someAccountId }))).toEqual(
      badInput("INVALID_ID", "id", new RegExp(`id of type Account; an id of type ${type} is needed here`)),
    );
  });

  it.each(["spaces", "groups", "roles"])("of another type is refused in the filter's %s", async (argument) => {
    const document = `query ($id: ID!) { grants(filter: { ${argument}: [$id] }) { nodes { id } } }`;
    expect(onlyError(await stack.query(document, { id: someAccountId }))).toEqual(
      badInput("INVALID_ID", argument, /id of type Account/),
    );
  });

  it("of a site that is not configured is refused with the names of those that are", async () => {
    const id = encodeGlobalId({
      type: "Account",
      siteId: "gone" as SiteId,
      accountId: human(1).accountId as AccountId,
    });
    expect(onlyError(await stack.query("query ($id: ID!) { account(id: $id) { id } }", { id }))).toEqual(
      badInput("UNKNOWN_SITE", "siteId", new RegExp(`No site "gone" is configured\\. Configured: ${stack.siteId}`)),
    );
  });
});

describe("a site", () => {
  it.each([
    'accounts(siteId: "nope") { nodes { id } }',
    'groups(siteId: "nope") { nodes { id } }',
    'spaces(siteId: "nope") { nodes { id } }',
    'grants(siteId: "nope") { nodes { id } }',
    'site(siteId: "nope") { id }',
    'space(siteId: "nope", key: "S1") { id }',
    'group(siteId: "nope", name: "group-1") { id }',
    'account(siteId: "nope", accountId: "1") { id }',
  ])("that is unknown is refused by %s", async (field) => {
    expect(onlyError(await stack.query(`{ ${field} }`))).toEqual(
      badInput("UNKNOWN_SITE", "siteId", /No site "nope" is configured\. Configured: /),
    );
  });
});

describe("a lookup", () => {
  it.each([
    ["account { id }", "id", "id, accountId, username; none was given"],
    ["group { id }", "id", "id, groupId, name; none was given"],
    ["space { id }", "id", "id, spaceId, key; none was given"],
    ['account(id: "x", accountId: "y") { id }', "id, accountId", "id, accountId, username; given: id, accountId"],
    ['group(groupId: "x", name: "y") { id }', "groupId, name", "id, groupId, name; given: groupId, name"],
    ['space(spaceId: "1", key: "S1") { id }', "spaceId, key", "id, spaceId, key; given: spaceId, key"],
  ])("that names nothing or two things is refused: %s", async (field, argument, ways) => {
    const error = onlyError(await stack.query(`{ ${field} }`));
    expect(error).toEqual({
      code: "BAD_USER_INPUT",
      reason: "AMBIGUOUS_LOOKUP",
      argument,
      message: `Give exactly one of ${ways}.`,
    });
  });

  it("of what is not there is null without an error", async () => {
    const document =
      '{ account(accountId: "no") { id } group(groupId: "no") { id } named: group(name: "no") { id } space(key: "NO") { id } byId: space(spaceId: "1,2") { id } }';
    expect(await stack.query(document)).toEqual({
      data: { account: null, group: null, named: null, space: null, byId: null },
    });
  });
});

describe("a page", () => {
  it.each([0, -1, 1_001, 100_000, 2_147_483_647])("of %i items is refused with the bounds", async (first) => {
    const answer = await stack.query("query ($first: Int!) { spaces(first: $first) { nodes { key } } }", { first });
    expect(onlyError(answer)).toEqual(
      badInput("INVALID_PAGE_SIZE", "first", new RegExp(`must be 1 to 1000; it is ${first}\\.`)),
    );
  });

  it("of no given size holds a hundred, also where the size is given as null", async () => {
    const answer = await stack.query(
      "query ($none: Int) { left: spaces { totalCount } null: spaces(first: $none) { nodes { key } } outright: spaces(first: null) { nodes { key } } }",
      { none: null },
    );
    expect(answer.errors).toBeUndefined();
    const { left, null: none, outright } = answer.data;
    expect(none.nodes).toHaveLength(Math.min(100, left.totalCount));
    expect(outright).toEqual(none);
  });

  it("of a nested list is refused where it stands, with what was asked beside it answered", async () => {
    const { data, errors } = await stack.query(
      '{ sites { name spaceRoles { totalCount completeness { isComplete } } } space(key: "S1") { name grants(first: 0) { nodes { id } } } }',
    );
    expect(data.sites).toHaveLength(1);
    expect(errors?.map(({ path, extensions }) => [path, extensions.reason])).toEqual([
      [["space", "grants"], "INVALID_PAGE_SIZE"],
    ]);
  });

  it.each([
    ["2147483648", "2147483648"],
    ["1.5", "1.5"],
    ['"ten"', "ten"],
  ])("of %s items is refused before anything runs", async (literal, shown) => {
    await stack.forgetCalls();
    const answer = await stack.query(`{ spaces(first: ${literal}) { nodes { key } } }`);
    expect(answer.data).toBeUndefined();
    expect(answer.errors?.[0]?.extensions.code).toBe("GRAPHQL_VALIDATION_FAILED");
    expect(answer.errors?.[0]?.message).toContain(shown);
    expect(stack.calls()).toEqual([]);
  });
});

describe("a filter value", () => {
  it("that is unknown is refused as a literal, with a suggestion", async () => {
    const answer = await stack.query("{ accounts(filter: { kinds: [HUMANS] }) { nodes { id } } }");
    expect(answer.data).toBeUndefined();
    expect(answer.errors?.[0]?.message).toMatch(
      /"HUMANS" does not exist in "AccountKind" enum\. Did you mean .*"HUMAN"/,
    );
    expect(answer.errors?.[0]?.extensions.code).toBe("GRAPHQL_VALIDATION_FAILED");
  });

  it("that is unknown is refused as a variable, with its place and a suggestion", async () => {
    const document = "query ($filter: SpaceFilter) { spaces(filter: $filter) { nodes { key } } }";
    const answer = await stack.query(document, { filter: { statuses: ["CURENT"] } });
    expect(answer.data).toBeUndefined();
    expect(answer.errors?.[0]?.message).toMatch(
      /"CURENT" at "filter\.statuses\[0\]"; Value "CURENT" does not exist in "SpaceStatusFilter" enum\. Did you mean .*"CURRENT"/,
    );
    expect(answer.errors?.[0]?.extensions.code).toBe("BAD_USER_INPUT");
  });

  it("that nobody has fits nothing, and is no error", async () => {
    expect((await stack.query('{ spaces(filter: { text: "nope" }) { totalCount nodes { key } } }')).data).toEqual({
      spaces: { totalCount: 0, nodes: [] },
    });
  });
});

describe("a cursor", () => {
  const firstPage = "{ spaces(first: 1) { pageInfo { endCursor } } }";
  const cursorOf = async (document: string, read: (data: GraphAnswer["data"]) => string): Promise<string> =>
    read((await stack.query(document)).data);
  const spaceCursor = () => cursorOf(firstPage, (data) => data.spaces.pageInfo.endCursor);
  const anotherList = badInput("CURSOR_OF_ANOTHER_LIST", "after", /belongs to another list\. Use cursors only with/);

  it.each([
    ["is no cursor", "abc"],
    ["is empty", ""],
    ["is JSON of another shape", Buffer.from("[1,2,3]").toString("base64url")],
    ["is a global id", encodeGlobalId({ type: "Site", siteId: "x" as SiteId }).slice(0, -3)],
  ])("that %s is refused, and the message tells what to pass", async (_, after) => {
    expect(
      onlyError(await stack.query("query ($after: String) { spaces(after: $after) { nodes { key } } }", { after })),
    ).toEqual(badInput("INVALID_CURSOR", "after", /This is not a cursor\. Pass `pageInfo\.endCursor`/));
  });

  it.each([
    ["another field", "groups(after: $after) { nodes { id } }"],
    ["another filter", 'spaces(after: $after, filter: { text: "Space" }) { nodes { key } }'],
    ["a site of its own", "sites { spaces(after: $after) { nodes { key } } }"],
  ])("of a list is refused by the list of %s", async (_, field) => {
    const after = await spaceCursor();
    expect(onlyError(await stack.query(`query ($after: String) { ${field} }`, { after }))).toEqual(anotherList);
  });

  it("of one parent's list is refused by the same list of another parent", async () => {
    const members = (id: string, rest: string) =>
      `{ group(groupId: "${id}") { members(${rest}) { pageInfo { endCursor } } } }`;
    const read = (data: GraphAnswer["data"]) => data.group.members.pageInfo.endCursor;
    const after = await cursorOf(members("group-1", "first: 1"), read);
    expect(onlyError(await stack.query(members("group-2", `after: "${after}"`)))).toEqual(anotherList);
    expect((await stack.query(members("group-1", `after: "${after}"`))).errors).toBeUndefined();
  });

  it("is refused when its argument for the filter changed, though the words are the same", async () => {
    const document = `query ($after: String, $key: [String!]) {
      spaces(first: 1, after: $after, filter: { keys: $key }) { nodes { key } pageInfo { endCursor } } }`;
    const { data } = await stack.query(document, { key: ["S1", "S2"] });
    const after = data.spaces.pageInfo.endCursor;
    expect((await stack.query(document, { key: ["S1", "S2"], after })).data.spaces.nodes).toEqual([{ key: "S2" }]);
    expect(onlyError(await stack.query(document, { key: ["S1", "S3"], after }))).toEqual(anotherList);
  });
});
