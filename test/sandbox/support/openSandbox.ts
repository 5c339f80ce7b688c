import { onTestFinished } from "vitest";
import { type RunningSandbox, type SandboxOptions, startSandbox } from "../../../sandbox/src/startSandbox.js";
import { smallWorld } from "./smallWorld.js";

/** An answer, read whole. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
  readonly text: string;
}

/** A sandbox with a client of its own; it is closed when the test ends. */
export interface OpenSandbox {
  readonly sandbox: RunningSandbox;
  get(path: string, headers?: Record<string, string>): Promise<Answer>;
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Answer>;
  put(path: string, body: unknown): Promise<Answer>;
  remove(path: string): Promise<Answer>;
  /** Any call, exactly as given, without a credential. */
  raw(path: string, init?: RequestInit): Promise<Answer>;
}

/** Starts a sandbox on a free port, over the small world unless told otherwise. */
export async function openSandbox(options: Partial<SandboxOptions> = {}): Promise<OpenSandbox> {
  const sandbox = await startSandbox({ world: smallWorld(), ...options });
  onTestFinished(() => sandbox.close());
  // The gateway takes no unscoped token, the site's own address no scoped one.
  const authorizationFor = (path: string): string => {
    const { basic, scopedToken } = sandbox.credentials;
    const { email, apiToken } = path.startsWith("/ex/") ? scopedToken : basic;
    return `Basic ${Buffer.from(`${email}:${apiToken}`).toString("base64")}`;
  };

  async function raw(path: string, init: RequestInit = {}): Promise<Answer> {
    const response = await fetch(`${sandbox.url}${path}`, init);
    const text = await response.text();
    const isJson = response.headers.get("content-type")?.includes("json") === true;
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: isJson && text !== "" ? JSON.parse(text) : undefined,
    };
  }

  const send = (method: string, path: string, body: unknown, headers: Record<string, string> = {}) =>
    raw(path, {
      method,
      headers: {
        authorization: authorizationFor(path),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });

  return {
    sandbox,
    raw,
    get: (path, headers) => send("GET", path, undefined, headers),
    post: (path, body, headers) => send("POST", path, body, headers),
    put: (path, body) => send("PUT", path, body),
    remove: (path) => send("DELETE", path, undefined),
  };
}
