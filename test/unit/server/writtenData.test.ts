import { buildSchema, execute, GraphQLScalarType, isObjectType, parse } from "graphql";
import { describe, expect, it } from "vitest";
import { KnownOperation } from "../../../src/server/operations/KnownOperation.js";
import { createPlanner } from "../../../src/server/operations/planned/planOf.js";
import { runPlan } from "../../../src/server/operations/planned/runPlan.js";
import { WrittenData } from "../../../src/server/operations/planned/WrittenData.js";
import { bodyOf, writeAnswer } from "../../../src/server/operations/writeAnswer.js";
import { seededRandom } from "../graph/nastyTexts.js";

const schema = buildSchema(`
  scalar Whatever
  enum Color { RED GREEN }
  type Query { row(at: Int): Row rows: [Row] strict: [Row!]! texts: [String] numbers: [Float] whatever: [Whatever] lists: [[Row]] }
  type Row {
    text: String id: ID number: Float whole: Int isIt: Boolean color: Color whatever: Whatever
    counted: Int texts: [String] one: Row strict: Row! rows: [Row] any: Any
  }
  union Any = Row | Other
  type Other { text: String }
`);
Object.assign(schema.getType("Whatever") as GraphQLScalarType, new GraphQLScalarType({ name: "Whatever" }), {
  serialize: (value: unknown) => value,
});

/** How often a resolver was called: with what is the same in many rows as often as with anything else. */
let counted = 0;
const row = schema.getType("Row");
if (!isObjectType(row)) throw new Error("There are no rows.");
Object.assign(row.getFields().counted ?? {}, {
  resolve: () => {
    counted += 1;
    return counted;
  },
});

function planned(query: string) {
  const document = parse(query);
  const [definition] = document.definitions;
  if (definition?.kind !== "OperationDefinition") throw new Error("the operation comes first");
  const plan = createPlanner(schema)(KnownOperation.of(document, definition), {});
  if (plan === null) throw new Error("It has no plan.");
  return { document, plan };
}

/** What stands at the root. */
let roots: Readonly<Record<string, unknown>> = {};
for (const [name, field] of Object.entries(schema.getQueryType()?.getFields() ?? {})) field.resolve = () => roots[name];

/** The answer of graphql-js, and that of the plan, both as they are sent. */
async function ask(query: string, make: () => Readonly<Record<string, unknown>>) {
  const { document, plan } = planned(query);
  counted = 0;
  roots = make();
  const theirs = await execute({ schema, document });
  const byThem = counted;
  counted = 0;
  roots = make();
  const { data, errors } = await runPlan(plan, null, {});
  const written = await writeAnswer({ errors, data }, 1_000_000_000);
  return { theirs, data, text: String(await bodyOf(written)), calls: [byThem, counted], pieces: written.pieces };
}

async function expectSame(query: string, make: () => Readonly<Record<string, unknown>>) {
  const asked = await ask(query, make);
  const { errors, data } = asked.theirs;
  expect(asked.text === JSON.stringify({ errors, data }) || asked.text).toBe(true);
  expect(asked.calls[1]).toBe(asked.calls[0]);
  return asked;
}

const oddTexts = [
  ...["", "plain", 'a "quoted" word', "back\\slash", "line\nfeed", "\u0000", "\u001f", "\u007f", "\u2028\u2029"],
  ...["ä", "日本", "😀", "\ud83d", "\ude00", "\ud800x", "x\udfff", "\ufeff", "\uffff", "</script>", "x".repeat(70_000)],
  ...[`${"x".repeat(70_000)}"`, "😀".repeat(9_000)],
];
const oddNumbers = [0, -0, 1, -1, 0.1, 1e21, 1e-7, 5e-324, 2 ** 31 - 1, -(2 ** 31), 123456789.123, "12", true];
const oddThings = [
  ...[null, undefined, 0, -0, Number.NaN, Number.POSITIVE_INFINITY, "text\n", true, new Date(0), new Date(Number.NaN)],
  ...[{}, [], { a: undefined, b: [undefined, () => 1], c: { d: "\ud800" } }, { toJSON: () => "said" }, [1, [2, null]]],
  ...[{ toJSON: () => undefined }, () => "called", Symbol("none"), Object("boxed"), Object.create(null)],
];

