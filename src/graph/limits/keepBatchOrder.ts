import type { ApolloServerPlugin } from "@apollo/server";
import { OperationTypeNode } from "graphql";
import type { GraphContext } from "../schema/GraphContext.js";

/** An operation of a batch: whether those that follow may go on. */
interface Turn {
  readonly isOver: Promise<void>;
  readonly end: () => void;
}

/**
 * Operations of one HTTP request that follow a mutation wait for its end, so that they see what it changed. Apollo starts
 * them all at once (2026-11-21, test "by a query that follows in the same batch of one HTTP request"). Queries among
 * themselves still run side by side.
 */
export function keepBatchOrder(): ApolloServerPlugin<GraphContext> {
  // Every operation of a batch has its own copy of the context, but the same budget in it.
  const turnsOf = new WeakMap<object, Turn[]>();
  return {
    async requestDidStart({ contextValue }) {
      const turns = turnsOf.get(contextValue.costBudget) ?? [];
      turnsOf.set(contextValue.costBudget, turns);
      const before = [...turns];
      const turn = startTurn();
      turns.push(turn);
      return {
        async didResolveOperation({ operation }) {
          if (operation?.operation !== OperationTypeNode.MUTATION) turn.end();
          await Promise.all(before.map(({ isOver }) => isOver));
        },
        async willSendResponse() {
          turn.end();
        },
      };
    },
  };
}

function startTurn(): Turn {
  let end: () => void = () => undefined;
  const isOver = new Promise<void>((resolve) => {
    end = resolve;
  });
  return { isOver, end };
}
