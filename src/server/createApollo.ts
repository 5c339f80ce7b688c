import { ApolloServer, type ApolloServerOptions } from "@apollo/server";
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from "@apollo/server/plugin/disabled";
import type { StructuredLogger } from "../observability/StructuredLogger.js";
import { DocumentStore } from "./DocumentStore.js";
import { inOwnWords, keepRuleCode } from "./keepRuleCode.js";
import { recordOperations } from "./recordOperations.js";
import type { ServerContext } from "./ServerContext.js";
import type { ServerOptions } from "./ServerOptions.js";
import { serverLimits } from "./serverLimits.js";

/** Apollo Server with everything off that calls home, asks a CDN, or instruments every field. */
export function createApollo<Context extends ServerContext>(options: ServerOptions<Context>): ApolloServer<Context> {
  const { formatError = (shown) => shown } = options;
  return new ApolloServer<Context>({
    schema: options.schema,
    formatError: (shown, error) => formatError(inOwnWords(keepRuleCode(shown, error)), error),
    validationRules: [...(options.validationRules ?? [])],
    plugins: [
      ApolloServerPluginUsageReportingDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ...(options.plugins ?? []),
      recordOperations<Context>(),
    ],
    introspection: true,
    csrfPrevention: true,
    persistedQueries: false,
    allowBatchedHttpRequests: true,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    documentStore: new DocumentStore({
      totalCharacters: serverLimits.documentStoreCharacters,
      longestDocument: serverLimits.documentStoreLongest,
    }),
    parseOptions: { maxTokens: serverLimits.maxDocumentTokens },
    stringifyResult: (result) => JSON.stringify(result),
    logger: logThrough(options.logger),
  });
}

function logThrough(logger: StructuredLogger): NonNullable<ApolloServerOptions<ServerContext>["logger"]> {
  const component = { component: "apollo" };
  return {
    debug: (message) => logger.debug(component, String(message)),
    info: (message) => logger.info(component, String(message)),
    warn: (message) => logger.warn(component, String(message)),
    error: (message) => logger.error(component, String(message)),
  };
}
