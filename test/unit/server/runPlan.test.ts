import {
  buildSchema,
  execute,
  GraphQLError,
  type GraphQLFieldResolver,
  type GraphQLResolveInfo,
  getVariableValues,
  isAbstractType,
  isObjectType,
  parse,
  responsePathAsArray,
  validate,
} from "graphql";
import { describe, expect, it, onTestFinished } from "vitest";
import { Slices } from "../../../src/graph/cost/Slices.js";
import { KnownOperation } from "../../../src/server/operations/KnownOperation.js";
import { createPlanner } from "../../../src/server/operations/planned/planOf.js";
import { runPlan } from "../../../src/server/operations/planned/runPlan.js";
import { WrittenData } from "../../../src/server/operations/planned/WrittenData.js";

/** How fields end, each in every type that a field can have. */
const ways: Readonly<Record<string, (good: () => unknown) => unknown>> = {
  good: (good) => good(),
  missing: () => null,
  undefined: () => undefined,
  wrong: () => Symbol("nothing that can be shown"),
  error: () => new Error("an error as a value"),
  throws: () => {
    throw new GraphQLError("thrown", { extensions: { code: "THROWN" } });
  },
  throwsText: () => {
    throw "a text";
  },
  promised: async (good) => good(),
  promisedNull: async () => null,
  rejected: () => Promise.reject(new Error("rejected")),
  late: async (good) => {
    await null;
    await null;
    return good();
  },
  lateError: async () => {
    await null;
    throw new Error("late");
  },
};
const types: Readonly<Record<string, () => unknown>> = {
  Int: () => 7,
  "Int!": () => 7,
  Float: () => 1.5,
  String: () => "text",
  ID: () => 12,
  Color: () => "RED",
  Boolean: () => true,
  Thing: () => ({}),
  "Thing!": () => ({}),
  Named: () => ({ __typename: "Thing" }),
  Either: () => ({ __typename: "Other", only: "other" }),
  "[Int]": () => [1, null, Promise.resolve(3), new Error("in a list"), "x"],
  "[Int!]": () => [1, null, 3],
  "[Int!]!": () => new Set([1, 2]),
  "[[Int!]]": () => [[1, 2], [3, null], null],
  "[Thing]": () => [{}, null, Promise.resolve({}), Promise.reject(new Error("rejected in a list"))],
  "[Thing!]!": () => [{}, {}],
  "[Either]": () => [
    { __typename: "Thing" },
    { __typename: "Other", only: 1 },
    { __typename: "Nobody" },
    { __typename: "Query" },
    { __typename: "Named" },
  ],
};

const fieldsOfEnds = Object.keys(types).flatMap((type, at) =>
  Object.keys(ways).map((way) => ({ name: `${way}${at}`, type, way })),
);
const schema = buildSchema(`
  enum Color { RED GREEN }
  interface Named { name: String }
  union Either = Thing | Other
  input Point { x: Int! = 1, y: [Int!] }
  type Other { only: String plain: Int }
  type Thing implements Named {
    name: String
    plain: Int
    method(times: Int = 2): Int
    told(text: String = "none", point: Point, color: Color, list: [Int]): String
    ${fieldsOfEnds.map(({ name, type }) => `${name}: ${type}`).join("\n    ")}
  }
  type Strict { failing: Int! waiting: Int }
  type Query {
    thing: Thing things: [Thing!] strict: Thing! told(text: String!): String
    after(ticks: Int!): Int! lists: [[Int!]] stricts: [Strict]
  }
`);

/** What resolvers were called with, in order. */
let told: unknown[] = [];
const tell: GraphQLFieldResolver<unknown, unknown> = (_source, args, context, info) => {
  told.push({ args: { ...args }, context, ...showInfo(info) });
  return JSON.stringify(args);
};

function showInfo(info: GraphQLResolveInfo) {
  return {
    ...{ path: responsePathAsArray(info.path), typenames: typenamesOf(info.path), fieldName: info.fieldName },
    ...{ nodes: info.fieldNodes.length, returnType: String(info.returnType), parentType: info.parentType.name },
    ...{ operation: info.operation.name?.value, fragments: Object.keys(info.fragments) },
    ...{ variableValues: { ...info.variableValues }, rootValue: info.rootValue, isOwnSchema: info.schema === schema },
  };
}

