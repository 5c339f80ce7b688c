import { ApolloServerErrorCode } from "@apollo/server/errors";
import { GraphQLError, type GraphQLFormattedError } from "graphql";

export type FormatError = (shown: GraphQLFormattedError, error: unknown) => GraphQLFormattedError;

/** How errors are shown: what the graph says of them, of what is left when the libraries' words are put into ours. */
export function inOurWords(formatError: FormatError): FormatError {
  return (shown, error) => formatError(inOwnWords(keepRuleCode(shown, error)), error);
}

/**
 * The errors of an execution as Apollo would hand them to `formatError`: with the code that it gives to those without one. No
 * resolver sets the status or the headers of an answer by `extensions.http`, which Apollo would take out as well.
 */
export function showErrors(errors: readonly GraphQLError[], format: FormatError): GraphQLFormattedError[] {
  return errors.map((error) => {
    const code = error.extensions.code ?? ApolloServerErrorCode.INTERNAL_SERVER_ERROR;
    try {
      return format({ ...error.toJSON(), extensions: { ...error.extensions, code } }, error);
    } catch {
      return { message: "Internal server error", extensions: { code: ApolloServerErrorCode.INTERNAL_SERVER_ERROR } };
    }
  });
}

/**
 * Apollo writes GRAPHQL_VALIDATION_FAILED over whatever code a validation rule reported. This puts the rule's own code
 * back, so that a limit such as QUERY_TOO_DEEP can be told from a misspelt field.
 */
function keepRuleCode(shown: GraphQLFormattedError, error: unknown): GraphQLFormattedError {
  if (!(error instanceof GraphQLError) || error.extensions.code !== "GRAPHQL_VALIDATION_FAILED") return shown;
  const original = error.originalError;
  const code = original instanceof GraphQLError ? original.extensions.code : undefined;
  return typeof code === "string" ? { ...shown, extensions: { ...shown.extensions, code } } : shown;
}

/**
 * Says in our words what the libraries say of a request in words of theirs: a name that was sent is not repeated, since it may
 * be anything, and a document that exhausts the parser's stack is too deep, and no fault of the runtime's.
 */
function inOwnWords(shown: GraphQLFormattedError): GraphQLFormattedError {
  const { message, extensions } = shown;
  if (extensions?.code === "OPERATION_RESOLUTION_FAILURE" && message.startsWith("Unknown operation")) {
    return { ...shown, message: "The document has no operation of the name that operationName gives." };
  }
  if (/^Maximum call stack size exceeded/.test(message) && extensions?.code !== "INTERNAL_SERVER_ERROR") {
    return {
      ...shown,
      message: "The document is nested too deep to be read.",
      extensions: { ...extensions, code: "QUERY_TOO_DEEP" },
    };
  }
  return message.endsWith("\n") ? { ...shown, message: message.trimEnd() } : shown;
}
