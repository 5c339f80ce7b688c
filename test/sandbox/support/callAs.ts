import type { Answer, OpenSandbox } from "./openSandbox.js";

/** Sends JSON with a header of one's own choice. */
export type Call = (method: string, path: string, body?: unknown) => Promise<Answer>;

/** Calls a sandbox with one `Authorization` header. */
export function callAs({ raw }: OpenSandbox, authorization: string): Call {
  return (method, path, body) =>
    raw(path, {
      method,
      headers: { authorization, ...(body === undefined ? {} : { "content-type": "application/json" }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
}

/** The header of an e-mail and a token. */
export function basic({ email, apiToken }: { readonly email: string; readonly apiToken: string }): string {
  return `Basic ${Buffer.from(`${email}:${apiToken}`).toString("base64")}`;
}
