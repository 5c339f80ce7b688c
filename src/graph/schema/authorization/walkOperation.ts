import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLInputType,
  type GraphQLInterfaceType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  isUnionType,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  valueFromASTUntyped,
} from "graphql";
import type { Caller } from "../../../callers/Caller.js";
import type { Scope } from "../../../domain/Scope.js";
import { ownNameOf } from "../naming/Naming.js";
import { judge } from "./needs.js";

/** A field of a document that its caller may not ask for. */
export interface Refused {
  readonly node: FieldNode;
  /** What is lacking; `null` where the table does not know the field. */
  readonly scope: Scope | null;
}

/** Fields of an interface have rows of their own in the table; the objects behind them are guarded by theirs. */
type WithFields = GraphQLObjectType | GraphQLInterfaceType;

interface Operation {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly variables: Readonly<Record<string, unknown>>;
}

interface Walked {
  readonly refused: readonly Refused[];
  /** Other variables might have been decided otherwise. */
  readonly dependsOnVariables: boolean;
}

/**
 * The fields of an operation that its caller may not ask for, in the order of the document. Introspection is free. What stands below a
 * refused field is not looked at: it is refused with it. Each fragment is walked once, so the time is that of the document's length.
 */
export function walkOperation(caller: Caller, { schema, document, operation, variables: given }: Operation): Walked {
  const refused = new Map<FieldNode, Scope | null>();
  const fragments = new Map(
    document.definitions.flatMap((each): [string, FragmentDefinitionNode][] =>
      each.kind === Kind.FRAGMENT_DEFINITION ? [[each.name.value, each]] : [],
    ),
  );
  const walked = new Set<string>();
  const variables = withDefaults(operation, given);
  let dependsOnVariables = false;

  const visit = ({ selections }: SelectionSetNode, parent: WithFields | null): void => {
    for (const selection of selections) {
      if (!isIncluded(selection)) continue;
      if (selection.kind === Kind.FIELD) visitField(selection, parent);
      else if (selection.kind === Kind.INLINE_FRAGMENT) {
        const condition = selection.typeCondition?.name.value;
        visit(selection.selectionSet, condition === undefined ? parent : typeWithFields(condition));
      } else {
        const fragment = fragments.get(selection.name.value);
        if (fragment === undefined || walked.has(selection.name.value)) continue;
        walked.add(selection.name.value);
        visit(fragment.selectionSet, typeWithFields(fragment.typeCondition.name.value));
      }
    }
  };

  const visitField = (node: FieldNode, parent: WithFields | null): void => {
    const name = node.name.value;
    // `__typename` on a union has no parent here, and needs none.
    if (name.startsWith("__") || parent === null) return;
    const field = parent.getFields()[name];
    if (field === undefined) return;
    const argTypes = new Map<string, GraphQLInputType>(field.args.map((arg) => [arg.name, arg.type]));
    const args: Record<string, unknown> = {};
    for (const { name: arg, value } of node.arguments ?? []) {
      if (holdsVariable(value)) dependsOnVariables = true;
      args[arg.value] = valueFromASTUntyped(value, variables);
    }
    const verdict = judge(caller, { type: ownNameOf(parent), name: ownNameOf(field), argTypes }, args);
    if (verdict.kind === "refused") {
      refused.set(node, verdict.scope);
      return;
    }
    const type = getNamedType(field.type);
    if (node.selectionSet === undefined || !isCompositeType(type)) return;
    visit(node.selectionSet, isUnionType(type) ? null : type);
  };

  const typeWithFields = (name: string): WithFields | null => {
    const type = schema.getType(name);
    return isObjectType(type) || isInterfaceType(type) ? type : null;
  };

  const isIncluded = ({ directives = [] }: SelectionNode): boolean =>
    directives.every(({ name, arguments: args = [] }) => {
      if (name.value !== "skip" && name.value !== "include") return true;
      const condition = args.find((arg) => arg.name.value === "if")?.value;
      if (condition === undefined) return true;
      if (holdsVariable(condition)) dependsOnVariables = true;
      return valueFromASTUntyped(condition, variables) !== (name.value === "skip");
    });

  const root = schema.getRootType(operation.operation);
  if (root != null) visit(operation.selectionSet, root);
  return { refused: [...refused].map(([node, scope]) => ({ node, scope })), dependsOnVariables };
}

/** The variables as they count: what was not given has its default. */
function withDefaults(
  { variableDefinitions = [] }: OperationDefinitionNode,
  given: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  // Whatever they are called: none has a value from what all objects have.
  const variables: Record<string, unknown> = Object.assign(Object.create(null), given);
  for (const { variable, defaultValue } of variableDefinitions) {
    const name = variable.name.value;
    if (variables[name] === undefined && defaultValue !== undefined) {
      variables[name] = valueFromASTUntyped(defaultValue);
    }
  }
  return variables;
}

type ValueNode = NonNullable<FieldNode["arguments"]>[number]["value"];

function holdsVariable(value: ValueNode): boolean {
  switch (value.kind) {
    case Kind.VARIABLE:
      return true;
    case Kind.LIST:
      return value.values.some(holdsVariable);
    case Kind.OBJECT:
      return value.fields.some((field) => holdsVariable(field.value));
    default:
      return false;
  }
}
