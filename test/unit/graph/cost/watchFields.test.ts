import { buildSchema, execute, parse } from "graphql";
import { afterEach, expect, it } from "vitest";
import { CostBudget } from "../../../../src/graph/cost/CostBudget.js";
import { ErrorBudget } from "../../../../src/graph/cost/ErrorBudget.js";
import { watchFields } from "../../../../src/graph/cost/watchFields.js";

const unheard: unknown[] = [];
const hear = (error: unknown) => unheard.push(error);
afterEach(() => process.off("unhandledRejection", hear));

it("begins what a list of questions asks in turns, by how many there are", async () => {
  const schema = buildSchema("type Query { checkAccesses(inputs: [Int!]!): [Decision] } type Decision { a: Int }");
  watchFields(schema);
  const begun: number[] = [];
  const slices = {
    share: (items: readonly unknown[]) => items,
    begin: (steps: number) => {
      begun.push(steps);
      return begun.length === 1 ? null : Promise.resolve();
    },
  };
  const { data } = await execute({
    schema,
    document: parse("{ a: checkAccesses(inputs: [1, 2, 3]) { a } b: checkAccesses(inputs: [1, 2]) { a } }"),
    rootValue: { checkAccesses: ({ inputs }: { inputs: readonly number[] }) => inputs.map((a) => ({ a })) },
    contextValue: {
      slices,
      costBudget: new CostBudget({ maxCost: 1_000, maxResponseBytes: 1_000_000, maxReferences: 10 }),
      errorBudget: new ErrorBudget(),
    },
  });
  expect(data).toEqual({ a: [{ a: 1 }, { a: 2 }, { a: 3 }], b: [{ a: 1 }, { a: 2 }] });
  expect(begun).toEqual([30, 20]);
});

it("leaves no failure unheard where lists of many rows do not fit, of which some wait for their turn", async () => {
  process.on("unhandledRejection", hear);
  const schema = buildSchema(
    "type Query { rows: [Row!]! } type Row { a: [Thing!]! b: [Thing!]! } type Thing { c: Int }",
  );
  watchFields(schema);
  const things = Array.from({ length: 50 }, () => ({ c: 1 }));
  // Every list waits for its turn.
  const slices = { share: (items: readonly unknown[]) => Promise.resolve(items), begin: () => null };
  // Three of its lists fit: the second row waits for one and fails by the other, the third fails at once.
  const costBudget = new CostBudget({ maxCost: 4 * 650, maxResponseBytes: 1_000_000, maxReferences: 10 });
  const { data, errors } = await execute({
    schema,
    document: parse("{ rows { a { c } b { c } } }"),
    rootValue: { rows: Array.from({ length: 3 }, () => ({ a: things, b: things })) },
    contextValue: { slices, costBudget, errorBudget: new ErrorBudget() },
  });
  expect(data).toBeNull();
  expect(errors?.map(({ extensions }) => extensions.code)).toEqual(["RESULT_TOO_LARGE"]);
  await new Promise((resolve) => setImmediate(resolve));
  await new Promise((resolve) => setImmediate(resolve));
  expect(unheard).toEqual([]);
});
