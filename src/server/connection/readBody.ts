import type { Socket } from "node:net";
import { errorCodes, type FastifyReply, type FastifyRequest } from "fastify";
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
  take: (body: Buffer) => void,
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
    take(first !== undefined && chunks.length === 1 ? first : Buffer.concat(chunks, received));
  });
  raw.on("error", (error) => fail(Object.assign(error, { statusCode: 400 })));
  raw.resume();
  return true;
}

/** Bytes of a body from which on each thing that is done with it is done in turns of the event loop of its own. */
export const longBody = 65_536;

/** Goes on with what is long: at once, or in the next turn where others ask. */
export function betweenSteps(socket: Socket, goOn: () => void): void {
  if (turns.isBeside(socket)) setImmediate(goOn);
  else goOn();
}
