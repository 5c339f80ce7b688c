import { type GraphQLLeafType, isSpecifiedScalarType } from "graphql";

/** What stands in the answer for the value of a leaf. Throws for a value that is none. */
export type Serialize = (value: unknown) => unknown;

const least = -(2 ** 31);
const most = 2 ** 31 - 1;

/** Values that the specified scalars leave as they are; all others go through the type. */
const isAsItIs: Readonly<Record<string, (value: unknown) => boolean>> = {
  String: (value) => typeof value === "string",
  ID: (value) => typeof value === "string",
  Boolean: (value) => typeof value === "boolean",
  Int: (value) => typeof value === "number" && Number.isInteger(value) && value >= least && value <= most,
  Float: (value) => typeof value === "number" && Number.isFinite(value),
};

export function serializerOf(type: GraphQLLeafType): Serialize {
  const check = isSpecifiedScalarType(type) ? isAsItIs[type.name] : undefined;
  const convert: Serialize = (value) => {
    const serialized: unknown = type.serialize(value);
    if (serialized !== null && serialized !== undefined) return serialized;
    throw new Error(`Expected \`${type.name}.serialize\` to return a non-nullable value, returned: ${serialized}`);
  };
  return check === undefined ? convert : (value) => (check(value) ? value : convert(value));
}
