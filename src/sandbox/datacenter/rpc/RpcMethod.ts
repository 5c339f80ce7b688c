import type { DataCenterCall } from "../DataCenterCall.js";

/** One method of the JSON-RPC service. Throws `Refusal` for what it refuses, whose status nobody sees. */
export interface RpcMethod {
  /** How many parameters it takes; none is optional. */
  readonly arity: number;
  readonly handle: (call: DataCenterCall, parameters: readonly unknown[]) => unknown;
}

/** Methods by name. */
export type RpcMethods = Readonly<Record<string, RpcMethod>>;
