import { GraphQLError } from "graphql";

/**
 * What is wrong with an argument that only running the operation shows: a variable in it is null or left out where a value is
 * needed, or more is wrong with the variables than the library lists. It says so as if a resolver had failed, and prints the
 * argument as it stands in the document, passwords included; this quotes nothing. `null` for any other error.
 */
export function describeArgumentFault(error: unknown): string | null {
  if (!(error instanceof GraphQLError) || error.extensions.code !== undefined) return null;
  // The library lists fifty faults and then one of this text, which has no place (2026-11-29, "more faults in variables than are listed").
  if (error.message.startsWith("Too many errors processing variables")) {
    return "More is wrong with the variables than is listed: mend these, and ask again.";
  }
  const [, name] =
    /^Argument "(\w+)" (?:of required type|of non-null type|has invalid value)/.exec(error.message) ?? [];
  if (name === undefined) return null;
  return `Argument "${name}" has no valid value: a variable in it is null or was not provided where a value is required.`;
}
