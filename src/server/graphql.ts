import type { ApolloServer } from "@apollo/server";
import { fastifyApolloHandler } from "@as-integrations/fastify";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { LRUCache } from "lru-cache";
import type { Identified } from "../callers/Callers.js";
import { turns } from "../callers/Turns.js";
import { Errand } from "../http/admission/Errand.js";
import { workFor } from "../http/Waiting.js";
import type { EncodeAnswer } from "./answers/encoding.js";
import { AskedBody, KnownBodies } from "./answers/KnownBodies.js";
import { inPieces } from "./answers/sendInPieces.js";
import { parseLongBodies, parseLongBody, parserOf } from "./connection/parseBody.js";
import { betweenSteps, longBody, readBody } from "./connection/readBody.js";
import { serverLimits } from "./limits.js";
import { createAnswerOperation, OperationAnswer } from "./operations/answerOperation.js";
import type { DocumentStore } from "./operations/DocumentStore.js";
import type { QueryExecution } from "./operations/executeQuery.js";
import { comesPlainly, readAsked } from "./operations/readAsked.js";
import type { OperationList } from "./persisted/OperationList.js";
import { createPersisted, isPlain } from "./persisted/resolvePersisted.js";
import { refusalOf, refusalOverBudget } from "./requests/callers.js";
import { footingOf, positionsIn } from "./requests/positions.js";
import { isAnswered, type Refusal, sendRefusal } from "./requests/refusals.js";
import { RequestRecord } from "./requests/requestLog.js";
import { traceRequest } from "./requests/requestSpan.js";
import type { Footing, ServerContext, ServerOptions } from "./ServerOptions.js";

const graphqlPath = "/graphql";

interface GraphqlParts {
  readonly documents: DocumentStore;
  readonly execution: QueryExecution;
  readonly encode: EncodeAnswer;
  /** Operations that clients may ask for by id; `null` where there is no list. */
  readonly list: OperationList | null;
}

/**
 * GraphQL over HTTP at /graphql: callers are checked before a body is read, and batches before anything runs. What Apollo let
 * through before is answered without it.
 */
