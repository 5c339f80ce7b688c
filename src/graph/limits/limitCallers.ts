import { GraphQLError, type GraphQLSchema } from "graphql";
import { type CallerBudgets, leastCost, type OverBudget } from "../../callers/CallerBudgets.js";
import type { GraphContext } from "../schema/GraphContext.js";
import { changesIn } from "./limitOperations.js";

/** Takes what each operation has cost out of its caller's budget. */
export function chargeCallers(budgets: CallerBudgets): {
  begin(context: GraphContext): void;
  end(context: GraphContext): void;
} {
  // Operations of a batch share what they cost.
  const charged = new WeakMap<GraphContext["costBudget"], number>();
  return {
    begin: () => undefined,
    end({ caller, costBudget }) {
      if (caller.limits.costPerMinute === null) return;
      const before = charged.get(costBudget) ?? 0;
      charged.set(costBudget, costBudget.spent);
      budgets.of(caller).charge(leastCost + costBudget.spent - before);
    },
  };
}

/** Refuses a mutation, or a preview of changes, whose caller has made its changes of the minute. Dry runs are asked of sites and policies too: they are counted by themselves. */
export function limitWrites(schema: GraphQLSchema): void {
  const preview = schema.getQueryType()?.getFields().previewChanges;
  for (const field of [...Object.values(schema.getMutationType()?.getFields() ?? {}), ...(preview ? [preview] : [])]) {
    const { resolve } = field;
    if (resolve === undefined) continue;
    field.resolve = (source: unknown, args: Record<string, unknown>, context: GraphContext, info) => {
      const { callerBudget } = context;
      // Its changes stand in an argument of their own.
      const isPreview = field === preview;
      const changes = changesIn(isPreview ? { input: args } : args);
      const isPlanned = isPreview || isDryRun(args);
      const found = (isPlanned ? callerBudget?.rehearse(changes) : callerBudget?.write(changes)) ?? null;
      const goOn = (over: OverBudget | null) => {
        if (over !== null) throw refusalOf(over);
        return resolve(source, args, context, info);
      };
      return found instanceof Promise ? found.then(goOn) : goOn(found);
    };
  }
}

function refusalOf({ limit, budget, retryAfterMs }: OverBudget): GraphQLError {
  const done = budget === "dryRuns" ? "plan" : "make";
  return new GraphQLError(
    `This caller may ${done} ${limit} changes a minute, and has done so. Ask again in ${Math.ceil(retryAfterMs / 1000)} s.`,
    { extensions: { code: "CALLER_OVER_BUDGET", budget, limit, retryAfterMs } },
  );
}

function isDryRun({ input }: Record<string, unknown>): boolean {
  return typeof input === "object" && input !== null && "dryRun" in input && input.dryRun === true;
}
