import type { ApolloServerPlugin } from "@apollo/server";
import type { GraphContext } from "../GraphContext.js";
import { GapNode } from "../types/GapNode.js";
import { OperationGaps } from "./OperationGaps.js";

interface Reporting {
  /** Whether an incomplete list that was not asked how complete it is also stands in `errors`. */
  readonly areListsTold: boolean;
}

/**
 * Sees to it that no operation is silently answered short: what is missing stands in `extensions.completeness`, and, because
 * gateways drop extensions, in `errors` as well where the query did not ask for it. The data is kept.
 */
export function reportCompleteness({ areListsTold }: Reporting): ApolloServerPlugin<GraphContext> {
  return {
    async requestDidStart({ contextValue }) {
      // Each operation of a batch has its own copy of the context, and tells its own gaps only.
      const gaps = new OperationGaps();
      Object.assign(contextValue, { gaps } satisfies Partial<GraphContext>);
      return {
        async willSendResponse({ response }) {
          if (response.body.kind !== "single") return;
          const { singleResult } = response.body;
          const missing = gaps.all();
          if (missing.length > 0) {
            singleResult.extensions = {
              ...singleResult.extensions,
              completeness: { isComplete: false, gaps: missing.map((gap) => ({ ...new GapNode(gap) })) },
            };
          }
          const errors = gaps.errors(singleResult.data, areListsTold);
          if (errors.length > 0) singleResult.errors = [...(singleResult.errors ?? []), ...errors];
        },
      };
    },
  };
}
