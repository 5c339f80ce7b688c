import type { DocumentNode, GraphQLSchema, OperationDefinitionNode } from "graphql";
import type { GraphContext } from "../schema/GraphContext.js";
import type { OperationCost, Variables } from "./CostShape.js";
import { costShapeOf } from "./costOf.js";

/** An operation that is about to run. */
interface Asked {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly definition: OperationDefinitionNode;
  /** As they were sent. */
  readonly variables: Variables;
}

/** What stands around each operation. */
interface CostWatch {
  begin(context: GraphContext): void;
  admit(context: GraphContext, asked: Asked): void;
  end(context: GraphContext, answer: { extensions?: Record<string, unknown> }): void;
}

/**
 * Refuses what costs too much before anything is read for it, and tells in `extensions.cost` of an answer what it might have cost
 * and what it did, where the request asks for that.
 */
export function limitCost(): CostWatch {
  // Each operation of a batch has a copy of the context of its own.
  const estimates = new WeakMap<GraphContext, OperationCost>();
  return {
    begin: () => undefined,
    admit(context, { schema, document, definition, variables }) {
      const estimate = costShapeOf(schema, document, definition).evaluate(variables);
      if (context.isCostWanted) estimates.set(context, estimate);
      context.costBudget.admit(estimate);
    },
    end(context, answer) {
      const estimate = estimates.get(context);
      if (estimate === undefined) return;
      const { limits, spent } = context.costBudget;
      const { cost: estimated, fields, items, bytes } = estimate;
      const cost = { estimated, fields, items, bytes, spent, limit: limits.maxCost };
      answer.extensions = { ...answer.extensions, cost };
    },
  };
}
