import type { Socket } from "node:net";
import { errorCodes, type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import { turns } from "../../callers/Turns.js";

/** `Content-Type` as most clients write it. */
const jsonTypes: ReadonlySet<string | undefined> = new Set([
  "application/json",
  "application/json; charset=utf-8",
  "application/json;charset=utf-8",
  "application/json; charset=UTF-8",
  "application/json;charset=UTF-8",
]);

/** It comes by POST, in JSON as most clients name it. */
export function comesAsJson({ method, headers }: Pick<FastifyRequest, "method" | "headers">): boolean {
  return method === "POST" && jsonTypes.has(headers["content-type"]);
}

/**
 * Reads the body of a request that comes as most do: in JSON, and of a length that it names and that is let in. Whatever the framework does
 * besides, which is a tenth of a small answer, none of those needs. False where it is for the framework to read, or to refuse; what fails
 * here is told in the framework's own errors.
 */
export function readBody(
  request: FastifyRequest,
  reply: FastifyReply,
  limit: number,
  take: (text: string) => void,
): boolean {
  const { raw, headers } = request;
  const length = Number(headers["content-length"]);
  if (!comesAsJson(request) || !(length > 0 && length <= limit) || headers["transfer-encoding"] !== undefined)
    return false;
  const chunks: Buffer[] = [];
  let received = 0;
  let isOver = false;
  const fail = (error: Error) => {
    if (isOver) return;
    isOver = true;
    if (!reply.sent) reply.send(error);
  };
  raw.on("data", (chunk: Buffer) => {
    received += chunk.length;
    // Only of a request that somebody else's server hands over.
    if (received > length) fail(new errorCodes.FST_ERR_CTP_INVALID_CONTENT_LENGTH());
    else chunks.push(chunk);
  });
  raw.on("end", () => {
    if (received !== length) fail(new errorCodes.FST_ERR_CTP_INVALID_CONTENT_LENGTH());
    if (isOver || reply.sent) return;
    isOver = true;
    const [first] = chunks;
    const text = (first !== undefined && chunks.length === 1 ? first : Buffer.concat(chunks, received)).toString();
    betweenSteps(raw.socket, received, () => void (reply.sent || take(text)));
  });
  raw.on("error", (error) => fail(Object.assign(error, { statusCode: 400 })));
  raw.resume();
  return true;
}

/** Bytes of a body from which on each thing that is done with it, beside others, is done in a turn of the event loop by itself. */
const longBody = 65_536;

/** Goes on with a body of so many bytes: at once, or in the next turn where it is long and others ask. */
export function betweenSteps(socket: Socket, bytes: number, goOn: () => void): void {
  if (bytes >= longBody && turns.isBeside(socket)) setImmediate(goOn);
  else goOn();
}

/** Parses JSON as the framework does: without names that would reach behind an object. Throws its errors. */
export type ParseJson = (request: FastifyRequest, text: string) => unknown;

/** Where none of these stands, no name in a text is one of those. */
const suspicious = ["__proto__", "constructor", "\\u"] as const;
/** Objects and lists that are gone through by their names; of more of them the text is looked through, which takes no longer the more there are. */
const goneThrough = 4_000;

export function parserOf(fastify: FastifyInstance): ParseJson {
  const parse = fastify.getDefaultJsonParser("error", "error");
  return (request, text) => {
    try {
      const parsed: unknown = JSON.parse(text);
      if (isHarmless(parsed) ?? !suspicious.some((each) => text.includes(each))) return parsed;
    } catch {
      // It says below what is wrong; a mark in front of it is nothing wrong.
    }
    let parsed: unknown;
    parse(request, text, (error, body) => {
      if (error) throw error;
      parsed = body;
    });
    return parsed;
  };
}

/** Whether nothing in it has such a name; `null` where it is too much to go through. Of what a gateway sends that takes a tenth of looking through the text. */
function isHarmless(body: unknown): boolean | null {
  const waiting: unknown[] = [body];
  for (let gone = 0; waiting.length > 0; gone += 1) {
    if (gone > goneThrough) return null;
    const value = waiting.pop();
    if (Array.isArray(value)) {
      if (value.length > goneThrough) return null;
      for (let at = 0; at < value.length; at += 1) if (isContainer(value[at])) waiting.push(value[at]);
    } else if (isContainer(value)) {
      for (const name in value) {
        if (name === "__proto__" || name === "constructor") return false;
        const held = value[name];
        if (isContainer(held)) waiting.push(held);
      }
    }
  }
  return true;
}

function isContainer(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
