import {
  GraphQLScalarType,
  type GraphQLSchema,
  getVariableValues,
  isScalarType,
  typeFromAST,
  type VariableDefinitionNode,
} from "graphql";
import { fitOfVariables } from "./fitVariables.js";
import type { KnownOperation } from "./KnownOperation.js";

type Variables = Readonly<Record<string, unknown>>;

/** How variables of the operations of a schema are coerced; `null` where they do not fit. */
export type CoerceVariables = (operation: KnownOperation, variables: Variables) => Variables | null;

/** What a scalar takes values by that leaves them as they are. */
const { parseValue: asItIs } = new GraphQLScalarType({ name: "AsItIs" });

/**
 * Coerces as graphql-js does. A list of references, `[_Any!]!`, is left as it is where nothing in it is missing, for there is nothing to
 * do to any of them: graphql-js makes a path for each.
 */
export function coerceWith(schema: GraphQLSchema): CoerceVariables {
  const listsOf = ({ definition: { variableDefinitions = [] } }: KnownOperation) =>
    variableDefinitions.every((each) => isListOfAnything(schema, each))
      ? variableDefinitions.map(({ variable }) => variable.name.value)
      : null;
  const fitOf = ({ definition: { variableDefinitions = [] } }: KnownOperation) =>
    fitOfVariables(schema, variableDefinitions);
  return (operation, variables) => {
    const { variableDefinitions = [] } = operation.definition;
    if (variableDefinitions.length === 0) return {};
    const lists = operation.once(listsOf);
    if (lists?.every((name) => isWhole(variables[name])) === true) {
      return Object.fromEntries(lists.map((name) => [name, variables[name]]));
    }
    const fitted = operation.once(fitOf)(variables);
    if (fitted !== null) return fitted;
    // Apollo asks first whether it may run at all, and so what many of them cost; graphql-js takes microseconds for each.
    if (!areFew(variables)) return null;
    const { errors, coerced } = getVariableValues(schema, variableDefinitions, variables);
    return errors === undefined ? coerced : null;
  };
}

function isListOfAnything(schema: GraphQLSchema, { type }: VariableDefinitionNode): boolean {
  const list = type.kind === "NonNullType" ? type.type : type;
  if (list.kind !== "ListType" || list.type.kind !== "NonNullType" || list.type.type.kind !== "NamedType") return false;
  const item = typeFromAST(schema, list.type.type);
  return isScalarType(item) && item.parseValue === asItIs;
}

function isWhole(list: unknown): boolean {
  return Array.isArray(list) && list.every((item) => item !== null && item !== undefined);
}

/** Values of variables that graphql-js fits to their types before anybody asks what they cost: a millisecond or two. */
const fewValues = 1_000;

function areFew(variables: Variables): boolean {
  const open: unknown[] = [variables];
  for (let values = 0; open.length > 0; ) {
    const held = Object.values(open.pop() as object);
    values += held.length;
    if (values > fewValues) return false;
    for (const each of held) if (typeof each === "object" && each !== null) open.push(each);
  }
  return true;
}
