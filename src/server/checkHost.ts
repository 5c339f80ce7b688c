import { isLoopbackHost } from "../config/Config.js";
import type { Refusal } from "./Refusal.js";

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
