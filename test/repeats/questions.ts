import {
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isLeafType,
  isNonNullType,
  isObjectType,
} from "graphql";
import { isLive } from "../../src/graph/schema/liveFields.js";

/** What fields are given that need arguments, or say more with them: `"Query.account": 'id: "…"'`. */
export type GivenArguments = Readonly<Record<string, string>>;

/** A type, and a query that asks everything of it that is at rest. */
interface Question {
  readonly about: string;
  readonly query: string;
}

/** Where a type is met: the fields that lead to it from the root, as the beginning of a document. */
interface Place {
  readonly type: GraphQLObjectType;
  readonly opening: string;
  readonly depth: number;
}

/** The types that a query leads to without passing a live field, each with a question about all of its fields at rest. */
export function questionsByType(schema: GraphQLSchema, given: GivenArguments): Question[] {
  return placesOf(schema, given).map(({ type, opening, depth }) => {
    const fields = fieldsOf(type).flatMap((field) => {
      const args = isLive(type.name, field.name) ? null : argumentsOf(type, field, given);
      return args === null ? [] : [`a_${field.name}: ${field.name}${args}${below(field)}`];
    });
    return { about: type.name, query: `${opening} { __typename ${fields.join(" ")} }${" }".repeat(depth)}` };
  });
}

/** A question for each live field that a query leads to. */
export function questionsByLiveField(schema: GraphQLSchema, given: GivenArguments): Question[] {
  return placesOf(schema, given).flatMap(({ type, opening, depth }) =>
    fieldsOf(type).flatMap((field) => {
      const args = isLive(type.name, field.name) ? argumentsOf(type, field, given) : null;
      if (args === null) return [];
      const query = `${opening} { ${field.name}${args}${below(field)} }${" }".repeat(depth)}`;
      return [{ about: `${type.name}.${field.name}`, query }];
    }),
  );
}

/** Breadth first, so that each type is met on a short way. */
function placesOf(schema: GraphQLSchema, given: GivenArguments): Place[] {
  const root = schema.getQueryType();
  if (!root) throw new Error("The schema has no queries.");
  const places = new Map<string, Place>([[root.name, { type: root, opening: "query", depth: 0 }]]);
  for (const { type, opening, depth } of places.values()) {
    for (const field of fieldsOf(type)) {
      const args = isLive(type.name, field.name) ? null : argumentsOf(type, field, given);
      const named = getNamedType(field.type);
      if (args === null || isLeafType(named)) continue;
      const step = `${opening} { ${field.name}${args}`;
      const possible = isAbstractType(named) ? schema.getPossibleTypes(named) : [];
      for (const each of possible) {
        if (!places.has(each.name))
          places.set(each.name, { type: each, opening: `${step} { ... on ${each.name}`, depth: depth + 2 });
      }
      if (isObjectType(named) && !places.has(named.name))
        places.set(named.name, { type: named, opening: step, depth: depth + 1 });
    }
  }
  return [...places.values()];
}

function fieldsOf(type: GraphQLObjectType): GraphQLField<unknown, unknown>[] {
  return Object.values(type.getFields());
}

function below(field: GraphQLField<unknown, unknown>): string {
  return isLeafType(getNamedType(field.type)) ? "" : " { __typename }";
}

/** `null` where something is missing that the field cannot do without. */
function argumentsOf(
  of: GraphQLObjectType,
  field: GraphQLField<unknown, unknown>,
  given: GivenArguments,
): string | null {
  const known = given[`${of.name}.${field.name}`];
  if (known !== undefined) return `(${known})`;
  if (field.args.some((arg) => isNonNullType(arg.type) && arg.defaultValue === undefined)) return null;
  const names = new Set(field.args.map(({ name }) => name));
  const shown = [...(names.has("first") ? ["first: 2"] : []), ...(names.has("wait") ? ["wait: 30"] : [])];
  return shown.length === 0 ? "" : `(${shown.join(", ")})`;
}
