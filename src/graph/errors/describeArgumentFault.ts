import { GraphQLError } from "graphql";

/**
 * What is wrong with an argument that only running the operation shows: a variable in it is null or left out where a value is
 * needed. The library says so as if a resolver had failed, and prints the argument as it stands in the document, passwords
 * included; this quotes nothing. `null` for any other error.
 */
export function describeArgumentFault(error: unknown): string | null {
  if (!(error instanceof GraphQLError) || error.extensions.code !== undefined) return null;
  const [, name] =
    /^Argument "(\w+)" (?:of required type|of non-null type|has invalid value)/.exec(error.message) ?? [];
  if (name === undefined) return null;
  return `Argument "${name}" has no valid value: a variable in it is null or was not provided where a value is required.`;
}
