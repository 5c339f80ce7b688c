import type { DocumentNode, GraphQLFormattedError, GraphQLSchema, OperationDefinitionNode } from "graphql";
import type { GraphContext } from "../GraphContext.js";
import { OperationAccess } from "./OperationAccess.js";
import { type Refused, walkOperation } from "./walkOperation.js";

/** An operation that is to be run, known to be valid; variables as they were sent. */
interface Asked {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly definition: OperationDefinitionNode;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** What stands around each operation. */
interface Authorization {
  begin(context: GraphContext): void;
  admit(context: GraphContext, asked: Asked): void;
  end(context: GraphContext, answer: { data?: unknown; errors?: readonly GraphQLFormattedError[] }): void;
}

/** Slots remembered for one operation: there are as many as there are kinds of callers. */
const maxSlots = 100;

/** By operation, for as long as its document is kept: what was decided for callers of each slot. */
const decided = new WeakMap<OperationDefinitionNode, Map<string, readonly Refused[]>>();

/**
 * Decides once for each operation which of its fields its caller may ask for, by walking its selection, and says so of those too that
 * no row of the answer came to. What does not depend on variables is kept beside the document, by the caller's slot. Of callers who may
 * do everything nothing is asked.
 */
export function authorizeOperations(): Authorization {
  return {
    begin(context) {
      if (context.caller.holdsEverything) return;
      // Each operation of a batch has its own copy of the context.
      Object.assign(context, { access: new OperationAccess(context.caller) } satisfies Partial<GraphContext>);
    },
    admit({ caller, access }, asked) {
      if (access === null) return;
      const { schema, document, definition, variables } = asked;
      const slots = decided.get(definition) ?? new Map<string, readonly Refused[]>();
      decided.set(definition, slots);
      const known = slots.get(caller.slot);
      if (known !== undefined) return access.decide(known);
      const walked = walkOperation(caller, { schema, document, variables, operation: definition });
      if (!walked.dependsOnVariables && slots.size < maxSlots) slots.set(caller.slot, walked.refused);
      access.decide(walked.refused);
    },
    end({ access }, answer) {
      if (access === null) return;
      const untold = access.untold();
      if (untold.length === 0 || answer.data === undefined) return;
      answer.errors = [...(answer.errors ?? []), ...untold.map((error) => error.toJSON())];
    },
  };
}
