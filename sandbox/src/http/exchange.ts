import { once } from "node:events";
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type Fault, replaces } from "../control/faults.js";
import { answerControl, type ControlParts, type Deployment } from "../control/routes.js";
import { limits } from "../limits.js";
import { type Reply, refuseToEmulate, type SandboxRequest, type Service, type Side } from "./service.js";

/** What every request to one address goes through, whichever service answers it. */
interface ExchangeParts extends ControlParts {
  readonly latencyMs: number;
  /** Whose address it is. */
  readonly deployment: Deployment;
  /** Read anew for every request: a reset replaces it. */
  side(): Side;
}

/** One request as its sender has it. */
export interface SentRequest extends Pick<SandboxRequest, "method" | "headers" | "body"> {
  /** Path and query, still encoded. */
  readonly url: string;
}

/** An answer as its reader has it. */
export interface SentReply {
  readonly status: number;
  /** Names in small letters. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** All that one address answers with. */
export interface Exchange {
  readonly listener: RequestListener;
  /** The same without a connection; null where one would be cut. */
  ask(request: SentRequest): Promise<SentReply | null>;
}

/** One request from arrival to answer: control routes aside, fault, rate, service, latency, journal. */
export function createExchange(parts: ExchangeParts): Exchange {
  async function exchange(url: string, read: () => Promise<SandboxRequest> | SandboxRequest): Promise<Reply | null> {
    const arrivedAt = new Date(parts.clock.now()).toISOString();
    const began = performance.now();
    const request = await read();
    if (request.path === "/__sandbox" || request.path.startsWith("/__sandbox/")) return answerControl(request, parts);
    const reply = await decide(request);
    parts.journal.add({
      at: arrivedAt,
      method: request.method,
      path: url,
      ...bodyOf(request),
      status: reply?.status ?? null,
      ms: Math.round((performance.now() - began) * 10) / 10,
      deployment: parts.deployment,
    });
    return reply;
  }

  /** Null cuts the connection. */
  async function decide(request: SandboxRequest): Promise<Reply | null> {
    const service = parts.side().services.find((each) => each.owns(request.path));
    const paths = [service?.localPath(request.path) ?? request.path, request.path];
    const fault = parts.faults.take(request.method, paths, request.query);
    const isReplaced = fault !== undefined && replaces(fault);
    // A fault stands before the rate: what it keeps from being carried out does not count, and tells where things stand.
    const isCarriedOut = !isReplaced || fault.after === true;
    const { rate } = parts.side();
    const now = parts.clock.now();
    const { isAllowed, headers } = isCarriedOut
      ? rate.take(now, request)
      : { isAllowed: false, headers: rate.tell(now, request) };
    const carriedOut = isAllowed ? answer(request, service) : errorOf(service, request, 429);
    await pause(fault);
    if (fault?.reset === true) return null;
    const reply = isReplaced ? replacement(fault, service, request) : carriedOut;
    return { ...reply, headers: { ...headers, ...reply.headers, ...fault?.headers } };
  }

  async function pause(fault: Fault | undefined): Promise<void> {
    const waitMs = parts.latencyMs + (fault?.delayMs ?? 0);
    if (waitMs > 0) await parts.clock.sleep(waitMs);
  }

  return {
    listener: (incoming, outgoing) => {
      exchange(incoming.url ?? "/", () => readRequest(incoming))
        .then((reply) => (reply === null ? outgoing.destroy() : sendReply(outgoing, reply)))
        .catch(() => outgoing.destroy());
    },
    ask: async (request) => {
      const reply = await exchange(request.url, () => ({ ...request, ...splitUrl(request.url) }));
      if (reply === null) return null;
      const headers = headersOf(reply).map(([name, value]) => [name.toLowerCase(), value]);
      return { status: reply.status, headers: Object.fromEntries(headers), text: textOf(reply) };
    },
  };
}

/** What the journal keeps of it. */
function bodyOf({ method, body }: SandboxRequest): { readonly body?: string } {
  const isKept = method !== "GET" && body !== null && body !== "" && body.length <= limits.journalBody;
  return isKept ? { body } : {};
}

function answer(request: SandboxRequest, service: Service | undefined): Reply {
  if (service === undefined) {
    const { status, message } = refuseToEmulate(request);
    return { status, body: { statusCode: status, message } };
  }
  try {
    return service.answer(request);
  } catch (error) {
    // A fault of the sandbox itself; it must not look like an answer of Confluence.
    const message = `The sandbox failed on ${request.method} ${request.path}: ${String(error)}`;
    return service.error(request, 500, message);
  }
}

/** What a fault answers in place of the service: its own body, or else the service's own kind of error. */
function replacement(fault: Fault, service: Service | undefined, request: SandboxRequest): Reply {
  const { status = 200 } = fault;
  if ("body" in fault) return { status, body: fault.body };
  return status < 400 ? { status } : errorOf(service, request, status);
}

function errorOf(service: Service | undefined, request: SandboxRequest, status: number): Reply {
  const message = status === 429 ? "Rate limit exceeded." : `Fault ${status} set by /__sandbox/faults.`;
  return service?.error(request, status, message) ?? { status, body: { statusCode: status, message } };
}

/** Reads a request whole. A body beyond the limit is read to its end, so that the refusal arrives, but not kept. */
async function readRequest(incoming: IncomingMessage): Promise<SandboxRequest> {
  return {
    method: incoming.method ?? "GET",
    ...splitUrl(incoming.url ?? "/"),
    headers: incoming.headers,
    body: await readBody(incoming),
  };
}

function splitUrl(url: string): Pick<SandboxRequest, "path" | "query"> {
  const mark = url.indexOf("?");
  return {
    path: mark < 0 ? url : url.slice(0, mark),
    query: new URLSearchParams(mark < 0 ? "" : url.slice(mark + 1)),
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

function sendReply(outgoing: ServerResponse, reply: Reply): void {
  outgoing.statusCode = reply.status;
  for (const [name, value] of headersOf(reply)) outgoing.setHeader(name, value);
  outgoing.end(textOf(reply));
}

function textOf({ body }: Reply): string {
  return body === undefined ? "" : typeof body === "string" ? body : JSON.stringify(body);
}

/** The headers of a reply; its own, which come last, win over those of the sandbox. */
function headersOf(reply: Reply): [string, string][] {
  const { body, headers = {} } = reply;
  const isEmpty = body === undefined || body === "";
  return [
    ...(isEmpty ? [] : [["Content-Type", "application/json;charset=UTF-8"] as [string, string]]),
    ...Object.entries(headers),
  ];
}

/** A server that listens. */
export interface Listening {
  /** Without a trailing slash. */
  readonly url: string;
  /** Takes requests from now on; until then they wait. */
  serve(listener: RequestListener): void;
  /** Stops listening and cuts what is still connected. */
  close(): Promise<void>;
}

/** Binds a port, 0 for a free one. Rejects with Node's own error where it cannot. */
export async function listen(port: number, host: string): Promise<Listening> {
  // Clients keep connections for reuse; closing idle ones after Node's five seconds would race with their next request.
  const server = createServer({ keepAliveTimeout: 60_000 });
  server.listen(port, host);
  await once(server, "listening");
  const { port: bound } = server.address() as AddressInfo;
  return {
    url: `http://${reachable(host)}:${bound}`,
    serve: (listener) => {
      server.on("request", listener);
    },
    close: async () => {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** A name that a client on this machine can use: the wildcard addresses are none. */
function reachable(host: string): string {
  const name = host === "0.0.0.0" ? "127.0.0.1" : host === "::" ? "::1" : host;
  return name.includes(":") ? `[${name}]` : name;
}
