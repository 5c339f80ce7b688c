import {
  type DocumentNode,
  GraphQLError,
  type GraphQLFormattedError,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from "graphql";
import type { GraphContext } from "../schema/GraphContext.js";
import type { OperationCost, Variables } from "./CostShape.js";
import { costShapeOf } from "./costOf.js";
import { ErrorBudget } from "./ErrorBudget.js";
import { mostObjectsGiven } from "./fieldCosts.js";
import { objectsGiven } from "./givenLists.js";

/** An operation that is about to run. */
interface Asked {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly definition: OperationDefinitionNode;
  /** As they were sent. */
  readonly variables: Variables;
}

/** An answer as it will be shown. */
interface Answer {
  errors?: readonly GraphQLFormattedError[];
  extensions?: Record<string, unknown>;
}

/** What stands around each operation. */
interface CostWatch {
  begin(context: GraphContext): void;
  admit(context: GraphContext, asked: Asked): void;
  end(context: GraphContext, answer: Answer): void;
}

/**
 * Refuses what costs too much before anything is read for it, tells what errors were only counted, and tells in `extensions.cost` of an answer what it might have cost
 * and what it did, where the request asks for that.
 */
export function limitCost(): CostWatch {
  // Each operation of a batch has a copy of the context of its own.
  const estimates = new WeakMap<GraphContext, OperationCost>();
  return {
    begin(context) {
      Object.assign(context, { errorBudget: new ErrorBudget() } satisfies Partial<GraphContext>);
    },
    admit(context, { schema, document, definition, variables }) {
      const estimate = costShapeOf(schema, document, definition).evaluate(variables);
      if (context.isCostWanted) estimates.set(context, estimate);
      context.costBudget.admit(estimate);
      refuseMany(objectsGiven(schema, definition, variables, mostObjectsGiven));
    },
    end(context, answer) {
      const notes = context.errorBudget.notes();
      if (notes.length > 0) answer.errors = [...(answer.errors ?? []), ...notes];
      const estimate = context.isCostWanted ? estimates.get(context) : undefined;
      if (estimate === undefined) return;
      const { limits, spent } = context.costBudget;
      const { cost: estimated, fields, items, bytes } = estimate;
      const cost = { estimated, fields, items, bytes, spent, limit: limits.maxCost };
      answer.extensions = { ...answer.extensions, cost };
    },
  };
}

function refuseMany(objects: number): void {
  if (objects <= mostObjectsGiven) return;
  const most = mostObjectsGiven.toLocaleString("en");
  throw new GraphQLError(
    `The variables hold more than ${most} objects of inputs, and at most ${most} are taken. Send them in several requests.`,
    { extensions: { code: "BATCH_TOO_LARGE", maxObjects: mostObjectsGiven, http: { status: 400 } } },
  );
}
