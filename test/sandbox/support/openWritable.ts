import { onTestFinished } from "vitest";
import { type RunningSandbox, type SandboxOptions, startSandbox } from "../../../sandbox/src/startSandbox.js";
import type { DataCenterWorld } from "../../../sandbox/src/world/World.js";
import type { Answer } from "./openSandbox.js";
import { writableWorld } from "./writableWorld.js";

/** A Data Center sandbox with a client of its own; it is closed when the test ends. */
export interface OpenWritable {
  readonly sandbox: RunningSandbox;
  /** Below the context path, as the administrator unless a token is given; null sends no credential. */
  send(method: string, path: string, body?: unknown, token?: string | null): Promise<Answer>;
  /** Calls a JSON-RPC method and answers its result or error. */
  rpc(method: string, ...parameters: unknown[]): Promise<unknown>;
  /** What it holds now. */
  held(): DataCenterWorld;
}

/** The token of somebody who administers nothing. */
export const readerToken = "sandbox-reader-token";

/** Starts a sandbox on a free port, over the writable world unless told otherwise. */
export async function openWritable(
  dataCenter: NonNullable<SandboxOptions["dataCenter"]> = {},
  options: Partial<SandboxOptions> = {},
): Promise<OpenWritable> {
  const sandbox = await startSandbox({ world: writableWorld(), ...options, dataCenter });
  onTestFinished(() => sandbox.close());

  async function send(
    method: string,
    path: string,
    body?: unknown,
    token: string | null = "sandbox-personal-access-token",
  ): Promise<Answer> {
    const response = await fetch(`${sandbox.dataCenter?.url}${path}`, {
      method,
      headers: {
        accept: "application/json",
        "x-atlassian-token": "no-check",
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get("content-type")?.includes("json") === true;
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: isJson && text !== "" ? JSON.parse(text) : undefined,
    };
  }

  return {
    sandbox,
    send,
    rpc: async (method, ...parameters) => {
      const { status, body } = await send("POST", `/rpc/json-rpc/confluenceservice-v2/${method}`, parameters);
      if (status !== 200) throw new Error(`${method} answered ${status}`);
      return body;
    },
    held: () => {
      const { dataCenter: world } = sandbox.world();
      if (world === undefined) throw new Error("the world has no Data Center half");
      return world;
    },
  };
}
