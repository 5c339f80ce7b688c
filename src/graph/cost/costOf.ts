import { type DocumentNode, type GraphQLSchema, Kind, type OperationDefinitionNode } from "graphql";
import type { CostShape, OperationCost, Variables } from "./CostShape.js";
import { compileCost } from "./compileCost.js";

/** By operation: a document that is kept keeps what was found out about it. */
const shapes = new WeakMap<OperationDefinitionNode, CostShape>();

/** The cost of an operation as a function of its variables; made once for a document that was validated. */
export function costShapeOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): CostShape {
  const known = shapes.get(operation);
  if (known !== undefined) return known;
  const shape = compileCost(schema, document, operation);
  shapes.set(operation, shape);
  return shape;
}

/**
 * What an operation costs, before it runs: the same for the same document and variables. The operation is the one of that name,
 * or the only one. `null` where there is none such, which is refused by itself.
 */
export function costOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | null | undefined,
  variables: Variables,
): OperationCost | null {
  const operations = document.definitions.filter((each) => each.kind === Kind.OPERATION_DEFINITION);
  const operation =
    typeof operationName === "string" && operationName !== ""
      ? operations.find(({ name }) => name?.value === operationName)
      : operations[0];
  return operation === undefined ? null : costShapeOf(schema, document, operation).evaluate(variables);
}
