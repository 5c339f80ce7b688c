import type { IncomingMessage, ServerResponse } from "node:http";
import { answerControl, type ControlParts } from "../control/answerControl.js";
import type { Fault } from "../faults/Fault.js";
import type { RateBucket } from "./RateBucket.js";
import type { Reply } from "./Reply.js";
import { readRequest } from "./readRequest.js";
import type { SandboxRequest } from "./SandboxRequest.js";
import type { Service } from "./Service.js";
import { sendReply } from "./sendReply.js";

/** What every request goes through, whichever service answers it. */
export interface ExchangeParts extends ControlParts {
  readonly latencyMs: number;
  live(): ReturnType<ControlParts["live"]> & { readonly services: readonly Service[]; readonly rate: RateBucket };
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
    });
    if (reply === null) outgoing.destroy();
    else sendReply(outgoing, reply);
  }

  /** Null cuts the connection. */
  async function decide(request: SandboxRequest): Promise<Reply | null> {
    const service = parts.live().services.find((each) => each.owns(request.path));
    const localPath = service?.localPath(request.path) ?? request.path;
    const fault = parts.faults.take(request.method, localPath, request.query);
    if (fault === undefined || !replaces(fault)) {
      const reply = carryOut(request, service);
      await pause(fault);
      return { ...reply, headers: { ...reply.headers, ...fault?.headers } };
    }
    if (fault.after === true) carryOut(request, service);
    await pause(fault);
    if (fault.reset === true) return null;
    const status = fault.status ?? 200;
    const body = "body" in fault ? fault.body : errorOf(service, request, status);
    return { status, ...(body === undefined ? {} : { body }), headers: fault.headers ?? {} };
  }

  async function pause(fault: Fault | undefined): Promise<void> {
    const waitMs = parts.latencyMs + (fault?.delayMs ?? 0);
    if (waitMs > 0) await parts.clock.sleep(waitMs);
  }

  function carryOut(request: SandboxRequest, service: Service | undefined): Reply {
    const verdict = parts.live().rate.take(parts.clock.now());
    const reply = verdict.isAllowed ? answer(request, service) : { status: 429, body: errorOf(service, request, 429) };
    return { ...reply, headers: { ...verdict.headers, ...reply.headers } };
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
    return { status: 500, body: service.error(request.path, 500, message) };
  }
}

function errorOf(service: Service | undefined, { path }: SandboxRequest, status: number): unknown {
  if (status < 400) return undefined;
  const message = status === 429 ? "Rate limit exceeded." : `Fault ${status} set by /__sandbox/faults.`;
  return service?.error(path, status, message) ?? { statusCode: status, message };
}

function replaces(fault: Fault): boolean {
  return fault.reset === true || fault.status !== undefined || "body" in fault;
}
