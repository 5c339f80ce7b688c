import type { IncomingMessage } from "node:http";
import { limits } from "../limits.js";
import type { SandboxRequest } from "./SandboxRequest.js";

/** Reads a request whole. A body beyond the limit is read to its end, so that the refusal arrives, but not kept. */
export async function readRequest(incoming: IncomingMessage): Promise<SandboxRequest> {
  const url = incoming.url ?? "/";
  const mark = url.indexOf("?");
  return {
    method: incoming.method ?? "GET",
    path: mark < 0 ? url : url.slice(0, mark),
    query: new URLSearchParams(mark < 0 ? "" : url.slice(mark + 1)),
    headers: incoming.headers,
    body: await readBody(incoming),
  };
}

async function readBody(incoming: IncomingMessage): Promise<string | null> {
  if (incoming.method === "GET" && incoming.headers["content-length"] === undefined) {
    incoming.resume();
    return "";
  }
  let chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > limits.bodyBytes) chunks = [];
    else chunks.push(chunk);
  }
  return bytes > limits.bodyBytes ? null : Buffer.concat(chunks).toString("utf8");
}
