import { isObject } from "../../cloud/isObject.js";
import { Refusal } from "../../http/Refusal.js";
import type { Reply } from "../../http/Reply.js";
import type { DataCenterCall, DataCenterRoutes } from "../DataCenterCall.js";
import { rpcMethods } from "./rpcMethods.js";

const service = "/rpc/json-rpc/confluenceservice-v2";

/**
 * The JSON-RPC service, deprecated and there in every version, in its two forms: the method in the path, the list of parameters as
 * the body, the bare result as the answer; and JSON-RPC proper, where all of that stands in the body, one call or a list of them.
 * A method that is not emulated answers 501 and names itself.
 */
export const rpcRoutes: DataCenterRoutes = {
  [`POST ${service}/{method}`]: { handle: answerShort },
  [`POST ${service}`]: { handle: answerFull },
};

/** Every failure is a 200 (2026-11-21, test "answers failures as an error object in a 200"). */
type Outcome = { readonly result: unknown } | { readonly error: { readonly code: number; readonly message: string } };

function answerShort(call: DataCenterCall): Reply {
  const outcome = run(call, call.params.method ?? "", call.json());
  return { status: 200, body: "error" in outcome ? outcome : outcome.result };
}

function answerFull(call: DataCenterCall): Reply {
  const body = call.json();
  const isBatch = Array.isArray(body) && body.length > 0;
  return { status: 200, body: isBatch ? body.map((each: unknown) => answerOne(call, each)) : answerOne(call, body) };
}

/** What a client counts its calls by, `id` and `jsonrpc`, comes back as it was sent; a call without an id is answered all the same. */
function answerOne(call: DataCenterCall, request: unknown): unknown {
  if (!isObject(request) || typeof request.method !== "string") {
    return {
      jsonrpc: "2.0",
      error: { code: -32_600, message: "The request must be an object with a method." },
      id: null,
    };
  }
  const { jsonrpc, id = null, method, params = [] } = request;
  return { ...(jsonrpc === undefined ? {} : { jsonrpc }), ...run(call, method, params), id };
}

function run(call: DataCenterCall, name: string, parameters: unknown): Outcome {
  const { caller } = call;
  const method = rpcMethods.get(name);
  if (method === undefined) throw new Refusal(501, `The sandbox does not emulate the JSON-RPC method ${name}.`);
  if (!Array.isArray(parameters) || parameters.length !== method.arity) {
    return failure(`java.lang.IllegalArgumentException: ${name} takes a list of ${method.arity} parameters.`);
  }
  if (!caller.isAdministrator) {
    const who = caller.user === null ? "Anonymous" : `User ${caller.user.username}`;
    return failure(`com.atlassian.confluence.rpc.NotPermittedException: ${who} is not permitted to do this.`);
  }
  try {
    return { result: method.handle(call, parameters) };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return failure(`com.atlassian.confluence.rpc.RemoteException: ${error.message}`);
  }
}

function failure(message: string): Outcome {
  return { error: { code: 500, message } };
}
