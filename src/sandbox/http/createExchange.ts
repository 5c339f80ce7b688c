import type { IncomingMessage, ServerResponse } from "node:http";
import { answerControl, type ControlParts } from "../control/answerControl.js";
import type { Fault } from "../faults/Fault.js";
import type { Deployment } from "./Deployment.js";
import type { Reply } from "./Reply.js";
import { readRequest } from "./readRequest.js";
import type { SandboxRequest } from "./SandboxRequest.js";
import type { Service } from "./Service.js";
import type { Side } from "./Side.js";
import { sendReply } from "./sendReply.js";

/** What every request to one address goes through, whichever service answers it. */
export interface ExchangeParts extends ControlParts {
  readonly latencyMs: number;
  /** Whose address it is. */
  readonly deployment: Deployment;
  /** Read anew for every request: a reset replaces it. */
  side(): Side;
}

/** One request from arrival to answer: control routes aside, fault, rate, service, latency, journal. */
export function createExchange(parts: ExchangeParts): (incoming: IncomingMessage, outgoing: ServerResponse) => void {
  async function exchange(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const arrivedAt = new Date(parts.clock.now()).toISOString();
    const began = performance.now();
    const request = await readRequest(incoming);
    if (request.path === "/__sandbox" || request.path.startsWith("/__sandbox/")) {
      sendReply(outgoing, answerControl(request, parts));
      return;
    }
    const reply = await decide(request);
    parts.journal.add({
      at: arrivedAt,
      method: request.method,
      path: incoming.url ?? "/",
      status: reply?.status ?? null,
      ms: Math.round((performance.now() - began) * 10) / 10,
      deployment: parts.deployment,
    });
    if (reply === null) outgoing.destroy();
    else sendReply(outgoing, reply);
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

  return (incoming, outgoing) => {
    exchange(incoming, outgoing).catch(() => outgoing.destroy());
  };
}

function answer(request: SandboxRequest, service: Service | undefined): Reply {
  if (service === undefined) {
    const message = `The sandbox does not emulate ${request.method} ${request.path}.`;
    return { status: 501, body: { statusCode: 501, message } };
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

function replaces(fault: Fault): boolean {
  return fault.reset === true || fault.status !== undefined || "body" in fault;
}
