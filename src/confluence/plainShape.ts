import { z } from "zod";

/** Whether a value is of a shape as it stands. */
type IsPlain = (value: unknown) => boolean;

const known = new WeakMap<z.ZodType, IsPlain | null>();

/**
 * Looks whether an answer is of a shape without copying it: zod makes an object for each row, which is the greater part of what
 * checking costs, and rows come by the ten thousand. True only where zod would answer with the same fields; whatever else stands
 * in the answer is still in it. False says nothing: the shape may change what it reads, or have parts that are not known here.
 */
export function isPlainly<Shape>(schema: z.ZodType<Shape>, value: unknown): value is Shape {
  let check = known.get(schema);
  if (check === undefined) {
    check = checkOf(schema);
    known.set(schema, check);
  }
  return check?.(value) === true;
}

function checkOf(schema: unknown): IsPlain | null {
  if (schema instanceof z.ZodString) return stringCheck(schema);
  if (schema instanceof z.ZodBoolean) return (value) => typeof value === "boolean";
  if (schema instanceof z.ZodNumberFormat && schema.format === "safeint" && isUnchecked(schema))
    return Number.isSafeInteger;
  if (schema instanceof z.ZodOptional) return orElse(undefined, checkOf(schema.unwrap()));
  if (schema instanceof z.ZodNullable) return orElse(null, checkOf(schema.unwrap()));
  // What is caught is replaced: that is for zod.
  if (schema instanceof z.ZodCatch) return checkOf(schema.unwrap());
  if (schema instanceof z.ZodUnion) return unionCheck(schema.options.map(checkOf));
  if (schema instanceof z.ZodArray) return isUnchecked(schema) ? arrayCheck(checkOf(schema.element)) : null;
  if (schema instanceof z.ZodObject) return isUnchecked(schema) ? objectCheck(schema) : null;
  return null;
}

function isUnchecked({ def }: { readonly def: { readonly checks?: readonly unknown[] | undefined } }): boolean {
  return (def.checks ?? []).length === 0;
}

function stringCheck(schema: z.ZodString): IsPlain | null {
  const checks = schema.def.checks ?? [];
  if (
    schema.def.coerce === true ||
    schema.format !== null ||
    !checks.every(({ _zod: { def } }) => def.check === "min_length")
  )
    return null;
  const least = schema.minLength ?? 0;
  return (value) => typeof value === "string" && value.length >= least;
}

function orElse(other: null | undefined, check: IsPlain | null): IsPlain | null {
  return check && ((value) => value === other || check(value));
}

function unionCheck(checks: readonly (IsPlain | null)[]): IsPlain | null {
  const whole = checks.filter((check) => check !== null);
  return whole.length < checks.length ? null : (value) => whole.some((check) => check(value));
}

function arrayCheck(check: IsPlain | null): IsPlain | null {
  return check && ((value) => Array.isArray(value) && value.every(check));
}

function objectCheck({ shape, def }: z.ZodObject): IsPlain | null {
  if (def.catchall !== undefined) return null;
  const fields: [name: string, check: IsPlain][] = [];
  for (const [name, schema] of Object.entries(shape)) {
    const check = checkOf(schema);
    if (check === null) return null;
    fields.push([name, check]);
  }
  return (value) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
    for (const [name, check] of fields) if (!check((value as Readonly<Record<string, unknown>>)[name])) return false;
    return true;
  };
}
