import { GraphQLError, type GraphQLFieldResolver, type GraphQLSchema } from "graphql";

/** How many references a gateway may send in one `_entities` field. */
const maxRepresentations = 1_000;

/** Puts a bound on `_entities`, whose list comes from the caller. */
export function limitRepresentations(schema: GraphQLSchema): void {
  const field = schema.getQueryType()?.getFields()._entities;
  const resolve = field?.resolve as GraphQLFieldResolver<unknown, unknown, { representations: unknown[] }> | undefined;
  if (field === undefined || resolve === undefined) return;
  const limited: GraphQLFieldResolver<unknown, unknown, { representations: unknown[] }> = (
    root,
    args,
    context,
    info,
  ) => {
    const count = args.representations.length;
    if (count <= maxRepresentations) return resolve(root, args, context, info);
    throw new GraphQLError(
      `\`_entities\` takes at most ${maxRepresentations} representations; ${count} were sent. Send them in several requests.`,
      { extensions: { code: "BATCH_TOO_LARGE", maxRepresentations } },
    );
  };
  field.resolve = limited as GraphQLFieldResolver<unknown, unknown>;
}
