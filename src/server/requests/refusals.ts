import { randomUUID } from "node:crypto";
import type { FastifyInstance, FastifyReply } from "fastify";
import type { InFlight } from "../lifecycle/InFlight.js";
import { RequestRecord } from "./requestLog.js";

/** A request that is turned down before GraphQL sees it. */
export interface Refusal {
  readonly status: number;
  /** Stable, for programs. */
  readonly code: string;
  /** For people: what is wrong and what to do. */
  readonly message: string;
  /** What stands beside the code, for programs. */
  readonly extensions?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

const graphqlMediaType = "application/graphql-response+json";

/** Answers in GraphQL's shape, so that a client reads a refusal as it reads any other error. */
export function sendRefusal(reply: FastifyReply, refusal: Refusal): FastifyReply {
  const { request } = reply;
  RequestRecord.of(request)?.addErrorCode(refusal.code);
  const accepted = request.headers.accept ?? "";
  const mediaType = accepted.includes(graphqlMediaType) ? graphqlMediaType : "application/json";
  // Fastify would close the connection at once, and a client that is still sending would see a reset, not the answer.
  reply.removeHeader("connection");
  return reply
    .code(refusal.status)
    .headers(refusal.headers ?? {})
    .header("content-type", `${mediaType}; charset=utf-8`)
    .send(
      JSON.stringify({
        errors: [{ message: refusal.message, extensions: { code: refusal.code, ...refusal.extensions } }],
      }),
    );
}

/** Whether an answer is out, or on its way: of one that goes out in pieces the framework says so only when the last is handed over. */
export function isAnswered(reply: FastifyReply): boolean {
  return reply.sent || reply.raw.headersSent;
}

/**
 * Ends every request that is not answered in time, as `INTERNAL`: so does one whose answer got lost because of a bug of ours.
 * Calls that are made for it alone end, a change that had been begun does not; an answer that comes after all is dropped.
 */
export function limitDuration(fastify: FastifyInstance, inFlight: InFlight, limitMs: number): void {
  // All have the same limit, so their times are over in the order in which they came, and one timer is enough for them.
  let isTimed = false;
  const look = () => {
    isTimed = false;
    const nowMs = performance.now();
    for (const reply of inFlight.replies) {
      // What is sent is the connection's to get rid of.
      if (isAnswered(reply)) continue;
      const untilMs = (RequestRecord.of(reply.request)?.startedAtMs ?? nowMs) + limitMs;
      if (untilMs > nowMs) return wait(untilMs - nowMs);
      giveUp(reply, limitMs);
    }
  };
  const wait = (ms: number) => {
    isTimed = true;
    // Whoever waits has a connection, which keeps the process alive; the timer may be there when nobody does.
    setTimeout(look, Math.ceil(ms)).unref();
  };
  fastify.addHook("onRequest", (_request, _reply, done) => {
    if (!isTimed) wait(limitMs);
    done();
  });
}

function giveUp(reply: FastifyReply, limitMs: number): void {
  const record = RequestRecord.of(reply.request);
  record?.client.go();
  const errorId = randomUUID();
  record?.facts.logger.error({ errorId, limitMs }, "a request was not answered in time");
  sendRefusal(reply, {
    status: 500,
    code: "INTERNAL",
    message: `No answer was ready within ${limitMs / 1000} s, and it was given up. What had been begun, a change too, may still be carried out: look, or ask again. The log has it under ${errorId}.`,
    extensions: { errorId },
  });
}

/** What comes when everything below is closed, and who may ask is no longer looked after. */
export const stopped: Refusal = {
  status: 503,
  code: "SHUTTING_DOWN",
  message: "The server has stopped, and answers nothing any more. Nothing was begun.",
};

/** Ends a request that the server has no time left for, as far as it is not answered yet. What it had begun goes on or is found. */
export function refuseLate(reply: FastifyReply): void {
  if (isAnswered(reply)) return;
  RequestRecord.of(reply.request)?.client.go();
  sendRefusal(reply, {
    status: 503,
    code: "SHUTTING_DOWN",
    message:
      "The server stops, and the time to finish this request is over. What had been begun, a change too, may have been carried out: ask again, a change with the same requestId.",
    headers: { "retry-after": "1" },
  });
}
