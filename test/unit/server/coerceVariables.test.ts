import { buildSchema, type GraphQLScalarType, getVariableValues, parse } from "graphql";
import { expect, it } from "vitest";
import { coerceWith } from "../../../src/server/operations/coerceVariables.js";
import { fitOfVariables } from "../../../src/server/operations/fitVariables.js";
import { KnownOperation } from "../../../src/server/operations/KnownOperation.js";

const schema = buildSchema(`
  scalar Anything scalar Doubled
  input Point { x: Int! y: [Anything!] = [1] }
  enum Color { RED GREEN }
  input One @oneOf { a: Int b: String }
  input Shape { corners: [Point!]! color: Color = RED within: Shape one: One name: ID tags: [String] }
  type Query { shape(shape: Shape): Int all(a: [Anything!]!, b: [Anything!], c: [Anything], d: [Doubled!]!, e: Anything, p: Point, n: Int): Int }
`);
Object.assign(schema.getType("Doubled") as GraphQLScalarType, { parseValue: (value: number) => value * 2 });

const things = [{ __typename: "Account", id: "1" }, 0, "", false, [null]];
it.each<[string, string, Readonly<Record<string, unknown>>]>([
  ["a list of anything", "$a: [Anything!]!", { a: things }],
  ["an empty one", "$a: [Anything!]!", { a: [] }],
  ["one that may be null, and is", "$a: [Anything!]", { a: null }],
  ["one that may be null, and is left out", "$a: [Anything!]", {}],
  ["two of them", "$a: [Anything!]!, $b: [Anything!]", { a: things, b: [1] }],
  ["two, of which one is left out", "$a: [Anything!]!, $b: [Anything!]", { a: things }],
  ["one with a default", "$a: [Anything!]! = [1]", {}],
  ["one that lacks an item", "$a: [Anything!]!", { a: [1, null] }],
  ["one that lacks an item in the middle", "$a: [Anything!]!", { a: [1, undefined, 2] }],
  ["one that is missing", "$a: [Anything!]!", {}],
  ["one that is null", "$a: [Anything!]!", { a: null }],
  ["a single item", "$a: [Anything!]!", { a: { id: "1" } }],
  ["what nobody declared", "$a: [Anything!]!", { a: things, other: 1 }],
  ["items that may be null", "$a: [Anything]!", { a: [null, 1] }],
  ["items that are parsed", "$a: [Doubled!]!", { a: [1, 2] }],
  ["something else beside", "$a: [Anything!]!, $n: Int", { a: things, n: 1 }],
  ["something else that is wrong", "$a: [Anything!]!, $n: Int", { a: things, n: "one" }],
  ["an input object", "$p: Point", { p: { x: 1 } }],
  ["what has a default, left out", "$n: Int = 3, $p: Point", { p: { x: 1 } }],
  ["what has a default, given", "$n: Int = 3", { n: null }],
  [
    "objects in lists in objects",
    "$s: [Shape!]!",
    { s: [{ corners: [{ x: 1 }, { x: 2, y: [3, "z"] }] }, { corners: [] }] },
  ],
  [
    "an object within one like it",
    "$s: Shape",
    { s: { corners: [], within: { corners: [{ x: 1 }], color: "GREEN" } } },
  ],
  ["what is null within", "$s: Shape", { s: { corners: [], color: null, within: null, tags: [null, "a"], name: 7 } }],
  ["one of several", "$s: Shape", { s: { corners: [], one: { b: "x" } } }],
  ["two of which one is asked for", "$s: Shape", { s: { corners: [], one: { a: 1, b: "x" } } }],
  ["none of which one is asked for", "$s: Shape", { s: { corners: [], one: {} } }],
  ["null of which one is asked for", "$s: Shape", { s: { corners: [], one: { a: null } } }],
  ["a single item within", "$s: Shape", { s: { corners: { x: 1 }, tags: "a" } }],
  ["what is missing within", "$s: Shape", { s: { corners: [{}] } }],
  ["null within where none may be", "$s: Shape", { s: { corners: [null] } }],
  ["what nobody declared within", "$s: Shape", { s: { corners: [], other: 1 } }],
  ["what nobody declared, undefined", "$s: Shape", { s: { corners: [], other: undefined, name: undefined } }],
  ["another kind of enum", "$s: Shape", { s: { corners: [], color: "BLUE" } }],
  ["a list where an object is meant", "$s: Shape", { s: [] }],
  ["another kind of number", "$n: Int", { n: 1.5 }],
  ["a type that is none", "$n: Nothing", { n: 1 }],
  ["nothing", "", {}],
])("coerces %s as graphql-js does", (_what, declared, variables) => {
  const document = parse(declared === "" ? "{ __typename }" : `query (${declared}) { __typename }`);
  const [definition] = document.definitions;
  if (definition?.kind !== "OperationDefinition") throw new Error("the operation comes first");
  const { coerced, errors } = getVariableValues(schema, definition.variableDefinitions ?? [], variables);
  const ours = coerceWith(schema)(KnownOperation.of(document, definition), variables);
  expect(ours === null ? null : { ...ours }).toEqual(errors === undefined ? { ...coerced } : null);
});

it("looks at what is plain by itself: graphql-js makes a path for each value", () => {
  const document = parse("query ($s: [Shape!]!) { __typename }");
  const [definition] = document.definitions;
  if (definition?.kind !== "OperationDefinition") throw new Error("the operation comes first");
  const fit = fitOfVariables(schema, definition.variableDefinitions ?? []);
  const s = Array.from({ length: 500 }, (_, x) => ({ corners: [{ x }], one: { b: "x" }, name: "n", tags: ["a"] }));
  const { coerced } = getVariableValues(schema, definition.variableDefinitions ?? [], { s });
  expect(fit({ s })).toEqual(coerced);
  expect(fit({ s: [...s, {}] })).toBeNull();
});

it("leaves what is much and does not fit to whoever asks first what it costs", () => {
  const document = parse("query ($s: [Shape!]!) { __typename }");
  const [definition] = document.definitions;
  if (definition?.kind !== "OperationDefinition") throw new Error("the operation comes first");
  const coerce = coerceWith(schema);
  // A corner by itself is a list of one to graphql-js alone.
  const shapes = (count: number) => Array.from({ length: count }, (_, x) => ({ corners: { x } }));
  expect(coerce(KnownOperation.of(document, definition), { s: shapes(100) })).not.toBeNull();
  expect(coerce(KnownOperation.of(document, definition), { s: shapes(1_000) })).toBeNull();
});
