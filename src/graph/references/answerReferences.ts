import { GraphQLError, type GraphQLFieldResolver, type GraphQLResolveInfo, type GraphQLSchema } from "graphql";
import { outcomeOf } from "../../domain/SiteError.js";
import { InputError } from "../errors/InputError.js";
import type { GraphContext } from "../GraphContext.js";
import type { Reference } from "./readReference.js";
import { referenceResolvers } from "./referenceResolvers.js";

/** How many references a gateway may send in one `_entities` field. */
const maxRepresentations = 1_000;

/** By name alone: what every object inherits is no entity. */
const resolvers = new Map(Object.entries(referenceResolvers));

/**
 * Answers `_entities` in our own way. The library throws at the first reference of an unknown type and leaves the others, which
 * it had begun, without anybody to hear them fail: one rejection ended the process (2.14.4, 2026-11-28). Here every reference is
 * checked before it is read, and all are settled together: a bad one is null with its error, the others are answered.
 *
 * The list comes from the caller, so it has a bound, and counts as any other list: one variable of 1,000 references can be used
 * by many aliases.
 */
export function answerReferences(schema: GraphQLSchema): void {
  const field = schema.getQueryType()?.getFields()._entities;
  if (field === undefined) throw new Error("The schema has no `_entities`: it is no subgraph.");
  const resolve: GraphQLFieldResolver<unknown, GraphContext, { representations: readonly unknown[] }> = (
    _root,
    { representations },
    context,
    info,
  ) => {
    const count = representations.length;
    if (count > maxRepresentations) {
      throw new GraphQLError(
        `\`_entities\` takes at most ${maxRepresentations} representations; ${count} were sent. Send them in several requests.`,
        { extensions: { code: "BATCH_TOO_LARGE", maxRepresentations } },
      );
    }
    context.resultBudget.take(count);
    return Promise.all(representations.map((reference) => outcomeOf(answer(reference, context, info))));
  };
  field.resolve = resolve as GraphQLFieldResolver<unknown, unknown>;
}

async function answer(reference: unknown, context: GraphContext, info: GraphQLResolveInfo): Promise<object | null> {
  if (!isReference(reference)) throw invalid("A reference must be an object with `__typename` and a key.");
  const { __typename: typeName } = reference;
  const resolve = typeof typeName === "string" ? resolvers.get(typeName) : undefined;
  if (resolve === undefined) {
    throw invalid(
      `The \`__typename\` of a reference must be an entity of this graph: ${[...resolvers.keys()].join(", ")}.`,
    );
  }
  return resolve(reference, context, info);
}

function isReference(value: unknown): value is Reference {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function invalid(message: string): InputError {
  return new InputError("INVALID_REFERENCE", "representations", message);
}
