import type { Socket } from "node:net";
import { performance } from "node:perf_hooks";
import { errorCodes, type FastifyInstance, type FastifyRequest } from "fastify";
import { type Turns, turns } from "../../callers/Turns.js";
import { isSuspicious, jsonInPieces, TooDeep } from "./JsonInPieces.js";
import { longBody } from "./readBody.js";

/** Units of a slice of parsing, which is measured by the clock. */
const unitsOfSlice = 2_000;

interface Parsing {
  readonly caller: string;
  /** By which connection it came. */
  readonly from: Socket;
}

interface ParsingParts {
  readonly turns: Pick<Turns, "wait" | "sliceOf">;
  readonly now: () => number;
}

/** Parses a long body, with the turns of others between its pieces. Throws the framework's error where it is no JSON. */
export async function parseLongBody(
  body: Buffer,
  { caller, from }: Parsing,
  { turns: all, now }: ParsingParts = { turns, now: () => performance.now() },
): Promise<unknown> {
  const work = { from, renew: () => undefined };
  let untilMs = now() + all.sliceOf(from).ms;
  const steps = jsonInPieces(body);
  try {
    for (;;) {
      const { done, value } = steps.next();
      // Nobody is told what it says where its client is gone.
      if (done || from.destroyed) return value;
      if (now() < untilMs) continue;
      await all.wait(caller, work, unitsOfSlice);
      untilMs = now() + all.sliceOf(from).ms;
    }
  } catch (error) {
    throw error instanceof TooDeep ? error : new errorCodes.FST_ERR_CTP_INVALID_JSON_BODY();
  }
}

/** Has the framework parse long bodies likewise, where they are its to read: of another type, or of no length that is named. */
export function parseLongBodies(fastify: FastifyInstance, callerOf: (request: FastifyRequest) => string): void {
  const parse = fastify.getDefaultJsonParser("error", "error");
  fastify.removeContentTypeParser("application/json");
  fastify.addContentTypeParser("application/json", { parseAs: "buffer" }, (request, body: Buffer, done) => {
    if (body.length < longBody) return void parse(request, body.toString(), done);
    const parsing = { caller: callerOf(request), from: request.raw.socket };
    parseLongBody(body, parsing).then((value) => done(null, value), done);
  });
}

/** Parses JSON as the framework does: without names that would reach behind an object. Throws its errors. */
export type ParseJson = (request: FastifyRequest, text: string) => unknown;

/** For bodies that are not long. */
export function parserOf(fastify: FastifyInstance): ParseJson {
  const parse = fastify.getDefaultJsonParser("error", "error");
  return (request, text) => {
    try {
      const parsed: unknown = JSON.parse(text);
      if (!isSuspicious(parsed)) return parsed;
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
