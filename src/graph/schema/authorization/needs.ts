import { type GraphQLInputType, getNamedType, isInputObjectType, isListType, isNonNullType } from "graphql";
import type { Caller } from "../../../callers/Caller.js";
import type { Scope } from "../../../domain/Scope.js";
import { ownNameOf } from "../naming/Naming.js";
import { type Need, scopesOfSchema } from "./scopesOfSchema.js";

/** What a field or an input field needs. */
interface CoordinateNeeds {
  readonly need: Need;
  /** The arguments that are known, and whether each needs `read:personal`. */
  readonly args: ReadonlyMap<string, boolean>;
}

const needsByCoordinate = new Map(
  Object.entries(scopesOfSchema).flatMap(([type, byNeed]) =>
    (Object.entries(byNeed) as [Need, string][]).flatMap(([need, list]) =>
      [...list.matchAll(/(\w+)(?:\(([^)]*)\))?/g)].map(([, name = "", args = ""]): [string, CoordinateNeeds] => [
        `${type}.${name}`,
        {
          need,
          args: new Map(
            args
              .split(" ")
              .filter((arg) => arg !== "")
              .map((arg) => [arg.split(":")[0] ?? "", arg.endsWith(":personal")]),
          ),
        },
      ]),
    ),
  ),
);

/** What a coordinate of the schema needs; `undefined` for one that the table does not know. */
export function needsOf(type: string, field: string): CoordinateNeeds | undefined {
  return needsByCoordinate.get(`${type}.${field}`);
}

/** The coordinates that the table knows, as `Type.field`. */
export function knownCoordinates(): string[] {
  return [...needsByCoordinate.keys()];
}

/** The scopes of which one is needed; none where nothing is. */
export const scopesFor: Readonly<Record<Need, readonly Scope[]>> = {
  free: [],
  read: ["read"],
  personal: ["read:personal"],
  grant: ["grant"],
  lifecycle: ["lifecycle"],
  change: ["grant", "lifecycle"],
  audit: ["audit"],
};

/** What stands in the way of a caller, or how far it may go. */
export type Verdict =
  | { readonly kind: "allowed" }
  /** The scopes are held, some of them on named sites alone: each object tells by its site. */
  | { readonly kind: "bySite"; readonly scopes: readonly Scope[] }
  | { readonly kind: "refused"; readonly scope: Scope | null };

const allowed: Verdict = { kind: "allowed" };

/** Whether a caller may ask for a field with these arguments. What the table does not know is refused. */
export function judge(
  caller: Caller,
  field: { readonly type: string; readonly name: string; readonly argTypes: ReadonlyMap<string, GraphQLInputType> },
  args: Readonly<Record<string, unknown>>,
): Verdict {
  const needs = needsOf(field.type, field.name);
  if (needs === undefined) return { kind: "refused", scope: null };
  const ways = scopesFor[needs.need];
  const [first] = ways;
  if (first !== undefined && !ways.some((scope) => caller.mayAnywhere(scope))) return { kind: "refused", scope: first };
  const bounded = ways.some((scope) => caller.mayEverywhere(scope)) ? [] : [...ways];
  for (const [name, type] of field.argTypes) {
    const value = args[name];
    if (value === undefined || value === null) continue;
    const isPersonal = needs.args.get(name);
    if (isPersonal === undefined) return { kind: "refused", scope: null };
    const need = isPersonal ? "personal" : needOfValue(type, value);
    if (need === null) return { kind: "refused", scope: null };
    if (need !== "personal" || caller.mayEverywhere("read:personal")) continue;
    if (!caller.mayAnywhere("read:personal")) return { kind: "refused", scope: "read:personal" };
    bounded.push("read:personal");
  }
  return bounded.length === 0 ? allowed : { kind: "bySite", scopes: bounded };
}

/** What a value of an argument needs by the input fields that it gives; `null` where it gives one that nobody knows. */
function needOfValue(type: GraphQLInputType, value: unknown): "free" | "personal" | null {
  if (value === undefined || value === null) return "free";
  if (isNonNullType(type)) return needOfValue(type.ofType, value);
  if (Array.isArray(value)) {
    const item = isListType(type) ? type.ofType : type;
    return worst(value.map((each: unknown) => needOfValue(item, each)));
  }
  const named = getNamedType(type);
  if (!isInputObjectType(named) || typeof value !== "object") return "free";
  const fields = named.getFields();
  return worst(
    Object.entries(value).map(([name, given]) => {
      const field = fields[name];
      // What is no field of the input is refused as such elsewhere.
      if (field === undefined || given === undefined || given === null) return "free";
      const needs = needsOf(ownNameOf(named), name);
      if (needs === undefined) return null;
      return needs.need === "personal" ? "personal" : needOfValue(field.type, given);
    }),
  );
}

function worst(needs: readonly ("free" | "personal" | null)[]): "free" | "personal" | null {
  if (needs.includes(null)) return null;
  return needs.includes("personal") ? "personal" : "free";
}
