import { ApolloServer, type ApolloServerOptions, type BaseContext } from "@apollo/server";
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from "@apollo/server/plugin/disabled";
import { fastifyApolloHandler } from "@as-integrations/fastify";
import type { FastifyInstance } from "fastify";
import { type DocumentNode, GraphQLError, type GraphQLFormattedError } from "graphql";
import { LRUCache } from "lru-cache";
import type { StructuredLogger } from "../observability/Logger.js";
import { refusalOf } from "./callers.js";
import { serverLimits } from "./limits.js";
import { sendRefusal } from "./refusals.js";
import { RequestRecord, recordOperations } from "./requestLog.js";
import type { ServerContext, ServerOptions } from "./ServerOptions.js";

const graphqlPath = "/graphql";

/** GraphQL over HTTP at /graphql: callers are checked before a body is read, and batches before anything runs. */
export function registerGraphql<Context extends ServerContext>(
  fastify: FastifyInstance,
  apollo: ApolloServer<Context>,
  { config, product, callers, logger, createContext }: ServerOptions<Context>,
): void {
  fastify.route({
    method: ["GET", "POST"],
    url: graphqlPath,
    exposeHeadRoute: false,
    onRequest: async (request, reply) => {
      reply.header("cache-control", "no-store");
      const identified = await callers.identify(request.headers.authorization);
      if (identified.kind !== "known") return sendRefusal(reply, refusalOf(identified.kind, product.name));
      RequestRecord.identify(request, identified.caller);
    },
    preHandler: async (request, reply) => {
      if (!Array.isArray(request.body) || request.body.length <= config.batchLimit) return;
      return sendRefusal(reply, {
        status: 400,
        code: "BATCH_TOO_LARGE",
        message: `The batch has ${request.body.length} operations, and at most ${config.batchLimit} are answered in one request. Send several requests.`,
      });
    },
    // GraphQL over HTTP: a client that asks for application/json gets 200 with `errors` where its document or variables
    // are at fault; one that asks for application/graphql-response+json gets the 400 that Apollo answers to both.
    onSend: async (request, reply) => {
      const isPlainJson = String(reply.getHeader("content-type")).startsWith("application/json");
      const record = RequestRecord.of(request);
      // What Apollo refuses before there is an operation passes no hook of its plugins.
      if (reply.statusCode === 400 && record?.hasErrorCode === false) record.addErrorCode("BAD_REQUEST");
      if (isPlainJson && reply.statusCode === 400 && record?.isRequestError) reply.code(200);
    },
    handler: fastifyApolloHandler(apollo, {
      context: async (request) => {
        const record = RequestRecord.of(request) ?? RequestRecord.start(request, logger);
        return createContext(record.facts);
      },
    }),
  });

  fastify.route({
    method: ["DELETE", "HEAD", "OPTIONS", "PATCH", "PUT"],
    url: graphqlPath,
    // Ahead of the body, which is of no interest here.
    onRequest: async (_request, reply) =>
      sendRefusal(reply, {
        status: 405,
        code: "METHOD_NOT_ALLOWED",
        message: "GraphQL is served by GET and POST.",
        headers: { allow: "GET, POST" },
      }),
    handler: async () => undefined,
  });
}

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

type ApolloDocumentStore = NonNullable<ApolloServerOptions<BaseContext>["documentStore"]>;

interface DocumentStoreLimits {
  /** Source characters of all documents together. */
  readonly totalCharacters: number;
  /** A longer document is not kept. */
  readonly longestDocument: number;
}

/**
 * Documents that were parsed and validated before. Sized by the length of their source: Apollo's own store serialises
 * each document to measure it.
 */
export class DocumentStore implements ApolloDocumentStore {
  readonly #documents: LRUCache<string, DocumentNode>;

  constructor(limits: DocumentStoreLimits) {
    this.#documents = new LRUCache({
      maxSize: limits.totalCharacters,
      maxEntrySize: limits.longestDocument,
      sizeCalculation: (document) => Math.max(1, document.loc?.source.body.length ?? limits.longestDocument),
    });
  }

  async get(key: string): Promise<DocumentNode | undefined> {
    return this.#documents.get(key);
  }

  async set(key: string, document: DocumentNode): Promise<void> {
    this.#documents.set(key, document);
  }

  async delete(key: string): Promise<boolean> {
    return this.#documents.delete(key);
  }
}
