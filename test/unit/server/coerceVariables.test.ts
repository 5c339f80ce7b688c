import { buildSchema, type GraphQLScalarType, getVariableValues, parse } from "graphql";
import { expect, it } from "vitest";
import { coerceWith } from "../../../src/server/operations/coerceVariables.js";
import { KnownOperation } from "../../../src/server/operations/KnownOperation.js";

const schema = buildSchema(`
  scalar Anything scalar Doubled
  input Point { x: Int! y: [Anything!] = [1] }
  type Query { all(a: [Anything!]!, b: [Anything!], c: [Anything], d: [Doubled!]!, e: Anything, p: Point, n: Int): Int }
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
  ["nothing", "", {}],
])("coerces %s as graphql-js does", (_what, declared, variables) => {
  const document = parse(declared === "" ? "{ __typename }" : `query (${declared}) { __typename }`);
  const [definition] = document.definitions;
  if (definition?.kind !== "OperationDefinition") throw new Error("the operation comes first");
  const { coerced, errors } = getVariableValues(schema, definition.variableDefinitions ?? [], variables);
  const ours = coerceWith(schema)(KnownOperation.of(document, definition), variables);
  expect(ours === null ? null : { ...ours }).toEqual(errors === undefined ? { ...coerced } : null);
});
