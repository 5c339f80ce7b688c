import { Refusal } from "../../http/Refusal.js";
import type { Reply } from "../../http/Reply.js";
import type { DataCenterCall, DataCenterRoutes } from "../DataCenterCall.js";
import { rpcMethods } from "./rpcMethods.js";

/**
 * The JSON-RPC service, deprecated and there in every version. The body is the list of parameters, the answer the bare result.
 * A method that is not emulated answers 501 and names itself.
 */
export const rpcRoutes: DataCenterRoutes = {
  "POST /rpc/json-rpc/confluenceservice-v2/{method}": { handle: answer },
};

function answer(call: DataCenterCall): Reply {
  const { params, caller } = call;
  const parameters = call.json();
  const name = params.method ?? "";
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
    return { status: 200, body: method.handle(call, parameters) };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return failure(`com.atlassian.confluence.rpc.RemoteException: ${error.message}`);
  }
}

/** Every failure is a 200 (2026-11-21, test "answers failures as an error object in a 200"). */
function failure(message: string): Reply {
  return { status: 200, body: { error: { code: 500, message } } };
}
