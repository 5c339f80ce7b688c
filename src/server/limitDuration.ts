import { randomUUID } from "node:crypto";
import type { FastifyInstance } from "fastify";
import { RequestRecord } from "./RequestRecord.js";
import { sendRefusal } from "./sendRefusal.js";

/**
 * Ends every request that is not answered in time, as `INTERNAL`: so does one whose answer got lost because of a bug of ours.
 * What had been begun for it is not stopped, and an answer that comes after all is dropped.
 */
export function limitDuration(fastify: FastifyInstance, limitMs: number): void {
  fastify.addHook("onRequest", async (request, reply) => {
    const timer = setTimeout(() => {
      if (reply.sent) return;
      const errorId = randomUUID();
      RequestRecord.of(request)?.facts.logger.error({ errorId, limitMs }, "a request was not answered in time");
      sendRefusal(reply, {
        status: 500,
        code: "INTERNAL",
        message: `No answer was ready within ${limitMs / 1000} s, and it was given up. What had been begun, a change too, may still be carried out: look, or ask again. The log has it under ${errorId}.`,
        extensions: { errorId },
      });
    }, limitMs);
    reply.raw.once("close", () => clearTimeout(timer));
  });
}