export function registerGraphql<Context extends ServerContext>(
  fastify: FastifyInstance,
  apollo: ApolloServer<Context>,
  { documents, execution, encode, list }: GraphqlParts,
  options: ServerOptions<Context>,
): void {
  const { config, product, callers, budgets, logger, createContext, tracing = null, freshness = null } = options;
  const bodies = new KnownBodies(options.answers?.store.isOff ?? true);
  const answerOperation = createAnswerOperation(options, execution, bodies);
  const parse = parserOf(fastify);
  parseLongBodies(fastify, (request) => {
    const record = recordOf(request);
    record.isBodyLong = true;
    return record.facts.caller.name;
  });
  const recordOf = (request: FastifyRequest) =>
    RequestRecord.of(request) ?? RequestRecord.start(request, logger, config.isTraceToldToSites);
  const askApollo = fastifyApolloHandler(apollo, {
    context: async (request) => createContext(recordOf(request).facts),
  });
  const forms = new NegotiatedForms();
  const putPersisted = createPersisted({ list, documents: config.arePersistedQueriesTaken ? documents : null });

  const answerByApollo = async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
    recordOf(request).comesPlainly = comesPlainly(request);
    const answered: unknown = await askApollo.call(fastify, request, reply);
    forms.learn(request, reply);
    return answered;
  };

  /** The answer, or the promise of it where something has to be done for it. */
  const answer = (request: FastifyRequest, reply: FastifyReply, record: RequestRecord): unknown => {
    const form = forms.of(request);
    const asked = form === undefined ? null : readAsked(request, documents, record);
    if (asked === null || form === undefined) return answerByApollo(request, reply);
    const send = (known: OperationAnswer | null): unknown => {
      if (known === null) return answerByApollo(request, reply);
      record.noteAnswer(asked.operation.name, known.errorCodes);
      reply.header("content-type", form);
      if (known.maxAgeSeconds > 0) reply.header("cache-control", `private, max-age=${known.maxAgeSeconds}`);
      return known;
    };
    const known = answerOperation(asked, record.facts);
    return known instanceof Promise ? known.then(send) : send(known);
  };

  /** The same, once it is known on what it may rest. */
  const answerInTime = (request: FastifyRequest, reply: FastifyReply, record: RequestRecord): unknown => {
    if (freshness === null) return answer(request, reply, record);
    const go = (footing: Footing): unknown => {
      if (footing !== "remembered") {
        if (!record.facts.isFreshWanted) record.client.errand = new Errand("fresh-reading", record.facts.caller.name);
        // Also where it was wanted: what is not read again for that may be without what the caller knows of.
        record.facts.freshSinceMs = footing.notBeforeMs;
      }
      return answer(request, reply, record);
    };
    const footing = footingOf(freshness, record.facts.positions);
    return footing instanceof Promise ? footing.then(go) : go(footing);
  };

  /** Why a request is not answered, now that its body is known; `null` where it is. */
  const refusalIn = (request: FastifyRequest, record: RequestRecord): Refusal | null => {
    const operations = Array.isArray(request.body) ? request.body.length : 1;
    if (operations > config.batchLimit) {
      return {
        status: 400,
        code: "BATCH_TOO_LARGE",
        message: `The batch has ${operations} operations, and at most ${config.batchLimit} are answered in one request. Send several requests.`,
      };
    }
    record.isBatch = Array.isArray(request.body);
    if (freshness !== null) {
      const presented = positionsIn(request);
      if ("code" in presented) return presented;
      record.facts.positions = presented;
    }
    const refusal = putPersisted(request, record.facts.caller.asksListedOnly);
    if (refusal !== null) return refusal;
    const budget = budgets.of(record.facts.caller);
    const over = budget.begin(operations);
    if (over !== null) return refusalOverBudget(over);
    record.whenOver(() => budget.end(operations));
    return null;
  };

  /** Answers a request that was let in: with what is to be sent, or the promise of it. */
  const respond = (request: FastifyRequest, reply: FastifyReply, record: RequestRecord): unknown => {
    record.whenEnded(() => {
      if (!reply.raw.writableFinished) record.client.go();
    });
    const { caller, isFreshWanted } = record.facts;
    record.client.errand = new Errand(isFreshWanted ? "fresh-reading" : "reading", caller.name);
    const go = () => workFor(record.client, () => answerInTime(request, reply, record), record.facts.marks);
    record.client.from = request.raw.socket;
    const turn = turns.begin(caller.name, request.raw.socket);
    // Who went while others had their turn is owed nothing.
    const answered = turn === null ? go() : turn.then(() => (record.client.isGone ? "" : go()));
    if (answered instanceof Promise) record.work = answered;
    return answered;
  };

  /** The same as the framework does with a body that it has read. */
  const goOn = (request: FastifyRequest, reply: FastifyReply, record: RequestRecord): void => {
    const refusal = refusalIn(request, record);
    if (refusal !== null) return void sendRefusal(reply, refusal);
    const answered = respond(request, reply, record);
    if (!(answered instanceof Promise)) return void reply.send(payloadOf(answered));
    answered
      // What Apollo answers was sent by then.
      .then((payload: unknown) => void (payload === undefined || reply.send(payloadOf(payload))))
      .catch((error: unknown) => fail(reply, error));
  };

  const fail = (reply: FastifyReply, error: unknown): void => {
    if (!reply.sent) reply.send(error);
  };

  const take = (request: FastifyRequest, reply: FastifyReply, record: RequestRecord, body: Buffer): void => {
    if (body.length >= longBody) {
      takeLong(request, reply, record, body);
      return;
    }
    try {
      const text = body.toString();
      // Who may ask for listed operations alone is answered by them as they are listed, whatever was sent.
      const isByText = !record.facts.caller.asksListedOnly;
      const known = isByText ? bodies.find(text) : undefined;
      request.body = known === undefined ? parse(request, text) : known.value;
      if (isByText) record.body = known ?? (isPlain(request.body) ? new AskedBody(text, request.body) : null);
      goOn(request, reply, record);
    } catch (error) {
      fail(reply, error);
    }
  };

  /** Beside others what is done with a long body is done in turns of the loop of their own. */
  const takeLong = (request: FastifyRequest, reply: FastifyReply, record: RequestRecord, body: Buffer): void => {
    const { socket } = request.raw;
    record.isBodyLong = true;
    parseLongBody(body, { caller: record.facts.caller.name, from: socket })
      .then((value) => {
        request.body = value;
        betweenSteps(socket, () => {
          try {
            if (!reply.sent) goOn(request, reply, record);
          } catch (error) {
            fail(reply, error);
          }
        });
      })
      .catch((error: unknown) => fail(reply, error));
  };

  fastify.route({
    method: ["GET", "POST"],
    url: graphqlPath,
    exposeHeadRoute: false,
    onRequest: (request, reply, done) => {
      reply.header("cache-control", "no-store");
      const record = recordOf(request);
      const go = (identified: Identified) => {
        if (identified.kind !== "known") return void sendRefusal(reply, refusalOf(identified.kind, product.name));
        record.facts.caller = identified.caller;
        const isRead = readBody(request, reply, config.bodyLimitBytes, (body) => take(request, reply, record, body));
        if (!isRead) done();
      };
      if (tracing !== null) traceRequest(record, reply, tracing);
      const identified = callers.identify(request.headers.authorization, record.facts);
      if (identified instanceof Promise) identified.then(go, done);
      else go(identified);
    },
    preHandler: (request, reply, done) => {
      const refusal = refusalIn(request, recordOf(request));
      if (refusal !== null) return void sendRefusal(reply, refusal);
      done();
    },
    // GraphQL over HTTP: a client that asks for application/json gets 200 with `errors` where its document or variables
    // are at fault; one that asks for application/graphql-response+json gets the 400 that Apollo answers to both.
    onSend: (request, reply, payload, done) => {
      if (reply.statusCode === 400) {
        const record = RequestRecord.of(request);
        // What Apollo refuses before there is an operation passes no hook of its plugins.
        if (record?.hasErrorCode === false) record.addErrorCode("BAD_REQUEST");
        const isPlainJson = String(reply.getHeader("content-type")).startsWith("application/json");
        if (isPlainJson && record?.isRequestError) reply.code(200);
      }
      encode(request, reply, payload, (error, sent = payload) => {
        // It is encoded beside the loop, and its time may be over meanwhile.
        if (!isAnswered(reply)) done(error ?? null, inPieces(request, reply, sent));
      });
    },
    handler: (request, reply) => {
      const answered = respond(request, reply, recordOf(request));
      return answered instanceof Promise ? answered.then(payloadOf) : reply.send(payloadOf(answered));
    },
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

function payloadOf(answered: unknown): unknown {
  return answered instanceof OperationAnswer ? answered.takeBody() : answered;
}

/** The media type that Apollo answers each `Accept` header with: it negotiates once, and its choice is kept. */
class NegotiatedForms {
  readonly #forms = new LRUCache<string, string>({ max: serverLimits.acceptHeadersKept });

  of({ headers: { accept = "" } }: FastifyRequest): string | undefined {
    return this.#forms.get(accept);
  }

  learn({ headers: { accept = "" }, body }: FastifyRequest, reply: FastifyReply): void {
    const form = reply.getHeader("content-type");
    const isOneOperation = typeof body === "object" && body !== null && !Array.isArray(body);
    if (!isOneOperation || reply.statusCode !== 200 || accept.length > serverLimits.acceptHeaderLongest) return;
    if (typeof form === "string" && !this.#forms.has(accept)) this.#forms.set(accept, form);
  }
}
