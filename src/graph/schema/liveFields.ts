import { defaultFieldResolver, type GraphQLFieldResolver, type GraphQLSchema, isObjectType } from "graphql";
import type { GraphContext } from "./GraphContext.js";

/**
 * The fields that are answered from what is never at rest, or must be read at each question: how calls, the crawl and the
 * record stand, and plans. An answer that holds one is not answered again from what is remembered. Mutations are of their kind.
 */
export const liveFields: Readonly<Record<string, readonly string[]>> = {
  Query: ["changes", "change", "changeRequest", "recordEntries", "previewChanges"],
  Site: ["index", "record", "upstreamBudget"],
};

/** Whether what a field of the schema answers is never remembered. */
export function isLive(typeName: string, fieldName: string): boolean {
  return typeName === "Mutation" || (liveFields[typeName]?.includes(fieldName) ?? false);
}

/** Sees to it that what live fields answer is not remembered. Done to the schema as a whole. */
export function watchLiveFields(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      if (!isLive(type.name, field.name)) continue;
      const { resolve = defaultFieldResolver } = field;
      const watched: GraphQLFieldResolver<unknown, GraphContext> = (source, args, context, info) => {
        context.basis.leaveOpen();
        // What is written, or planned, rests on nothing that could not be read again.
        if (type.name === "Mutation" || field.name === "previewChanges") context.basis.overdue.refuse();
        return resolve(source, args, context, info);
      };
      field.resolve = watched as GraphQLFieldResolver<unknown, unknown>;
    }
  }
}
