import { ApolloServer, type ApolloServerOptions, type ApolloServerPlugin } from "@apollo/server";
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from "@apollo/server/plugin/disabled";
import type { StructuredLogger } from "../../observability/Logger.js";
import { serverLimits } from "../limits.js";
import { tellPositions } from "../requests/positions.js";
import { recordOperations } from "../requests/requestLog.js";
import type { OperationWatch, ServerContext, ServerOptions } from "../ServerOptions.js";
import type { DocumentStore } from "./DocumentStore.js";
import { executePlanned, type QueryExecution } from "./executeQuery.js";
import { inOurWords } from "./showErrors.js";
import { tellFaults, ValidationInTurns } from "./validateInTurns.js";
import { writeAnswer } from "./writeAnswer.js";

/** Apollo Server with everything off that calls home, asks a CDN, or instruments every field. */
export function createApollo<Context extends ServerContext>(
  options: ServerOptions<Context>,
  documentStore: DocumentStore,
  execution: QueryExecution,
): ApolloServer<Context> {
  const { schema, formatError = (shown) => shown } = options;
  return new ApolloServer<Context>({
    schema,
    formatError: inOurWords(formatError),
    validationRules: [tellFaults, ...(options.validationRules ?? [])],
    // Each is made with its place, and with what may have been meant.
    validationOptions: { maxErrors: serverLimits.validationErrors },
    plugins: [
      ApolloServerPluginUsageReportingDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      lookThrough(options),
      ...(options.watches ?? []).map(asPlugin),
      ...(options.plugins ?? []),
      ...(options.freshness ? [tellPositions(options.freshness)] : []),
      executePlanned<Context>(schema, execution),
      recordOperations<Context>(),
    ],
    introspection: options.config.isIntrospectionOn,
    csrfPrevention: true,
    // Hashes are looked up before: what comes here is unknown.
    persistedQueries: options.config.arePersistedQueriesTaken ? { cache: knowsNone } : false,
    allowBatchedHttpRequests: true,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    documentStore,
    parseOptions: { maxTokens: serverLimits.maxDocumentTokens },
    stringifyResult: async (result) => (await writeAnswer(result, options.config.maxResponseBytes)).pieces.join(""),
    logger: logThrough(options.logger),
  });
}

const knowsNone = { get: async () => undefined, set: async () => undefined, delete: async () => false };

/** A new document is charged; a long one is parsed, validated and run in turns, with what else there is to do between. */
function lookThrough<Context extends ServerContext>({
  budgets,
  config,
  validationRules = [],
}: ServerOptions<Context>): ApolloServerPlugin<Context> {
  const validation = new ValidationInTurns(validationRules, config.isIntrospectionOn);
  return {
    async requestDidStart({ request: { query = "" }, contextValue }) {
      const isLong = query.length >= serverLimits.documentStepCharacters;
      return {
        // Only for a document that is not kept: whether it is let through or not, somebody has to look at it.
        parsingDidStart: async () => {
          const characters = Math.min(query.length, serverLimits.documentChargedCharacters);
          budgets.of(contextValue.request.caller).charge(characters / serverLimits.documentCharactersOfUnit);
        },
        ...(isLong
          ? {
              validationDidStart: async ({ schema, document }) => {
                const restore = await validation.run(schema, document);
                return async () => restore();
              },
            }
          : {}),
      };
    },
  };
}

function asPlugin<Context extends ServerContext>(watch: OperationWatch<Context>): ApolloServerPlugin<Context> {
  return {
    async requestDidStart({ contextValue }) {
      watch.begin(contextValue);
      return {
        async didResolveOperation({ schema, document, operation: definition, request: { variables = {} } }) {
          if (definition) watch.admit?.(contextValue, { schema, document, definition, variables });
        },
        async willSendResponse({ response }) {
          if (response.body.kind === "single") watch.end(contextValue, response.body.singleResult);
        },
      };
    },
  };
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
