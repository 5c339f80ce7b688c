import { randomUUID } from "node:crypto";
import { unwrapResolverError } from "@apollo/server/errors";
import { GraphQLError, type GraphQLFormattedError } from "graphql";
import { SiteError } from "../../domain/SiteError.js";
import type { Logger } from "../../observability/Logger.js";
import { upstreamCodes } from "./errorCodes.js";

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
      return { ...locationOf(shown), message: original.message, extensions: factsOf(original) };
    if (shown.extensions?.code !== "INTERNAL_SERVER_ERROR") return withoutStack(shown, error);
    const fault = describeArgumentFault(original);
    if (fault !== null) return { ...locationOf(shown), message: fault, extensions: { code: "BAD_USER_INPUT" } };
    const errorId = randomUUID();
    logger.error({ errorId, error: original, path: shown.path }, "a resolver failed: this is a bug");
    return {
      ...locationOf(shown),
      message: `Something went wrong here, and it is our fault. The log has it under ${errorId}.`,
      extensions: { code: "INTERNAL", errorId },
    };
  };
}

function locationOf({ path, locations }: GraphQLFormattedError): Partial<GraphQLFormattedError> {
  return { ...(path === undefined ? {} : { path }), ...(locations === undefined ? {} : { locations }) };
}

function factsOf(error: SiteError): Record<string, unknown> {
  return {
    code: upstreamCodes[error.kind],
    ...(error.call === "" ? {} : { call: error.call }),
    ...(error.status === null ? {} : { upstreamStatus: error.status }),
    ...(error.retryAfterMs === null ? {} : { retryAfterMs: error.retryAfterMs }),
  };
}

function withoutStack(shown: GraphQLFormattedError, error: unknown): GraphQLFormattedError {
  const { stacktrace: _, ...extensions } = { ...shown.extensions };
  return { ...shown, message: withoutPasswords(shown, error), extensions };
}

/**
 * What is wrong with an argument that only running the operation shows: a variable in it is null or left out where a value is
 * needed, or more is wrong with the variables than the library lists. It says so as if a resolver had failed, and prints the
 * argument as it stands in the document, passwords included; this quotes nothing. `null` for any other error.
 */
function describeArgumentFault(error: unknown): string | null {
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

/** What the library finds wrong with a request, by its code: its own words quote the request. */
const unquoted: Readonly<Record<string, (message: string) => string>> = {
  GRAPHQL_PARSE_FAILED: () => "The document cannot be parsed",
  GRAPHQL_VALIDATION_FAILED: () => "The document does not fit the schema",
  BAD_USER_INPUT: (message) => `${/^Variable "\$\w+"/.exec(message)?.[0] ?? "A variable"} got an invalid value`,
};

/**
 * The message of an error of the library, without quoting a request that mentions a password: the library prints what it does
 * not understand, in a dozen forms, whichever of its fields is at fault. What is left names the kind of fault and the place.
 * Other messages are kept as they are.
 */
export function withoutPasswords({ message, locations = [], path, extensions }: GraphQLFormattedError, error: unknown) {
  // Errors with a path are the resolvers', in our own words.
  const tell = path === undefined ? unquoted[String(extensions?.code)] : undefined;
  const document = error instanceof GraphQLError ? (error.source?.body ?? "") : "";
  if (tell === undefined || !/password/i.test(message + document)) return message;
  const places = locations.map(({ line, column }) => ` at line ${line}, column ${column}`).join(" and");
  return `${tell(message)}${places}. Nothing of the request is repeated here, because it mentions a password.`;
}
