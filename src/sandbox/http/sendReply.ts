import type { ServerResponse } from "node:http";
import type { Reply } from "./Reply.js";

/** Sends a reply; its own headers win over those of the sandbox. */
export function sendReply(outgoing: ServerResponse, { status, body, headers = {} }: Reply): void {
  outgoing.statusCode = status;
  const text = body === undefined ? "" : typeof body === "string" ? body : JSON.stringify(body);
  if (text !== "") outgoing.setHeader("Content-Type", "application/json;charset=UTF-8");
  for (const [name, value] of Object.entries(headers)) outgoing.setHeader(name, value);
  outgoing.end(text);
}
