import { buildSchema, type GraphQLResolveInfo, graphqlSync } from "graphql";
import { describe, expect, it } from "vitest";
import { connectionPaths, selectsBeyond, selectsOnlyLeaves } from "../../../../src/graph/schema/selection.js";

const schema = buildSchema(`
  type Query { thing: Thing holder: Holder things: ThingConnection }
  type Thing implements Named { id: ID name: String inner: Thing }
  type Other implements Named { id: ID name: String }
  interface Named { name: String }
  union Holder = Thing | Other
  type ThingConnection { edges: [ThingEdge] nodes: [Thing] totalCount: Int }
  type ThingEdge { cursor: String node: Thing }
`);
const free: ReadonlySet<string> = new Set(["__typename", "id", "inner"]);

/** What is said of the one root field of a query. */
function ask(query: string, field: string, paths?: readonly (readonly string[])[], variableValues = {}): boolean {
  let answer: boolean | undefined;
  const rootValue = {
    [field]: (_args: unknown, _context: unknown, info: GraphQLResolveInfo) => {
      answer = selectsBeyond(info, "Thing", free, paths);
      return null;
    },
  };
  const { errors } = graphqlSync({ schema, source: query, rootValue, variableValues });
  expect(errors).toBeUndefined();
  if (answer === undefined) throw new Error("the field was not resolved");
  return answer;
}

describe("whether a query selects nothing below the fields of an object", () => {
  it.each([
    ["fields that have nothing below", "{ things { nodes { id name } } }", true],
    ["one that has", "{ things { nodes { id inner { id } } } }", false],
    ["one that has, in a fragment", "{ things { nodes { ...F } } } fragment F on Thing { inner { id } }", false],
    [
      "one that has, behind the other way to them",
      "{ things { nodes { id } edges { node { inner { id } } } } }",
      false,
    ],
    ["others beside them", "{ things { totalCount edges { cursor node { id } } } }", true],
    ["the field twice", "{ things { nodes { id } } things { nodes { inner { id } } } }", false],
  ])("by %s", (_, source, expected) => {
    let answer: boolean | undefined;
    const things = (_args: unknown, _context: unknown, info: GraphQLResolveInfo) => {
      answer = selectsOnlyLeaves(info, connectionPaths);
      return null;
    };
    expect(graphqlSync({ schema, source, rootValue: { things } }).errors).toBeUndefined();
    expect(answer).toBe(expected);
  });
});

describe("whether a query needs the facts of an object", () => {
  it.each([
    ["free fields alone", "{ thing { id __typename } }", false],
    ["another field", "{ thing { id name } }", true],
    ["another field under a free one's name", "{ thing { id: name } }", true],
    ["a free field under another's name", "{ thing { name: id } }", false],
    ["fields of a free field's own object", "{ thing { inner { name } } }", false],
    ["an inline fragment without a condition", "{ thing { ... { name } } }", true],
    ["an inline fragment on the type", "{ thing { ... on Thing { name } } }", true],
    ["a named fragment", "{ thing { ...F } } fragment F on Thing { name }", true],
    ["a named fragment of free fields", "{ thing { ...F } } fragment F on Thing { id }", false],
    ["a fragment in a fragment", "{ thing { ...F } } fragment F on Thing { ...G } fragment G on Thing { name }", true],
    ["the field twice, free the first time", "{ thing { id } thing { name } }", true],
    ["a fragment at the root", "{ ...R } fragment R on Query { thing { name } }", true],
  ])("by %s", (_, query, expected) => {
    expect(ask(query, "thing")).toBe(expected);
  });

  it.each([
    ["a fragment on it", "{ holder { ... on Thing { name } } }", true],
    ["a fragment on another member", "{ holder { ... on Other { name } } }", false],
    [
      "a fragment on the union that holds one on it",
      "{ holder { ...F } } fragment F on Holder { ... on Thing { name } }",
      true,
    ],
    [
      "a fragment on the union that holds one on another",
      "{ holder { ...F } } fragment F on Holder { ... on Other { name } }",
      false,
    ],
    ["a fragment on an interface of it", "{ holder { ... on Named { name } } }", true],
    ["a condition-less fragment around one on it", "{ holder { ... { ... on Thing { name } } } }", true],
  ])("where it is a member of a union: by %s", (_, query, expected) => {
    expect(ask(query, "holder")).toBe(expected);
  });

  it.each([
    ["its nodes", "{ things { nodes { name } } }", true],
    ["its nodes under another name", "{ things { mine: nodes { name } } }", true],
    ["its edges", "{ things { edges { cursor node { name } } } }", true],
    ["free fields of nodes and edges", "{ things { totalCount nodes { id } edges { node { id } } } }", false],
    ["no node at all", "{ things { totalCount edges { cursor } } }", false],
    [
      "a fragment on the connection",
      "{ things { ...C } } fragment C on ThingConnection { nodes { ...F } } fragment F on Thing { name }",
      true,
    ],
    ["a fragment on the edge", "{ things { edges { ... on ThingEdge { node { name } } } } }", true],
  ])("below a connection: by %s", (_, query, expected) => {
    expect(ask(query, "things", connectionPaths)).toBe(expected);
  });

  it("says yes too often rather than no: a field that is left out in the end still counts", () => {
    const query = "query ($yes: Boolean!) { thing { id name @include(if: $yes) } }";
    expect(ask(query, "thing", undefined, { yes: true })).toBe(true);
    expect(ask(query, "thing", undefined, { yes: false })).toBe(true);
    expect(
      ask("query ($yes: Boolean!) { thing { id ... @skip(if: $yes) { name } } }", "thing", undefined, { yes: false }),
    ).toBe(true);
  });
});
