/**
 * What a failed exchange means, by the code of its error:
 * - `never-sent`: no connection came about, so nothing can have been done;
 * - `not-trusted`: the certificate or TLS itself was refused before anything was sent; waiting heals nothing;
 * - `unsendable`: the request itself cannot be written (a line break in the credential);
 * - `closed`: our own connections are closed;
 * - `not-http`: what came back is not HTTP, or a chunked body that broke off;
 * - `answer-lost`: anything else. The request may have arrived.
 */
export type NetworkFault = "never-sent" | "not-trusted" | "unsendable" | "closed" | "not-http" | "answer-lost";

// EHOSTUNREACH, ENETUNREACH and ETIMEDOUT are left out: a connection that stood reports them too.
const neverSent = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "UND_ERR_CONNECT_TIMEOUT"]);
const notTrusted = new Set([
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "CERT_HAS_EXPIRED",
  "CERT_NOT_YET_VALID",
  "CERT_REVOKED",
  "CERT_SIGNATURE_FAILURE",
  "CERT_UNTRUSTED",
  "CERT_CHAIN_TOO_LONG",
  "HOSTNAME_MISMATCH",
  "INVALID_CA",
  "ERR_TLS_CERT_ALTNAME_INVALID",
  "ERR_SSL_WRONG_VERSION_NUMBER",
]);

export function classifyNetworkCode(code: string | null): NetworkFault {
  if (code === null) return "answer-lost";
  if (neverSent.has(code)) return "never-sent";
  if (notTrusted.has(code)) return "not-trusted";
  if (code === "UND_ERR_INVALID_ARG" || code === "UND_ERR_NOT_SUPPORTED") return "unsendable";
  if (code === "UND_ERR_CLOSED" || code === "UND_ERR_DESTROYED") return "closed";
  if (code.startsWith("HPE_") || code === "UND_ERR_HEADERS_OVERFLOW") return "not-http";
  return "answer-lost";
}
