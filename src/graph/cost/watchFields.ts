import {
  defaultFieldResolver,
  type FieldNode,
  type GraphQLField,
  type GraphQLFieldResolver,
  type GraphQLObjectType,
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
import { readAsProperty } from "../schema/plain/readAsProperty.js";
import { type ArgumentList, argumentLists, argumentsAtOnce } from "./fieldCosts.js";
import { factsOf, placeOf } from "./fieldFacts.js";
import { type ObjectUnits, unitsOfItem, unitsOfObject } from "./unitsOfItem.js";

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
      const isOfObjects = isCompositeType(getNamedType(field.type));
      if (isListType(getNullableType(field.type)) && isOfObjects)
        countItems(field, argumentLists[placeOf(type, field)]);
      else if (isOfObjects && type.name !== "Mutation" && isDear(schema, type, field))
        countObject(field, argumentLists[placeOf(type, field)]);
      if (!isNonNullType(field.type)) boundErrors(field);
    }
  }
}

function countItems(field: Field, argumentList: ArgumentList | undefined): void {
  const { resolve = defaultFieldResolver } = field;
  const list = getNullableType(field.type);
  const mayHoldNull = isListType(list) && !isNonNullType(list.ofType);
  const counted: Resolve = (source, args, context, info) => {
    const turn = argumentList === undefined ? null : context.slices.begin(stepsOf(args, argumentList));
    const value: unknown =
      turn === null ? resolve(source, args, context, info) : turn.then(() => resolve(source, args, context, info));
    return value instanceof Promise
      ? value.then((items: unknown) => count(items, context, info, mayHoldNull))
      : count(value, context, info, mayHoldNull);
  };
  field.resolve = counted as Field["resolve"] & Resolve;
}

/** What is done of a list that an argument holds before anything is waited for: aliases of such a field take turns. */
function stepsOf(args: Readonly<Record<string, unknown>>, { argument, stepsEach }: ArgumentList): number {
  const given = args[argument];
  return Array.isArray(given) ? Math.min(given.length, argumentsAtOnce) * stepsEach : 0;
}

/** By the field of the document: the same for every object that it is asked of. */
const unitsOfItems = new WeakMap<FieldNode, ObjectUnits>();
const unitsOfObjects = new WeakMap<FieldNode, ObjectUnits>();

function count(items: unknown, context: GraphContext, info: GraphQLResolveInfo, mayHoldNull: boolean): unknown {
  if (!Array.isArray(items) || items.length === 0) return items;
  const { units, steps } = known(unitsOfItems, info, unitsOfItem);
  const { slices, errorBudget } = context;
  const refusal = refusalOf(context, items.length * units);
  if (refusal !== null) return refusal;
  const told = mayHoldNull
    ? items.map((item: unknown) => (item instanceof Error && !errorBudget.tells(item, info) ? null : item))
    : items;
  return slices.share(told, steps);
}

/**
 * What does not fit any more fails as a promise: where an item of a list throws, graphql-js forgets the promises of the items before
 * it, and nobody hears those fail.
 */
function refusalOf({ costBudget }: GraphContext, units: number): Promise<never> | null {
  try {
    costBudget.take(units);
    return null;
  } catch (error) {
    return Promise.reject(error);
  }
}

function known(
  all: WeakMap<FieldNode, ObjectUnits>,
  info: GraphQLResolveInfo,
  make: (info: GraphQLResolveInfo) => ObjectUnits,
): ObjectUnits {
  const [node] = info.fieldNodes;
  const made = (node === undefined ? undefined : all.get(node)) ?? make(info);
  if (node !== undefined) all.set(node, made);
  return made;
}

function isDear(schema: GraphQLSchema, type: GraphQLObjectType, field: Field): boolean {
  return factsOf(schema, type, field).units > 1;
}

/** What is dear counts by itself where it is of no item of a list: those have counted it. Aliases of it take turns. */
function countObject(field: Field, argumentList: ArgumentList | undefined): void {
  const { resolve = defaultFieldResolver } = field;
  const counted: Resolve = (source, args, context, info) => {
    if (isOfItem(info.path)) return resolve(source, args, context, info);
    const below = known(unitsOfObjects, info, unitsOfObject);
    const own = factsOf(info.schema, info.parentType, field);
    const refusal = refusalOf(context, own.units + below.units);
    if (refusal !== null) return refusal;
    const ofArgument = argumentList === undefined ? 0 : stepsOf(args, argumentList);
    const turn = context.slices.begin(own.steps + below.steps + ofArgument);
    return turn === null ? resolve(source, args, context, info) : turn.then(() => resolve(source, args, context, info));
  };
  field.resolve = counted as Field["resolve"] & Resolve;
}

function isOfItem(path: GraphQLResolveInfo["path"]): boolean {
  for (let step: GraphQLResolveInfo["path"] | undefined = path; step !== undefined; step = step.prev) {
    if (typeof step.key === "number") return true;
  }
  return false;
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
