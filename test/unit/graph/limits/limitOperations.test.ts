import { buildSchema, execute, getIntrospectionQuery, isScalarType, parse, validate } from "graphql";
import { describe, expect, it } from "vitest";
import { ChangeBudget } from "../../../../src/graph/limits/budgets.js";
import { limitChanges, limitDepth } from "../../../../src/graph/limits/limitOperations.js";

const schema = buildSchema("type Query { a: A } type A { a: A b: String }");

/** The depths that are complained of. */
function complaints(query: string, maxDepth: number): (string | undefined)[] {
  return validate(schema, parse(query), [limitDepth(maxDepth)]).map(
    ({ message, extensions }) => `${extensions.code} ${/is (\d+) levels/.exec(message)?.[1]}`,
  );
}

describe("the depth of an operation", () => {
  it.each([
    ["fields", "{ a { a { b } } }", 3],
    ["the deepest of several", "{ a { b } x: a { a { a { b } } } }", 4],
    ["no level for inline fragments", "{ ... { a { ... on A { ... { b } } } } }", 2],
    ["no level for named fragments", "{ ...Q } fragment Q on Query { a { ...F } } fragment F on A { b }", 2],
    ["the inside of fragments", "{ a { ...F } } fragment F on A { a { a { b } } }", 4],
    ["a fragment as deep as where it is used deepest", "{ a { ...F a { ...F } } } fragment F on A { a { b } }", 4],
    ["aliases as one level", "{ x: a { y: a { z: b } } }", 3],
  ])("counts %s", (_, query, depth) => {
    expect(complaints(query, depth)).toEqual([]);
    expect(complaints(query, depth - 1)).toEqual([`QUERY_TOO_DEEP ${depth}`]);
  });

  it.each(["subscription { x }", "mutation { x }"])("is none of a kind that the schema has not: %s", (query) => {
    const [error, ...others] = validate(schema, parse(query), [limitDepth(9)]);
    expect(error?.message).toContain(`no operations of the kind ${query.split(" ")[0]}`);
    expect(others).toEqual([]);
  });

  it("is that of each operation by itself", () => {
    expect(complaints("query One { a { b } } query Two { a { a { b } } }", 2)).toEqual(["QUERY_TOO_DEEP 3"]);
  });

  it("leaves introspection alone, which GraphiQL needs", () => {
    expect(complaints(getIntrospectionQuery(), 1)).toEqual([]);
  });

  it("is found in no time where fragments multiply: 2 to the power of 60 paths", () => {
    const fragments = Array.from(
      { length: 60 },
      (_, index) => `fragment F${index} on A { x: a { ...F${index + 1} } y: a { ...F${index + 1} } }`,
    );
    expect(complaints(`{ a { ...F0 } } ${fragments.join(" ")} fragment F60 on A { b }`, 10)).toEqual([
      "QUERY_TOO_DEEP 62",
    ]);
  });

  it("ends where fragments go round, which another rule refuses", () => {
    expect(complaints("{ a { ...F } } fragment F on A { a { ...G } } fragment G on A { a { ...F } }", 10)).toEqual([]);
    expect(complaints("{ a { ...Missing } }", 10)).toEqual([]);
  });
});

describe("an operation of more changes than are taken", () => {
  /** How often a change was looked at, and turns that others had, with the answer to so many aliases. */
  async function refusedTo(count: number) {
    const changing = buildSchema(
      "scalar Change type Query { a: Int } type Mutation { change(input: Change!): Int } type Payload { outcome: String }",
    );
    const change = changing.getType("Change");
    const field = changing.getMutationType()?.getFields().change;
    if (!isScalarType(change) || field === undefined) throw new Error("The schema is another.");
    const seen = { changes: 0, turns: 0, resolved: 0 };
    change.parseLiteral = () => {
      seen.changes += 1;
      return {};
    };
    field.resolve = () => {
      seen.resolved += 1;
    };
    limitChanges(changing);
    // What a field is refused with has no number.
    const refusing = field.resolve;
    field.resolve = async (...given) => ((await refusing(...given)) === undefined ? 0 : 1);
    const pace = {
      isLate: true,
      next: async () => {
        seen.turns += 1;
        return true;
      },
    };
    const contextValue = { changeBudget: new ChangeBudget(() => pace), caller: { name: "somebody" } };
    const fields = Array.from({ length: count }, (_, at) => `m${at}: change(input: 1)`);
    const { data, errors } = await execute({
      schema: changing,
      document: parse(`mutation { ${fields.join(" ")} }`),
      contextValue,
    });
    expect(errors).toBeUndefined();
    return { ...seen, refused: Object.values(data ?? {}).filter((each) => each === 1).length };
  }

  it("is counted once, whatever its fields, and refuses them in turns", async () => {
    expect(await refusedTo(300)).toEqual({ changes: 600, turns: 300, resolved: 0, refused: 300 });
    expect(await refusedTo(200)).toEqual({ changes: 400, turns: 0, resolved: 200, refused: 0 });
  });
});
