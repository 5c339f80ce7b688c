import { randomUUID } from "node:crypto";
import { unwrapResolverError } from "@apollo/server/errors";
import type { GraphQLFormattedError } from "graphql";
import { SiteError } from "../../domain/SiteError.js";
import type { Logger } from "../../observability/Logger.js";
import { describeArgumentFault } from "./describeArgumentFault.js";
import { upstreamCodes } from "./upstreamCodes.js";
import { withoutPasswords } from "./withoutPasswords.js";

/**
 * What a client sees of an error. A failed conversation with a site gets its stable code and what the site said; our own
 * bugs are masked, with an id that stands in the log.
 */
export function formatGraphError(
  logger: Logger,
): (shown: GraphQLFormattedError, error: unknown) => GraphQLFormattedError {
  return (shown, error) => {
    const original = unwrapResolverError(error);
    if (original instanceof SiteError)
      return { ...placeOf(shown), message: original.message, extensions: factsOf(original) };
    if (shown.extensions?.code !== "INTERNAL_SERVER_ERROR") return withoutStack(shown, error);
    const fault = describeArgumentFault(original);
    if (fault !== null) return { ...placeOf(shown), message: fault, extensions: { code: "BAD_USER_INPUT" } };
    const errorId = randomUUID();
    logger.error({ errorId, error: original, path: shown.path }, "a resolver failed: this is a bug");
    return {
      ...placeOf(shown),
      message: `Something went wrong here, and it is our fault. The log has it under ${errorId}.`,
      extensions: { code: "INTERNAL", errorId },
    };
  };
}

function placeOf({ path, locations }: GraphQLFormattedError): Partial<GraphQLFormattedError> {
  return { ...(path === undefined ? {} : { path }), ...(locations === undefined ? {} : { locations }) };
}

function factsOf(error: SiteError): Record<string, unknown> {
  return {
    code: upstreamCodes[error.kind],
    call: error.call,
    ...(error.status === null ? {} : { upstreamStatus: error.status }),
    ...(error.retryAfterMs === null ? {} : { retryAfterMs: error.retryAfterMs }),
  };
}

function withoutStack(shown: GraphQLFormattedError, error: unknown): GraphQLFormattedError {
  const { stacktrace: _, ...extensions } = { ...shown.extensions };
  return { ...shown, message: withoutPasswords(shown, error), extensions };
}
