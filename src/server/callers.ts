import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { isLoopbackHost } from "../config/Config.js";
import type { Secret } from "../config/Secret.js";
import type { Refusal } from "./refusals.js";

/**
 * Checks `Authorization: Bearer …` against the callers' token. What is compared are keyed digests of equal length, so
 * that the time taken says neither how much of a guess was right nor how long the token is.
 */
export function createCallerCheck(
  callerToken: Secret,
  realm: string,
): (authorization: string | undefined) => Refusal | null {
  const key = randomBytes(32);
  const digest = (text: string) => createHmac("sha256", key).update(text).digest();
  const expected = digest(callerToken.reveal());
  return (authorization) => {
    const presented = /^Bearer +(\S+) *$/i.exec(authorization ?? "")?.[1];
    const isRight = timingSafeEqual(digest(presented ?? ""), expected);
    if (isRight && presented !== undefined) return null;
    const challenge = `Bearer realm="${realm}"`;
    return presented === undefined
      ? {
          status: 401,
          code: "UNAUTHENTICATED",
          message: "Callers must present the token that the server was started with: Authorization: Bearer <token>.",
          headers: { "www-authenticate": challenge },
        }
      : {
          status: 401,
          code: "UNAUTHENTICATED",
          message: "The token presented is not the one that the server was started with.",
          headers: { "www-authenticate": `${challenge}, error="invalid_token"` },
        };
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
        "Without caller authentication only requests to localhost, 127.0.0.1 or [::1] are answered. Use one of these addresses, or set CALLER_TOKEN.",
    };
  }
  return null;
}