function typenamesOf(path: GraphQLResolveInfo["path"] | undefined): readonly (string | undefined)[] {
  return path === undefined ? [] : [...typenamesOf(path.prev), path.typename];
}

async function failAfter(ticks: number): Promise<never> {
  for (let tick = 0; tick < ticks; tick += 1) await null;
  throw new Error(`after ${ticks}`);
}

/** Lists of which one item fails at once, and one before it later. */
const ofFailing = buildSchema("type Query { failing: [Int!] divided: [Int!] }");
const failing = () => [failAfter(9), null, ...Array.from({ length: 98 }, () => 1)];
Object.assign(ofFailing.getQueryType()?.getFields().failing ?? {}, { resolve: failing });
Object.assign(ofFailing.getQueryType()?.getFields().divided ?? {}, {
  resolve: () => new Slices().share(failing(), 1),
});

/** Fails at once, while something else of it is waited for. */
const strict = (ticks: number) => ({ waiting: () => failAfter(ticks), failing: null });

const thing = () => ({ name: "a name", plain: 3, method: ({ times }: { times: number }) => times * 2 });
for (const type of Object.values(schema.getTypeMap())) {
  if (isAbstractType(type)) type.resolveType = (value: { __typename?: string }) => value.__typename;
  if (!isObjectType(type) || type.name.startsWith("__")) continue;
  const fields = type.getFields();
  if (fields.told !== undefined) fields.told.resolve = tell;
  for (const { name, type: of, way } of fieldsOfEnds) {
    const field = fields[name];
    if (field !== undefined) field.resolve = () => ways[way]?.(() => fill(types[of]?.()));
  }
  if (type.name === "Query") {
    for (const name of ["thing", "strict"]) Object.assign(fields[name] ?? {}, { resolve: thing });
    Object.assign(fields.things ?? {}, { resolve: () => [thing(), Promise.resolve(thing())] });
    Object.assign(fields.after ?? {}, {
      resolve: (_source: unknown, { ticks }: { ticks: number }) => failAfter(ticks),
    });
    Object.assign(fields.lists ?? {}, { resolve: () => [[failAfter(0)], [1, failAfter(2)], failAfter(4)] });
    Object.assign(fields.stricts ?? {}, { resolve: () => [0, 1, 3].map((ticks) => strict(ticks)) });
  }
}

function fill(value: unknown): unknown {
  return typeof value === "object" && value !== null && Object.keys(value).length === 0 && value.constructor === Object
    ? thing()
    : value;
}

async function ask(query: string, variables: Readonly<Record<string, unknown>> = {}) {
  const document = parse(query);
  expect(validate(schema, document)).toEqual([]);
  const [definition] = document.definitions;
  if (definition?.kind !== "OperationDefinition") throw new Error("the operation comes first");
  const { coerced = {} } = getVariableValues(schema, definition.variableDefinitions ?? [], variables);
  const plan = createPlanner(schema)(KnownOperation.of(document, definition), coerced);
  const answers = [];
  const runs = [
    () => execute({ schema, document, variableValues: variables, contextValue: "the context" }),
    () => (plan === null ? null : runPlan(plan, "the context", coerced)),
    // What is kept of the first run is the same in the second.
    () => (plan === null ? null : runPlan(plan, "the context", coerced)),
  ];
  for (const run of runs) {
    told = [];
    const began = run();
    const isPromised = began instanceof Promise;
    const result = await began;
    const errors = result?.errors?.map((error) => ({ ...error.toJSON(), of: String(error.originalError) }));
    answers.push({ isPromised, text: textOf(result?.data), errors, told });
  }
  return { plan, answers };
}

/** As it is sent. */
function textOf(data: unknown): string {
  return data instanceof WrittenData ? data.text : JSON.stringify(data);
}

async function expectSame(query: string, variables?: Readonly<Record<string, unknown>>): Promise<void> {
  const { plan, answers } = await ask(query, variables);
  expect(plan).not.toBeNull();
  const [theirs, ...ours] = answers;
  for (const answer of ours) expect({ query, ...answer }).toEqual({ query, ...theirs });
}

