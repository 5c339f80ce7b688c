import { buildSchema, getIntrospectionQuery, parse, specifiedRules, validate } from "graphql";
import { describe, expect, it } from "vitest";
import { limitDocuments } from "../../../../src/graph/limits/limitDocuments.js";

const schema = buildSchema("type Query { a(t: String): Query, b: String, c: String }");
const times = (count: number, part: (at: number) => string) =>
  Array.from({ length: count }, (_, at) => part(at)).join(" ");

function codesOf(document: string): unknown[] {
  return validate(schema, parse(document), [...specifiedRules, limitDocuments]).map(
    ({ extensions }) => extensions.code ?? "a rule of GraphQL",
  );
}

describe("a document that takes long to validate", () => {
  it.each([
    ["equal fields", `{ ${times(200, () => "b")} }`],
    ["equal fields in inline fragments", `{ ${times(200, () => "... { b }")} }`],
    ["equal fields far below", `{ ${times(150, () => "a { a { b } }")} }`],
    ["equal fields with long arguments", `{ ${times(50, () => `a(t: "${"x".repeat(400)}") { b }`)} }`],
    [
      "fragments of one place",
      `{ ${times(150, (at) => `...F${at}`)} } ${times(150, (at) => `fragment F${at} on Query { x${at}: b }`)}`,
    ],
    [
      "fragments that spread each other",
      `{ ...F0 } ${times(150, (at) => `fragment F${at} on Query { x${at}: b ...F${at + 1} }`)} fragment F150 on Query { b }`,
    ],
    [
      "operations that spread one fragment",
      `${times(600, (at) => `query Q${at} { ...F }`)} fragment F on Query { ${times(100, (at) => `x${at}: b`)} }`,
    ],
    ["many operations", times(700, (at) => `query Q${at} { b }`)],
    ["the schema told five times", `{ ${times(5, (at) => `s${at}: __schema { types { name } }`)} }`],
    ["fields nested beyond all bounds", `{ ${"a { b b ".repeat(400)} ${times(150, () => "c")} ${"}".repeat(400)} }`],
  ])("for its %s is refused, and no other rule looks at it", (_for, document) => {
    expect(codesOf(document)).toEqual(["QUERY_TOO_COMPLEX"]);
  });

  it.each([
    ["introspection", getIntrospectionQuery()],
    ["the schema told four times", `{ ${times(4, (at) => `s${at}: __schema { types { name } }`)} }`],
    ["500 operations", times(500, (at) => `query Q${at} { b }`)],
    ["2,000 aliases", `{ ${times(2_000, (at) => `x${at}: b`)} }`],
    ["the same few fields in fifty inline fragments", `{ ${times(50, () => "... { b c a { b } }")} }`],
    [
      "a hundred fragments",
      `{ ${times(100, (at) => `...F${at}`)} } ${times(100, (at) => `fragment F${at} on Query { b x${at}: c }`)}`,
    ],
    [
      "60 levels of fragments that multiply",
      `{ ...F0 } ${times(60, (at) => `fragment F${at} on Query { x: a { ...F${at + 1} } y: a { ...F${at + 1} } }`)} fragment F60 on Query { b }`,
    ],
  ])("is none for %s", (_for, document) => {
    expect(codesOf(document)).toEqual([]);
  });

  it("leaves to GraphQL's own rules what is wrong otherwise", () => {
    expect(codesOf("{ nothing ...Missing } fragment F on Query { ...F }")).toContain("a rule of GraphQL");
  });
});
