import type { ApolloServerOptions, ApolloServerPlugin } from "@apollo/server";
import type { GraphQLSchema, ValidationRule } from "graphql";
import type { ServerConfig } from "../config/Config.js";
import type { StructuredLogger } from "../observability/StructuredLogger.js";
import type { ReadinessReport } from "./ReadinessReport.js";
import type { RequestFacts } from "./RequestFacts.js";
import type { ServerContext } from "./ServerContext.js";

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
