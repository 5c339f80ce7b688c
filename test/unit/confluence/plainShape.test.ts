import { describe, expect, it } from "vitest";
import { z } from "zod";
import * as cloud from "../../../src/confluence/cloud/wire.js";
import * as dataCenter from "../../../src/confluence/datacenter/wire.js";
import { isPlainly } from "../../../src/confluence/plainShape.js";

const odd = [undefined, null, "", "x", 0, 1.5, 2 ** 53, true, [], ["x"], {}, { path: "p" }, { path: 1 }, { next: "n" }];
const shapes = Object.entries({ ...cloud, ...dataCenter }).flatMap(([name, schema]) =>
  schema instanceof z.ZodObject ? [{ name, schema }] : [],
);

/** Shapes of single answers that change what they read. */
const changed = ["activeUserWire", "longTaskWire"];

/** A value that fits a shape, and others that differ from it in one place. */
function* valuesOf(schema: unknown): Generator<unknown> {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodCatch) {
    yield* valuesOf(schema.unwrap());
  } else if (schema instanceof z.ZodUnion) {
    for (const option of schema.options) yield* valuesOf(option);
  } else if (schema instanceof z.ZodArray) {
    for (const element of valuesOf(schema.element)) yield [element];
  } else if (schema instanceof z.ZodObject) {
    const fields = Object.entries(schema.shape).map(([name, field]) => [name, [...valuesOf(field)]] as const);
    const plain = Object.fromEntries(fields.map(([name, [first]]) => [name, first]));
    yield { ...plain, beside: 1 };
    for (const [name, values] of fields) for (const value of values) yield { ...plain, [name]: value };
  } else yield schema instanceof z.ZodBoolean ? true : schema instanceof z.ZodNumber ? 7 : "text";
  yield* odd;
}

describe("a look at the shape of an answer", () => {
  it.each(shapes)(
    "never takes for $name what zod would refuse or change",
    ({ name, schema }: { name: string; schema: z.ZodType }) => {
      let plain = 0;
      for (const value of valuesOf(schema)) {
        if (!isPlainly(schema, value)) continue;
        plain += 1;
        expect({ value }).toMatchObject({ value: schema.parse(value) });
      }
      expect(plain > 0).toBe(!changed.includes(name));
    },
  );

  it.each([
    ["converts", z.coerce.string(), 1],
    ["falls back to something", z.string().default("x"), undefined],
    ["has a pattern", z.string().regex(/^a$/), "a"],
    ["has a format", z.email(), "a@example.com"],
    ["refines", z.object({ a: z.string() }).refine(() => true), { a: "x" }],
    ["keeps or refuses what is beside it", z.looseObject({}), {}],
    ["bounds a list", z.array(z.string()).max(1), ["x"]],
  ])("leaves to zod what %s", (_what, schema: z.ZodType, value) => {
    expect(isPlainly(schema, value)).toBe(false);
    expect(schema.safeParse(value).success).toBe(true);
  });
});
