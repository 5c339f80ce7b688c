import { GraphQLError, type GraphQLFieldResolver, type GraphQLSchema } from "graphql";
import type { GraphContext } from "../GraphContext.js";

type EntitiesResolver = GraphQLFieldResolver<unknown, GraphContext, { representations: unknown[] }>;

/** How many references a gateway may send in one `_entities` field. */
const maxRepresentations = 1_000;

/**
 * Puts a bound on `_entities`, whose list comes from the caller, and counts it as any other list: one variable of 1,000
 * references can be used by many aliases.
 */
export function limitRepresentations(schema: GraphQLSchema): void {
  const field = schema.getQueryType()?.getFields()._entities;
  const resolve = field?.resolve as EntitiesResolver | undefined;
  if (field === undefined || resolve === undefined) return;
  const limited: EntitiesResolver = (root, args, context, info) => {
    const count = args.representations.length;
    if (count > maxRepresentations) {
      throw new GraphQLError(
        `\`_entities\` takes at most ${maxRepresentations} representations; ${count} were sent. Send them in several requests.`,
        { extensions: { code: "BATCH_TOO_LARGE", maxRepresentations } },
      );
    }
    context.resultBudget.take(count);
    return resolve(root, args, context, info);
  };
  field.resolve = limited as GraphQLFieldResolver<unknown, unknown>;
}