describe("the text of an answer", () => {
  it("is that of its values, whatever stands in them", async () => {
    for (const text of oddTexts) {
      await expectSame("{ row { text id one { id text } } texts }", () => ({
        row: { text, id: text, one: { id: 7, text } },
        texts: [text, "x", text],
      }));
    }
    for (const number of oddNumbers) {
      await expectSame("{ row { number whole text id isIt color } numbers }", () => ({
        row: { number, whole: number, text: number, id: number, isIt: number, color: number },
        numbers: [number, null, number],
      }));
    }
    for (const isIt of [true, false, 0, 1, "yes"])
      await expectSame("{ row { isIt text } }", () => ({ row: { isIt, text: isIt } }));
    for (const color of ["RED", "GREEN", "BLUE", 1]) {
      await expectSame("{ rows { color } }", () => ({ rows: [{ color }, { color: "RED" }, { color }] }));
    }
  });

  it("leaves out what JSON leaves out, first, last and between, and writes null for it in lists", async () => {
    for (const thing of oddThings) {
      const told = () => ({ whatever: typeof thing === "function" ? () => thing : thing, text: "t", id: "i" });
      for (const fields of [
        "whatever",
        "whatever text",
        "text whatever",
        "text whatever id",
        "a: whatever b: whatever",
      ])
        await expectSame(`{ row { ${fields} } }`, () => ({ row: told() }));
      await expectSame("{ whatever }", () => ({ whatever: [thing, 1, thing, Promise.resolve(thing)] }));
      await expectSame("{ rows { text whatever id } }", () => ({
        rows: [told(), { ...told(), whatever: Promise.resolve(told().whatever) }],
      }));
    }
  });

  it("is in pieces where it is long, in lists of lists and behind promises as well", async () => {
    const long = (count: number, at = 0): unknown[] =>
      Array.from({ length: count }, (_, place) => ({
        text: `row ${at} ${place} ä`,
        id: place,
        texts: ["a", null, "b"],
      }));
    const query = "{ rows { id rows { text } texts } lists { id text } z: row { rows { text texts } text } }";
    for (const promised of [0, 1, 7]) {
      const { pieces } = await expectSame(query, () => ({
        rows: [{ id: 1, rows: long(3_000) }, ...long(4_000), { rows: long(10) }].map((each, at) =>
          promised > 0 && at % promised === 0 ? Promise.resolve(each) : each,
        ),
        lists: [long(2_000), null, [], long(1)],
        row: { rows: long(2_000), text: "behind" },
      }));
      expect(pieces.length).toBeGreaterThan(10);
    }
  });

  it("is put together in turns with others where much of it had to be waited for", async () => {
    let turns = 0;
    let isWritten = false;
    const count = () => {
      turns += 1;
      if (!isWritten) setImmediate(count);
    };
    const { pieces } = await expectSame("{ rows { text } }", () => {
      turns = 0;
      setImmediate(count);
      return { rows: Array.from({ length: 400 }, () => Promise.resolve({ text: "x".repeat(10_000) })) };
    });
    isWritten = true;
    expect(pieces.length).toBeGreaterThan(128);
    expect(turns).toBeGreaterThan(2);
  });

  it("is written anew, with errors of its own, wherever something fails or is called, though the same object stands there", async () => {
    const shared = { text: "shared", one: { id: 1 }, texts: ["x"] };
    const failing = { text: new Error("not read"), id: "f", strict: null, one: { strict: null } };
    const once = () =>
      (function* () {
        yield { text: "first" };
      })();
    const rows = () => Array.from({ length: 200 }, (_, at) => [shared, failing, { one: shared, any: shared }][at % 3]);
    await expectSame("{ rows { text id one { id } texts } }", () => ({ rows: rows() }));
    await expectSame("{ rows { counted text one { counted strict { id } } } }", () => ({ rows: rows() }));
    await expectSame("{ strict { id strict { id } } rows { text } }", () => ({ strict: rows(), rows: rows() }));
    await expectSame("{ rows { any { __typename ... on Other { text } ... on Row { text id } } } }", () => ({
      rows: rows().map((any, at) => ({ any: { ...any, __typename: at % 2 === 0 ? "Row" : "Other" } })),
    }));
    // What can be read but once is empty the second time.
    await expectSame("{ rows { rows { text } } }", () => {
      const some = once();
      return { rows: [{ rows: some }, { rows: some }, { rows: some }] };
    });
  });

  it("tells where errors left null", async () => {
    const query = "{ rows { one { strict { id } text } rows { strict { text } } id } row { text } }";
    const { theirs, data } = await expectSame(query, () => ({
      rows: [
        { one: { strict: null }, id: 1 },
        { one: { strict: {} }, rows: [{ strict: {} }, { strict: null }] },
      ],
      row: { text: "t" },
    }));
    if (!(data instanceof WrittenData)) throw new Error("It has data.");
    const places = [
      ...[
        ["row"],
        ["row", "text"],
        ["rows"],
        ["rows", 0],
        ["rows", 0, "one"],
        ["rows", 0, "one", "text"],
        ["rows", 0, "id"],
      ],
      ...[
        ["rows", 1, "one"],
        ["rows", 1, "one", "strict"],
        ["rows", 1, "rows"],
        ["rows", 1, "rows", 0, "strict"],
      ],
      ...[
        ["rows", 1, "rows", 1],
        ["rows", 1, "rows", 1, "strict"],
        ["rows", 1, "rows", 10],
      ],
    ];
    const nulled = places.filter((place) => data.isNulledAt(place));
    expect(nulled).toEqual([
      ...[
        ["rows", 0, "one"],
        ["rows", 0, "one", "text"],
      ],
      ...[
        ["rows", 1, "rows", 1],
        ["rows", 1, "rows", 1, "strict"],
      ],
    ]);
    expect(data.toJSON()).toEqual(JSON.parse(JSON.stringify(theirs.data)));
  });

  it("is that of graphql-js for rows that are put together at random of the same objects", async () => {
    const random = seededRandom(7);
    const pick = <T>(some: readonly T[]): T => some[Math.floor(random() * some.length)] as T;
    for (let round = 0; round < 60; round += 1) {
      const pool: Record<string, unknown>[] = Array.from({ length: 12 }, (_, at) => ({ id: at, __typename: "Row" }));
      const value = () => pick<unknown>([pick(pool), pick(pool), pick(pool), null, undefined, new Error("unread"), 3]);
      const maybe = (held: unknown) => (random() < 0.05 ? Promise.resolve(held) : held);
      for (const [at, each] of pool.entries()) {
        each.text = pick<unknown>(["t", null, 'q"', new Error("no text"), undefined, 5]);
        each.texts = pick<unknown>([["a", "b"], null, [null], "none"]);
        // No circles.
        const later = pool.slice(at + 1);
        each.one = later.length === 0 ? null : maybe(pick<unknown>([pick(later), null]));
        each.strict = later.length === 0 ? null : pick<unknown>([pick(later), pick(later), null]);
        each.rows = maybe(later.slice(0, Math.floor(random() * 3)));
      }
      const rows = Array.from({ length: 80 }, value);
      const query = `{ rows { ...R one { ...R rows { ...R } } ${pick(["strict { ...R strict { id } }", "counted", "texts"])} }
        lists { ...R } } fragment R on Row { ${pick(["text id", "id texts", "id counted", "texts text one { id }"])} }`;
      await expectSame(query, () => ({ rows, lists: [rows, rows.slice(0, 5), null] }));
    }
  });
});
