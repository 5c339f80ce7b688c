import type { ApolloServerPlugin } from "@apollo/server";
import type { GraphContext } from "./GraphContext.js";
import { GapNode } from "./types/GapNode.js";

/**
 * Puts every gap of a response into its `extensions.completeness`, so that a query which did not ask for `completeness`
 * is not silently answered short.
 */
export function reportCompleteness(): ApolloServerPlugin<GraphContext> {
  return {
    async requestDidStart() {
      return {
        async willSendResponse({ contextValue, response }) {
          const gaps = contextValue.reportedGaps.all();
          if (gaps.length === 0 || response.body.kind !== "single") return;
          const { singleResult } = response.body;
          singleResult.extensions = {
            ...singleResult.extensions,
            completeness: { isComplete: false, gaps: gaps.map((gap) => ({ ...new GapNode(gap) })) },
          };
        },
      };
    },
  };
}
