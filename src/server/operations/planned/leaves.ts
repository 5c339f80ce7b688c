import { type GraphQLLeafType, isEnumType, isSpecifiedScalarType } from "graphql";

/**
 * The text that stands in the answer for the value of a leaf, as `JSON.stringify` writes what the type makes of it; "" where it would
 * leave that out. Throws for a value that is none.
 */
export type WriteLeaf = (value: unknown) => string;

const least = -(2 ** 31);
const most = 2 ** 31 - 1;

/** Values that the specified scalars leave as they are; all others go through the type. */
const writersAsItIs: Readonly<Record<string, (value: unknown) => string | null>> = {
  String: (value) => (typeof value === "string" ? quote(value) : null),
  ID: (value) => (typeof value === "string" ? quote(value) : null),
  Boolean: (value) => (value === true ? "true" : value === false ? "false" : null),
  Int: (value) =>
    typeof value === "number" && Number.isInteger(value) && value >= least && value <= most ? String(value) : null,
  Float: (value) => (typeof value === "number" && Number.isFinite(value) ? String(value) : null),
};

export function writerOf(type: GraphQLLeafType): WriteLeaf {
  const writeAsItIs = isSpecifiedScalarType(type) ? writersAsItIs[type.name] : undefined;
  const convert: WriteLeaf = (value) => {
    const serialized: unknown = type.serialize(value);
    if (serialized !== null && serialized !== undefined) return write(serialized);
    throw new Error(`Expected \`${type.name}.serialize\` to return a non-nullable value, returned: ${serialized}`);
  };
  if (writeAsItIs !== undefined) return (value) => writeAsItIs(value) ?? convert(value);
  return isEnumType(type) ? keeping(convert) : convert;
}

/** An enum has few values, and whatever else it is asked for fails. */
function keeping(convert: WriteLeaf): WriteLeaf {
  const kept = new Map<unknown, string>();
  return (value) => {
    const known = kept.get(value);
    if (known !== undefined) return known;
    const text = convert(value);
    kept.set(value, text);
    return text;
  };
}

function write(value: unknown): string {
  return typeof value === "string" ? quote(value) : (JSON.stringify(value) ?? "");
}

/** Nothing that JSON writes otherwise: no control character, quote, backslash, or half of a pair, which may stand alone. */
const plain = /^[ !#-[\]-\ud7ff\ue000-\uffff]*$/;

/** A text as JSON has it. Most hold nothing that has to be escaped, and to look is less work than to have it written. */
function quote(text: string): string {
  return plain.test(text) ? `"${text}"` : JSON.stringify(text);
}
