import type { IncomingHttpHeaders } from "node:http";
import type { ApolloServerOptions, ApolloServerPlugin } from "@apollo/server";
import type { GraphQLSchema, ValidationRule } from "graphql";
import type { ServerConfig } from "../config/Config.js";
import type { StructuredLogger } from "../observability/Logger.js";
import type { ReadinessReport } from "./health.js";

/** What the server is made of; it knows HTTP, and nothing of Confluence. */
export interface ServerOptions<Context extends ServerContext> {
  readonly config: ServerConfig;
  readonly logger: StructuredLogger;
  readonly schema: GraphQLSchema;
  /** Called once for each HTTP request, also for a batch. `request` of the answer is the very object that was given. */
  readonly createContext: (request: RequestFacts) => Context | Promise<Context>;
  readonly readiness: () => ReadinessReport;
  readonly plugins?: readonly ApolloServerPlugin<Context>[];
  /** Rules beside GraphQL's own. A code in the extensions of what they report reaches the client. */
  readonly validationRules?: readonly ValidationRule[];
  readonly formatError?: NonNullable<ApolloServerOptions<Context>["formatError"]>;
  /** Called after the last answer went out and before `close` resolves: time to close what stands below. */
  readonly onClose?: () => Promise<void> | void;
}

/** What a GraphQL context holds at least: the facts it was made from, the same object. */
export interface ServerContext {
  readonly request: RequestFacts;
}

/** What the graph may know of the HTTP request that it answers. */
export interface RequestFacts {
  /** The caller's `X-Request-Id` where it is usable, otherwise one of ours. Stands in every log line of the request. */
  readonly requestId: string;
  /** As received, without `authorization` and `cookie`. */
  readonly headers: Readonly<IncomingHttpHeaders>;
  /** The caller sent `Cache-Control: no-cache`: nothing that was read before this request may answer it. */
  readonly isFreshWanted: boolean;
  /** Adds the request id to each line. */
  readonly logger: StructuredLogger;
}
