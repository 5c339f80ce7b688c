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
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from "graphql";
import type { GraphContext } from "../schema/GraphContext.js";
import { readAsProperty } from "../schema/readAsProperty.js";
import { unitsOfItem } from "./unitsOfItem.js";

type Field = GraphQLField<unknown, unknown>;
type Resolve = GraphQLFieldResolver<unknown, GraphContext>;

/**
 * Counts the items of every list as they are answered, with the fields that each has, and divides long ones into slices; and sees
 * to it that what fails in every row is not told for every row. Done to the schema as a whole, by the types of its fields, so that
 * no field can be forgotten.
 */
export function watchFields(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith("__")) continue;
    for (const field of Object.values(type.getFields())) {
      if (isListType(getNullableType(field.type)) && isCompositeType(getNamedType(field.type))) countItems(field);
      if (!isNonNullType(field.type)) boundErrors(field);
    }
  }
}

function countItems(field: Field): void {
  const { resolve = defaultFieldResolver } = field;
  const list = getNullableType(field.type);
  const mayHoldNull = isListType(list) && !isNonNullType(list.ofType);
  const counted: Resolve = (source, args, context, info) => {
    const value: unknown = resolve(source, args, context, info);
    return value instanceof Promise
      ? value.then((items: unknown) => count(items, context, info, mayHoldNull))
      : count(value, context, info, mayHoldNull);
  };
  field.resolve = counted as Field["resolve"] & Resolve;
}

/** By the field of the document: the same for every object that it is asked of. */
const known = new WeakMap<FieldNode, number>();

function count(items: unknown, context: GraphContext, info: GraphQLResolveInfo, mayHoldNull: boolean): unknown {
  if (!Array.isArray(items) || items.length === 0) return items;
  const [node] = info.fieldNodes;
  let units = node === undefined ? undefined : known.get(node);
  if (units === undefined) {
    units = unitsOfItem(info);
    if (node !== undefined) known.set(node, units);
  }
  const { costBudget, slices, errorBudget } = context;
  costBudget.take(items.length * units);
  const told = mayHoldNull
    ? items.map((item: unknown) => (item instanceof Error && !errorBudget.tells(item, info) ? null : item))
    : items;
  return slices.share(told, units);
}

/** A field that may be null is null without a word of its own once enough was said of it. */
function boundErrors(field: Field): void {
  const isPlain = field.resolve === undefined || field.resolve === defaultFieldResolver;
  const { resolve = defaultFieldResolver } = field;
  const bounded: Resolve = (source, args, context, info) => {
    let value: unknown;
    try {
      value = resolve(source, args, context, info);
    } catch (error) {
      if (context.errorBudget.tells(error, info)) throw error;
      return null;
    }
    if (value instanceof Error) return context.errorBudget.tells(value, info) ? value : null;
    if (!(value instanceof Promise)) return value;
    return value.then(
      (read: unknown) => (read instanceof Error && !context.errorBudget.tells(read, info) ? null : read),
      (error: unknown) => {
        if (context.errorBudget.tells(error, info)) throw error;
        return null;
      },
    );
  };
  field.resolve = bounded as Field["resolve"] & Resolve;
  if (isPlain && isLeafType(getNamedType(field.type))) readAsProperty(field, (value) => value instanceof Error);
}
