import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";

const usable = /^[A-Za-z0-9._:/+=-]{1,128}$/;

/** The caller's `X-Request-Id` where it is short and plain enough for a log and a header; otherwise a new one. */
export function chooseRequestId(request: Pick<IncomingMessage, "headers">): string {
  const given = request.headers["x-request-id"];
  return typeof given === "string" && usable.test(given) ? given : randomUUID();
}
