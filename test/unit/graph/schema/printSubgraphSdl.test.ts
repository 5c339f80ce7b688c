import { buildSchema, parse } from "graphql";
import { describe, expect, it } from "vitest";
import { buildGraphSchema } from "../../../../src/graph/schema/buildGraphSchema.js";
import { printSubgraph, rootFieldOrder, typeDefinitionsOf } from "../../../../src/graph/schema/sdl/printSubgraphSdl.js";

const definitions = `
  directive @key(fields: String!) repeatable on OBJECT
  directive @shareable on OBJECT | FIELD_DEFINITION
`;
const print = (sdl: string) => printSubgraph(typeDefinitionsOf(buildSchema(definitions + sdl)));

describe("the SDL of the subgraph", () => {
  it("keeps directives on types and fields, which graphql-js alone does not print", () => {
    const sdl = print(`
      type Query { thing: Thing }
      type Thing @key(fields: "id") @key(fields: "siteId thingId") @shareable { id: ID! @shareable siteId: ID! thingId: ID! }
    `);
    expect(sdl).toContain('type Thing @key(fields: "id") @key(fields: "siteId thingId") @shareable {');
    expect(sdl).toContain("id: ID! @shareable\n");
    expect(sdl).toContain("siteId: ID!\n");
  });

  it("prints a directive once that graphql-js prints by itself", () => {
    const sdl = print(`
      type Query { old: String @deprecated(reason: "Ask new.") @shareable new(by: Int = 3 @deprecated): Sort }
      enum Sort { UP DOWN @deprecated(reason: "Ask UP.") }
    `);
    expect(sdl.match(/@deprecated\(reason: "Ask new\."\)/g)).toHaveLength(1);
    expect(sdl).toContain('old: String @shareable @deprecated(reason: "Ask new.")');
    expect(sdl.match(/@deprecated\(reason: "Ask UP\."\)/g)).toHaveLength(1);
  });

  it("keeps descriptions, defaults and every sort of type, in an order of its own, and can be read again", () => {
    const types = `
      type Query { "A field." list(first: Int! = 100, filter: Filter = { kinds: [A] }): [Holder!] }
      "An input." input Filter { "A kind." kinds: [Kind!]! = [A] }
      enum Kind { "First." A B }
      union Holder = One | Two
      type One { x: When } type Two { x: When }
      """
      A "scalar" with \\"""quotes\\""".
      """
      scalar When
    `;
    const sdl = print(types);
    expect([...sdl.matchAll(/^(?:type|input|enum|union|scalar) (\w+)/gm)].map(([, name]) => name)).toEqual([
      "Filter",
      "Holder",
      "Kind",
      "One",
      "Query",
      "Two",
      "When",
    ]);
    expect(sdl).toContain('"""A field."""');
    expect(sdl).toContain("list(filter: Filter = {kinds: [A]}, first: Int! = 100): [Holder!]");
    expect(() => parse(sdl)).not.toThrow();
  });

  it("links the version of federation that it needs, first of all, and defines none of its directives", () => {
    const sdl = print("type Query { x: Int }");
    expect(sdl).toMatch(/^extend schema @link\(url: "https:\/\/specs\.apollo\.dev\/federation\/v2\.\d+", import: \[/);
    expect(sdl).not.toContain("directive @");
  });
});

it("knows the place of every root field", () => {
  const { schema } = buildGraphSchema();
  const fields = [schema.getQueryType(), schema.getMutationType()].flatMap((type) =>
    Object.keys(type?.getFields() ?? {}),
  );
  const ours = fields.filter((name) => !name.startsWith("_"));
  expect([...rootFieldOrder].sort()).toEqual(ours.sort());
});
