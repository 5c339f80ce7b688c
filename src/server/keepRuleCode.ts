import { GraphQLError, type GraphQLFormattedError } from "graphql";

/**
 * Apollo writes GRAPHQL_VALIDATION_FAILED over whatever code a validation rule reported. This puts the rule's own code
 * back, so that a limit such as QUERY_TOO_DEEP can be told from a misspelt field.
 */
export function keepRuleCode(shown: GraphQLFormattedError, error: unknown): GraphQLFormattedError {
  if (!(error instanceof GraphQLError) || error.extensions.code !== "GRAPHQL_VALIDATION_FAILED") return shown;
  const original = error.originalError;
  const code = original instanceof GraphQLError ? original.extensions.code : undefined;
  return typeof code === "string" ? { ...shown, extensions: { ...shown.extensions, code } } : shown;
}
