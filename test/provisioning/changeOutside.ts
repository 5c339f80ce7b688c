import { expect } from "vitest";
import type { Stack } from "../support/startStack.js";

/** Changes a Cloud site as its administrators would, by its own API, past the server that is tested. */
export function changeOutside(stack: Pick<Stack, "sandbox">) {
  const { email, apiToken } = stack.sandbox.credential;
  const authorization = `Basic ${Buffer.from(`${email}:${apiToken}`).toString("base64")}`;
  return async (method: string, path: string, body?: unknown): Promise<void> => {
    const response = await fetch(`${stack.sandbox.url}${path}`, {
      method,
      headers: { authorization, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    expect(response.ok, `${method} ${path}: ${response.status}`).toBe(true);
  };
}
