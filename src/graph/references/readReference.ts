import { InputError } from "../errors/InputError.js";

/** A reference of another subgraph, as the gateway sends it. Nothing about it can be taken for granted. */
export type Reference = Readonly<Record<string, unknown>>;

/** A key field of a reference that must be text where it is there. */
export function keyField(reference: Reference, name: string): string | undefined {
  const value = reference[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === "string" && value !== "") return value;
  throw new InputError("INVALID_ID", "representations", `The key field ${name} of a reference must be text.`);
}

/** What to throw for a reference that holds none of an entity's keys. */
export function keysMissing(typeName: string, keys: string): InputError {
  return new InputError("INVALID_ID", "representations", `A reference to ${typeName} needs one of the keys ${keys}.`);
}
