import { registerEnumType } from "type-graphql";

/** What a domain union of words is to GraphQL: the same words, each with its meaning. */
export function defineEnum<Value extends string>(
  name: string,
  description: string,
  meanings: Readonly<Record<Value, string>>,
): Readonly<Record<Value, Value>> {
  const values = Object.fromEntries(Object.keys(meanings).map((value) => [value, value])) as Record<Value, Value>;
  const valuesConfig = Object.fromEntries(
    Object.entries<string>(meanings).map(([value, meaning]) => [value, { description: meaning }]),
  ) as Record<Value, { description: string }>;
  registerEnumType(values, { name, description, valuesConfig });
  return values;
}
