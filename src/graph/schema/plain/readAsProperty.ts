import type { GraphQLField } from "graphql";

/** What a field that is a property of its object tells who reads it without calling anything. */
export interface AsProperty {
  /** The resolver that this is said of. Another that is put around it later, such as one that refuses, is called each time. */
  readonly resolve: unknown;
  /** Whether the resolver has to be called after all, for a value that an object has. */
  isAsked(value: unknown, source: unknown): boolean;
}

/**
 * Says of a field that its resolver, as it is now, answers with the property of its name and does nothing else, but for some values.
 * The executor (`server/operations/planned`) reads such properties by itself: in a list of a thousand rows a call for each takes
 * longer than the answer.
 */
export function readAsProperty(field: GraphQLField<unknown, unknown>, isAsked: AsProperty["isAsked"]): void {
  const asProperty: AsProperty = { resolve: field.resolve, isAsked };
  field.extensions = { ...field.extensions, asProperty };
}