/** The selection of a field of the type. */
function below(type: string): string {
  if (type.includes("Thing")) return "{ __typename name plain }";
  if (type.includes("Named")) return "{ name ... on Thing { plain } }";
  return type.includes("Either") ? "{ ... on Thing { name } __typename ... on Other { only } }" : "";
}

describe("a planned operation", () => {
  it.each(fieldsOfEnds.map(({ name, type, way }) => [way, type, name] as const))(
    "ends as graphql-js lets it, where a field is %s and %s",
    async (_way, type, name) => {
      const selected = `{ plain ${name} ${below(type)} name }`;
      await expectSame(`{ a: __typename thing ${selected} things ${selected} z: thing { name } }`);
      await expectSame(`{ strict ${selected} z: thing { name } }`);
    },
  );

  it("tells errors in the same order, and none below what was given up, where several fields end badly", async () => {
    const all = fieldsOfEnds.map(({ name, type }) => `${name} ${below(type)}`);
    for (let from = 0; from < all.length; from += 1) {
      const some = Array.from({ length: 7 }, (_, index) => all[(from + index * 23) % all.length]);
      await expectSame(`{ thing { ${[...new Set(some)].join(" ")} } things { ${all[from]} name } }`);
    }
  });

  it("tells as much of what fails here and there at once, as long as not all is given up", async () => {
    for (let ticks = 0; ticks < 12; ticks += 1)
      await expectSame(`{ stricts { waiting failing } lists again: lists after(ticks: ${ticks}) }`);
  });

  it("hears those fail that wait, of a list that fails at once", async () => {
    const unheard: unknown[] = [];
    const listen = (reason: unknown) => void unheard.push(reason);
    process.on("unhandledRejection", listen);
    onTestFinished(() => void process.off("unhandledRejection", listen));
    const document = parse("{ failing divided }");
    const plan = createPlanner(ofFailing)(KnownOperation.of(document, document.definitions[0] as never), {});
    if (plan === null) throw new Error("There is no plan.");
    const { data, errors = [] } = await runPlan(plan, "the context", {});
    expect([textOf(data), errors.length]).toEqual(['{"failing":null,"divided":null}', 2]);
    await new Promise((resolve) => setImmediate(resolve));
    expect(unheard).toEqual([]);
  });

  it("calls resolvers with the same arguments, context and info", async () => {
    const query = `query Q($text: String = "t", $point: Point, $x: Int!, $yes: Boolean!) {
      told(text: "root") renamed: thing { ...T method } things { ... on Named { name } told(point: { x: $x, y: [1] }) }
      again: thing { more: told(point: $point, color: GREEN, list: [1, $x]) method(times: $x) ...T @include(if: $yes) }
    }
    fragment T on Thing { told(text: $text) told(text: $text) }`;
    for (const variables of [
      { x: 1, yes: false },
      { x: 2, yes: false, point: { y: null }, text: null },
    ])
      await expectSame(query, variables);
    await expectSame("query Q($x: Int) { thing { told(point: { x: $x }) } }", { x: null });
  });

  it("takes fields in and out as variables say, fragments that are spread twice once, and fields of one name together", async () => {
    const query = `query ($a: Boolean!, $b: Boolean = true) {
      thing { name @skip(if: $a) plain @include(if: $b) ...F @include(if: $a) ... @skip(if: $b) { method } }
      thing { ... on Named { name } ...F ...F }
    }
    fragment F on Thing { plain good0 @skip(if: true) late0 }`;
    for (const a of [true, false]) for (const b of [true, false]) await expectSame(query, { a, b });
    await expectSame(query, { a: true });
  });

  it("ends the same where others have their turn between the fields of a long one, and stops where nobody waits for it", async () => {
    const fields = fieldsOfEnds.map(({ name, type }, at) => `x${at}: thing { ${name} ${below(type)} }`);
    const document = parse(`{ ${fields.join(" ")} told(text: "last") }`);
    const [definition] = document.definitions;
    if (definition?.kind !== "OperationDefinition") throw new Error("the operation comes first");
    const theirs = await execute({ schema, document, contextValue: "the context" });
    const plan = createPlanner(schema)(KnownOperation.of(document, definition), {});
    if (plan === null) throw new Error("There is no plan.");
    let turns = 0;
    const paced = async (mostTurns: number) => {
      turns = 0;
      told = [];
      const next = async () => {
        turns += 1;
        return turns <= mostTurns;
      };
      return await runPlan(plan, "the context", {}, () => ({ isLate: true, next }));
    };
    const ours = await paced(Number.POSITIVE_INFINITY);
    expect(turns).toBe(fields.length + 1);
    expect(textOf(ours.data)).toBe(JSON.stringify(theirs.data));
    const inOrder = ({ errors = [] }: typeof theirs) => errors.map((error) => JSON.stringify(error)).sort();
    expect(inOrder(ours)).toEqual(inOrder(theirs));

    const left = await paced(3);
    expect(left.data).toBeNull();
    expect(turns).toBe(4);
    expect(told).toEqual([]);
  });

  it("tells of the schema and of types", async () => {
    await expectSame('{ __schema { types { name fields { name } } } __type(name: "Thing") { kind } __typename }');
  });

  it("is kept as long as all that are kept have room, by the fields that answers came to", async () => {
    const planOf = createPlanner(schema, { together: 12, ofOne: 8 });
    const known = (query: string) => {
      const document = parse(query);
      const [definition] = document.definitions;
      if (definition?.kind !== "OperationDefinition") throw new Error("the operation comes first");
      return KnownOperation.of(document, definition);
    };
    const ask = async (operation: KnownOperation) => {
      const plan = planOf(operation, {});
      if (plan !== null) await runPlan(plan, null, {});
      return plan;
    };
    const [small, other] = [known("{ thing { name plain } }"), known("{ thing { plain good0 good1 } }")];
    const first = await ask(small);
    expect(await ask(small)).toBe(first);
    for (let times = 0; times < 2; times += 1) await ask(other);
    expect(await ask(small)).toBe(first);
    const wide = known("{ thing { plain good0 good1 good2 good3 good4 good5 method } }");
    const seen = new Set([await ask(wide), await ask(wide), await ask(wide)]);
    // Too wide to be kept: found out when it was used.
    expect(seen.size).toBeGreaterThan(1);
    for (let times = 0; times < 2; times += 1)
      await ask(known(`{ thing { name plain good${times} } things { name } }`));
    await ask(other);
    const last = known("{ thing { name good6 good7 } things { plain } }");
    for (let times = 0; times < 2; times += 1) await ask(last);
    expect(await ask(small)).not.toBe(first);
  });

  it("calls a resolver that answers with a property only for the values it names; any that is put around it, always", () => {
    const own = buildSchema("type Query { plain: Thing odd: Thing } type Thing { told: String }");
    const { plain, odd } = own.getQueryType()?.getFields() ?? {};
    const type = own.getType("Thing");
    const field = isObjectType(type) ? type.getFields().told : undefined;
    if (field === undefined) throw new Error("There is no such field.");
    Object.assign(plain ?? {}, { resolve: () => ({ told: "plain" }) });
    Object.assign(odd ?? {}, { resolve: () => ({ told: "odd" }) });
    const document = parse("{ plain { told } odd { told } }");
    const [definition] = document.definitions;
    if (definition?.kind !== "OperationDefinition") throw new Error("the operation comes first");
    const run = () => {
      const plan = createPlanner(own)(KnownOperation.of(document, definition), {});
      const result = plan === null ? null : runPlan(plan, null, {});
      return result instanceof Promise ? "promised" : textOf(result?.data);
    };
    const resolve: GraphQLFieldResolver<unknown, unknown> = () => "asked";
    field.resolve = resolve;
    field.extensions = { asProperty: { resolve, isAsked: (value: unknown) => value === "odd" } };
    expect(run()).toBe('{"plain":{"told":"plain"},"odd":{"told":"asked"}}');
    field.resolve = () => "refused";
    expect(run()).toBe('{"plain":{"told":"refused"},"odd":{"told":"refused"}}');
  });

  it.each([
    ["a condition is null", "query ($no: Boolean = false) { thing { name @skip(if: $no) } }", { no: null }],
    ["a name belongs to every object", "{ __proto__: thing { name } }", {}],
  ])("is left to graphql-js where %s", async (_case, query, variables) => {
    expect((await ask(query, variables)).plan).toBeNull();
  });
});
