import {
  defaultFieldResolver,
  type FieldNode,
  type GraphQLField,
  type GraphQLFieldResolver,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isCompositeType,
  isListType,
  isObjectType,
} from "graphql";
import type { GraphContext } from "../schema/GraphContext.js";
import { unitsOfItem } from "./unitsOfItem.js";

/**
 * Counts the items of every list as they are answered, with the fields that each has, and divides long ones into slices. Done to
 * the schema as a whole, by the types of its fields, so that no list can be forgotten.
 */
export function watchLists(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith("__")) continue;
    for (const field of Object.values(type.getFields())) {
      if (isListType(getNullableType(field.type)) && isCompositeType(getNamedType(field.type))) watch(field);
    }
  }
}

function watch(field: GraphQLField<unknown, unknown>): void {
  const { resolve = defaultFieldResolver } = field;
  const watched: GraphQLFieldResolver<unknown, GraphContext> = (source, args, context, info) => {
    const value: unknown = resolve(source, args, context, info);
    return value instanceof Promise
      ? value.then((items: unknown) => counted(items, context, info))
      : counted(value, context, info);
  };
  field.resolve = watched as GraphQLFieldResolver<unknown, unknown>;
}

/** By the field of the document: the same for every object that it is asked of. */
const known = new WeakMap<FieldNode, number>();

function counted(items: unknown, { costBudget, slices }: GraphContext, info: GraphQLResolveInfo): unknown {
  if (!Array.isArray(items) || items.length === 0) return items;
  const [node] = info.fieldNodes;
  let units = node === undefined ? undefined : known.get(node);
  if (units === undefined) {
    units = unitsOfItem(info);
    if (node !== undefined) known.set(node, units);
  }
  costBudget.take(items.length * units);
  return slices.share(items, units);
}
