import type { IncomingMessage } from "node:http";
import type { OverBudget } from "../../callers/CallerBudgets.js";
import type { Identified } from "../../callers/Callers.js";
import { isLoopbackHost } from "../../config/Config.js";
import type { Refusal } from "./refusals.js";

/** Why a caller who is not known is turned away. Nothing of what was presented is repeated. */
export function refusalOf(kind: Exclude<Identified["kind"], "known">, realm: string): Refusal {
  const challenge = `Bearer realm="${realm}"`;
  switch (kind) {
    case "missing":
      return {
        status: 401,
        code: "UNAUTHENTICATED",
        message: "Callers must present a token that this server knows: Authorization: Bearer <token>.",
        headers: { "www-authenticate": challenge },
      };
    case "refused":
      return {
        status: 401,
        code: "UNAUTHENTICATED",
        message: "The token presented is none that this server takes, or its time is over.",
        headers: { "www-authenticate": `${challenge}, error="invalid_token"` },
      };
    case "unavailable":
      return {
        status: 503,
        code: "AUTHENTICATION_UNAVAILABLE",
        message: "The keys that callers' tokens are checked with cannot be had now. Ask again in a moment.",
        headers: { "retry-after": "5" },
      };
  }
}

/** Why a caller has to wait, and how long. */
export function refusalOverBudget({ budget, limit, retryAfterMs }: OverBudget): Refusal {
  const what =
    budget === "operations" ? `run ${limit} operations at a time` : `ask for ${limit} units of cost a minute`;
  return {
    status: 429,
    code: "CALLER_OVER_BUDGET",
    message: `This caller may ${what}, and has done so. Ask again in ${Math.ceil(retryAfterMs / 1000)} s.`,
    extensions: { budget, limit, retryAfterMs },
    headers: { "retry-after": String(Math.ceil(retryAfterMs / 1000)) },
  };
}

/**
 * Refuses a `Host` header that is unreadable and, where callers are not authenticated, one that is not this machine's:
 * a web page whose name was rebound to 127.0.0.1 would otherwise read the access graph through its visitor's browser.
 */
export function checkHost(host: string | undefined, isLoopbackOnly: boolean): Refusal | null {
  const address = `http://${host ?? ""}/`;
  if (host === undefined || /[/?#@\\]/.test(host) || !URL.canParse(address)) {
    return { status: 400, code: "MALFORMED_REQUEST", message: "The Host header is missing or unreadable." };
  }
  if (isLoopbackOnly && !isLoopbackHost(new URL(address).hostname)) {
    return {
      status: 403,
      code: "HOST_NOT_ALLOWED",
      message:
        "Without caller authentication only requests to localhost, 127.0.0.1 or [::1] are answered. Use one of these addresses, or set CALLER_TOKEN, CALLERS_FILE or JWT_ISSUER.",
    };
  }
  return null;
}

/** Whether a request came in at an address that others than this machine can reach. One through a file of this machine has none. */
export function isReachedFromAfar({ socket }: Pick<IncomingMessage, "socket">): boolean {
  const { localAddress } = socket;
  if (localAddress === undefined || localAddress === lastNear) return false;
  if (!isLoopbackHost(localAddress)) return true;
  lastNear = localAddress;
  return false;
}

/** Most come in at the same. */
let lastNear: string | null = null;

/** Where somebody else listens, as they like: what our own port refuses at the start is refused by the request. */
export const notFromAfar: Refusal = {
  status: 403,
  code: "HOST_NOT_ALLOWED",
  message:
    "Without caller authentication only requests that reach this machine at a loopback address are answered. Set CALLER_TOKEN, CALLERS_FILE or JWT_ISSUER.",
};

export const twoHosts: Refusal = {
  status: 400,
  code: "MALFORMED_REQUEST",
  message: "The request has two Host headers, and which of them is meant cannot be told.",
};

/** Whether the names and values of a request's headers hold `Host` twice. Node shows the first one only, others may see the last. */
export function isHostDoubled(rawHeaders: readonly string[]): boolean {
  let count = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at];
    if (name?.length === 4 && name.toLowerCase() === "host") count += 1;
  }
  return count > 1;
}
