import {
  type FieldNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isAbstractType,
  isCompositeType,
  isEnumType,
  isListType,
  isObjectType,
  SchemaMetaFieldDef,
  TypeMetaFieldDef,
  TypeNameMetaFieldDef,
} from "graphql";
import { pageLimits } from "../limits/budgets.js";
import { ownNameOf } from "../schema/naming/Naming.js";
import { once, type PageSize, type Times } from "./CostShape.js";
import {
  argumentLists,
  fieldCosts,
  longTextBytes,
  longTexts,
  mostAtOnce,
  mutationCost,
  usualBytes,
  usualEnumBytes,
  usualList,
  usualLists,
  usualPage,
  usualPages,
  usualTextBytes,
} from "./fieldCosts.js";

export type AnyField = GraphQLField<unknown, unknown>;

/** A field by its name, the library's own too. */
export function fieldOf(
  schema: GraphQLSchema,
  type: GraphQLObjectType,
  node: FieldNode | undefined,
): AnyField | undefined {
  const name = node?.name.value ?? "";
  if (name === "__typename") return TypeNameMetaFieldDef;
  if (type === schema.getQueryType() && name === "__schema") return SchemaMetaFieldDef;
  if (type === schema.getQueryType() && name === "__type") return TypeMetaFieldDef;
  return type.getFields()[name];
}

/** What of a field does not depend on the document. */
export interface FieldFacts {
  readonly units: number;
  /** The same as far as it is done in one go. */
  readonly steps: number;
  readonly valueBytes: number;
  readonly isPlain: boolean;
  /** How many objects or values it stands for, where no argument says so. */
  readonly times: Times;
  /** Of a list as long as one that an argument holds: which. */
  readonly argument: string | null;
  /** Of what has pages: their sizes. */
  readonly pages: Omit<PageSize, "first"> | null;
  /** Whether the pages are of this list itself, not of a connection. */
  readonly isPaged: boolean;
  /** The types that its objects may be of. */
  readonly objectTypes: readonly GraphQLObjectType[];
}

/** The lists that hold what a page has. */
const pageFields: ReadonlySet<string> = new Set(["nodes", "edges", "entries"]);

/** Where a field stands in the tables of costs, whatever it is called. */
export function placeOf(type: GraphQLObjectType, field: AnyField): string {
  return `${ownNameOf(type)}.${ownNameOf(field)}`;
}

const factsOfFields = new WeakMap<AnyField, FieldFacts>();

export function factsOf(schema: GraphQLSchema, type: GraphQLObjectType, field: AnyField): FieldFacts {
  const known = factsOfFields.get(field);
  if (known !== undefined) return known;
  const place = placeOf(type, field);
  const named = getNamedType(field.type);
  const isPlain = !isCompositeType(named);
  const isList = isListType(getNullableType(field.type));
  const argument = isList ? (argumentLists[place]?.argument ?? null) : null;
  const pages = field.args.some(({ name }) => name === "first") ? pagesOf(place, field) : null;
  const items = isList ? (usualLists[place] ?? usualLists[ownNameOf(field)] ?? usualList) : 1;
  const extra = type.name === "Mutation" ? mutationCost : (fieldCosts[place] ?? fieldCosts[ownNameOf(field)] ?? 0);
  const plainItems = isPlain ? (items - 1) / 4 : 0;
  const isReadInSteps = pages !== null || type.name === "Query";
  const facts: FieldFacts = {
    units: 1 + extra + plainItems,
    steps: 1 + (isReadInSteps ? Math.min(extra, mostAtOnce) : extra) + plainItems,
    valueBytes: isPlain ? bytesOf(field) * items : 2,
    isPlain,
    times: isList ? listTimes(type, field, items) : once,
    argument,
    pages,
    isPaged: isList && pages !== null,
    objectTypes: objectTypesOf(schema, field.type),
  };
  factsOfFields.set(field, facts);
  return facts;
}

function listTimes(type: GraphQLObjectType, { name }: AnyField, items: number): Times {
  const isOfPage = pageFields.has(name) && /Connection$|^RecordEntries$/.test(ownNameOf(type));
  return isOfPage ? { kind: "page" } : { kind: "usual", items };
}

function bytesOf({ name, type }: AnyField): number {
  const named = getNamedType(type);
  if (longTexts.has(name)) return longTextBytes;
  return isEnumType(named) ? usualEnumBytes : (usualBytes[ownNameOf(named)] ?? usualTextBytes);
}

function pagesOf(place: string, { args }: AnyField): Omit<PageSize, "first"> {
  const preset = args.find(({ name }) => name === "first")?.defaultValue;
  return {
    default: typeof preset === "number" ? preset : pageLimits.default,
    max: pageLimits.max,
    usual: usualPages[place] ?? usualPage,
  };
}

/** The types that objects of a field may be of; none for a plain value. */
export function objectTypesOf(schema: GraphQLSchema, type: GraphQLOutputType): readonly GraphQLObjectType[] {
  const named = getNamedType(type);
  if (isObjectType(named)) return [named];
  return isAbstractType(named) ? schema.getPossibleTypes(named) : [];
}

/** Whether a fragment of a condition is about objects of a type. */
export function applies(schema: GraphQLSchema, condition: string | undefined, type: GraphQLObjectType): boolean {
  if (condition === undefined || condition === type.name) return true;
  const wide = schema.getType(condition);
  return isAbstractType(wide) && schema.isSubType(wide, type);
}
