import type { Secret } from "../config/Secret.js";
import { SiteError, type SiteErrorKind } from "../domain/SiteError.js";
import { redact, spellSecret } from "../observability/redact.js";
import { textLimits } from "./limits.js";
import { parseRetryAfter } from "./rateLimits.js";
import type { HttpAnswer } from "./Transport.js";

/** What came back, whatever its status. */
export interface Reply {
  readonly status: number;
  readonly headers: HttpAnswer["headers"];
  readonly text: string;
  readonly bytes: number;
  /** The body was longer than the pool's cap and was not read. An error's is cut without that. */
  readonly isTooLarge: boolean;
}

/** An answer that is an error, as a classifier sees it. */
export interface ErrorAnswer {
  readonly status: number;
  readonly headers: HttpAnswer["headers"];
  /** The parsed JSON, or the text where it is none. Of any shape and depth: never walked, never serialised. */
  readonly body: unknown;
  /** The body as it came, its beginning at least: what words are looked for in. */
  readonly text: string;
  /** The call as a template. */
  readonly call: string;
}

export interface ErrorClassification {
  readonly kind: SiteErrorKind;
  /** What a person can do about it, as a sentence; the kind's own advice otherwise. */
  readonly advice: string;
}

/**
 * What an adapter knows of an error beyond its status: that this 401 is a missing scope, that this 404 is a wrong
 * address. What it leaves out follows from the status.
 */
export type ErrorClassifier = (answer: ErrorAnswer) => Partial<ErrorClassification> | undefined;

export interface ReplyContext {
  readonly call: string;
  readonly nowMs: number;
  /** False for a write: a 5xx then leaves open whether it was applied. */
  readonly isRepeatable: boolean;
  readonly origin: string;
  /** Looked for only where an answer is told of. */
  secrets(): readonly string[];
  readonly classifyError?: ErrorClassifier | undefined;
  readonly describe?: ((body: unknown) => string | null) | undefined;
  readonly certificateAdvice?: string | undefined;
}

/** The error that a reply outside 2xx stands for. */
export function siteErrorFromReply(reply: Reply, context: ReplyContext): SiteError {
  const { call } = context;
  const { status, headers } = reply;
  const retryAfterMs = parseRetryAfter(headers["retry-after"], context.nowMs);
  const body = parseOrKeep(reply.text);
  const known: Partial<ErrorClassification> =
    context.classifyError?.({ status, headers, body, text: reply.text.slice(0, textLimits.readClosely), call }) ?? {};
  const kind = known.kind ?? kindOf(status, retryAfterMs);
  const advice = known.advice ?? adviceFor(kind, retryAfterMs);
  const sentence = context.describe?.(body) ?? describeErrorBody(body) ?? "";
  const excerpt = cleanExcerpt(sentence, context.secrets());
  const detail = isRedirect(status)
    ? `, a redirect to ${destination(headers.location, context.origin)}, which is not followed because the credential would go along.`
    : excerpt === ""
      ? "."
      : `: "${excerpt}".`;
  return new SiteError(kind, `${call} answered ${status}${detail} ${advice}`, {
    call,
    status,
    // On a 4xx that is no throttle, waiting changes nothing; and 0 rides on every answer of Data Center.
    retryAfterMs: (kind === "Throttled" || status >= 500) && retryAfterMs !== 0 ? retryAfterMs : null,
    isAnswerLost: status >= 500 && !context.isRepeatable,
  });
}

function kindOf(status: number, retryAfterMs: number | null): SiteErrorKind {
  if (status === 401) return "CredentialRejected";
  if (status === 403) return "AccessRefused";
  if (status === 404) return "NotVisible";
  if (status === 429) return "Throttled";
  if (status === 503 && retryAfterMs !== null && retryAfterMs > 0) return "Throttled";
  // 501 is the one 5xx that says it will not pass.
  if (status === 501) return "Unsupported";
  if (status >= 500) return "UpstreamFailed";
  return isRedirect(status) ? "Misconfigured" : "RequestRejected";
}

function isRedirect(status: number): boolean {
  return status >= 300 && status < 400;
}

/** Where a redirect points, without its path and query: they may hold a token. */
function destination(location: string | string[] | undefined, origin: string): string {
  const text = [location].flat()[0];
  if (text === undefined || !URL.canParse(text, origin)) return "an unreadable place";
  const target = new URL(text, origin);
  if (target.origin === origin) return "another path of the same site";
  return target.origin === "null" ? "an unreadable place" : target.origin;
}

function parseOrKeep(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

const advice: Readonly<Record<SiteErrorKind, string>> = {
  CredentialRejected: "Check the credential: it is wrong, expired or revoked.",
  ScopeMissing: "Give the credential the scope that this call needs.",
  AccessRefused: "The credential is valid but may not do this: give its account the permission.",
  NotVisible: "It does not exist, or it is hidden from this credential.",
  Throttled: "The site limits the rate of calls. Ask again later.",
  Unreachable: "Check the site's address and the network between here and there.",
  UpstreamFailed: "The site itself failed. Ask again later.",
  ContractDrift: "Check that the address is the API's; if it is, the API has changed.",
  ReadIncomplete: "Ask again; what was read so far may not be whole.",
  Unsupported: "This site does not offer the call.",
  RequestRejected: "Asking again without a change will not help.",
  Misconfigured: "Check the site's address in the configuration.",
  // Never from a site: whoever asks us is told what is lacking.
  NotPermitted: "",
  Overloaded: "",
};

/** What a person can do about an error of this kind, as a sentence. */
function adviceFor(kind: SiteErrorKind, retryAfterMs: number | null = null): string {
  if (kind !== "Throttled" || retryAfterMs === null || retryAfterMs === 0) return advice[kind];
  return `The site limits the rate of calls. Ask again in ${Math.ceil(retryAfterMs / 1_000)} s.`;
}

/**
 * The sentence a person can use in an error body of the common shapes: a text, `message`, `detail`, `title`,
 * `error_description`, `error`, or the first of `errors` or `errorMessages`. `null` where there is none.
 */
export function describeErrorBody(body: unknown, depth = 0): string | null {
  if (depth > textLimits.depth) return null;
  if (typeof body === "string") return body.trim() === "" ? null : body;
  if (Array.isArray(body)) return body.length === 0 ? null : describeErrorBody(body[0], depth + 1);
  if (typeof body !== "object" || body === null) return null;
  const fields = new Map<string, unknown>(Object.entries(body));
  const named = ["errors", "errorMessages", "message", "detail", "title", "error_description", "error"];
  for (const name of named) {
    const sentence = describeErrorBody(fields.get(name), depth + 1);
    if (sentence !== null) return sentence;
  }
  return null;
}

/** Why a call was given up that somebody called off. */
export function nobodyWaits(call: string): SiteError {
  return new SiteError("Throttled", `${call} was given up: nobody waits for its answer any more.`, { call });
}

/** The error that a failed exchange stands for. `code` is the network error's own. */
export function siteErrorFromNetwork(
  code: string,
  { call, origin, certificateAdvice }: Pick<ReplyContext, "call" | "origin" | "certificateAdvice">,
  cause: unknown,
): SiteError {
  const fault = classifyNetworkCode(code);
  switch (fault) {
    case "never-sent":
      return unreachable(`found no way to ${origin} (${code}). Check the site's address and the network.`, false);
    case "not-trusted":
      return unreachable(
        `was not sent: no trusted TLS connection to ${origin} came about (${code}). ${certificateAdvice ?? "Check the scheme of the address, or trust the authority that issued the certificate."}`,
        false,
      );
    case "no-passage":
      return unreachable(
        `was not sent: the proxy does not let it through to ${origin} (${code}). Check HTTPS_PROXY and NO_PROXY.`,
        false,
      );
    case "closed":
      return unreachable("was not sent: the connections to the site are closed, the process is ending.", false);
    case "unsendable": {
      const message = `${call} cannot be sent (${code}). Check the credential and the configured headers for line breaks and other characters that a header cannot carry.`;
      // No cause: undici's message may quote what it refused.
      return new SiteError("Misconfigured", message, { call });
    }
    case "not-http":
      return unreachable(
        `got an answer from ${origin} that is broken or not HTTP (${code}). Check scheme and port.`,
        true,
      );
    case "answer-lost":
      return unreachable(
        `lost the connection to ${origin} before the answer was whole (${code}). Ask again later.`,
        true,
      );
  }

  function unreachable(problem: string, isAnswerLost: boolean): SiteError {
    // undici's parser errors carry the bytes that came: nothing for a log.
    const kept = fault === "not-http" ? undefined : cause;
    return new SiteError("Unreachable", `${call} ${problem}`, { call, isAnswerLost, cause: kept });
  }
}

/**
 * What a failed exchange means, by the code of its error:
 * - `never-sent`: no connection came about, so nothing can have been done;
 * - `not-trusted`: the certificate or TLS itself was refused before anything was sent; waiting heals nothing;
 * - `no-passage`: the proxy refused to open the way, so nothing was sent; asking it again does not help;
 * - `unsendable`: the request itself cannot be written (a line break in the credential);
 * - `closed`: our own connections are closed;
 * - `not-http`: what came back is not HTTP, or a chunked body that broke off;
 * - `answer-lost`: anything else. The request may have arrived.
 */
type NetworkFault = "never-sent" | "not-trusted" | "no-passage" | "unsendable" | "closed" | "not-http" | "answer-lost";

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
  if (neverSent.has(code) || code.startsWith(tunnelPrefix)) return "never-sent";
  if (notTrusted.has(code)) return "not-trusted";
  if (code.startsWith(proxyPrefix)) return code >= `${proxyPrefix}500` ? "never-sent" : "no-passage";
  if (code === "UND_ERR_INVALID_ARG" || code === "UND_ERR_NOT_SUPPORTED") return "unsendable";
  if (code === "UND_ERR_CLOSED" || code === "UND_ERR_DESTROYED") return "closed";
  if (code.startsWith("HPE_") || code === "UND_ERR_HEADERS_OVERFLOW") return "not-http";
  return "answer-lost";
}

/** Before the status with which a proxy answered instead of opening the way. */
const proxyPrefix = "PROXY_ANSWERED_";

/** Before the code with which the way through a proxy broke while it was opened. */
const tunnelPrefix = "TUNNEL_";

/** What failed while a way through a proxy was opened: nothing was sent, whatever its code says of a call that was. */
export function tunnelErrorOf(error: Error): Error {
  const code = readNetworkCode(error);
  const fault = classifyNetworkCode(code);
  if (code === null || (fault !== "answer-lost" && fault !== "not-http")) return error;
  return Object.assign(new Error(error.message), { code: `${tunnelPrefix}${code}` });
}

/**
 * The code of a network error; `null` for an error that is not the network's. undici's parser errors come without the
 * code they mean to carry (7.30.2), so they are known by name.
 */
export function readNetworkCode(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  // Its own code is that of any request that was aborted (undici 7.30.2).
  const byProxy = /^Proxy response \((\d+)\)/.exec(error.message)?.[1];
  if (byProxy !== undefined) return `${proxyPrefix}${byProxy}`;
  if ("code" in error && typeof error.code === "string") return error.code;
  return error.name === "HTTPParserError" ? "HPE_INVALID" : null;
}

/**
 * A short piece of an upstream's text that may stand in a message: one line, no markup, no control characters, and
 * none of the secrets even where the upstream echoes them. Empty when nothing is left.
 */
export function cleanExcerpt(text: string, secrets: readonly string[]): string {
  // This call's own, and every other secret of the process: an upstream may echo what another call sent it.
  // Twice as much as is used, so that a secret at the end of that is still whole when it is looked for.
  const beginning = text.slice(0, 2 * textLimits.readClosely);
  const withoutSecrets = redact(secrets.reduce((rest, secret) => rest.replaceAll(secret, "***"), beginning));
  const plain = withoutSecrets
    .slice(0, textLimits.readClosely)
    .replace(/<(script|style)\b[\s\S]*?(<\/\1>|$)/gi, " ")
    .replace(/<[/?]?[a-z!][^<>]*(>|$)/gi, " ")
    // "Basic Authentication has been disabled" names the way, and no credential.
    .replace(/\b(Basic|Bearer)\s+(?!authentication\b)[\w+/=.~-]{8,}/gi, "$1 ***")
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, " ")
    .trim();
  const characters = [...plain];
  return characters.length <= textLimits.excerptLength
    ? plain
    : `${characters.slice(0, textLimits.excerptLength).join("").trimEnd()}…`;
}

/** The strings of an `Authorization` value that must never be shown: whole, without its scheme, and decoded for Basic. */
export function readSecrets(authorization: string | undefined): readonly string[] {
  if (authorization === undefined) return [];
  const [scheme = "", ...rest] = authorization.split(" ");
  const credential = rest.join(" ").trim();
  const secrets = [authorization, credential];
  if (scheme.toLowerCase() === "basic") {
    const decoded = Buffer.from(credential, "base64").toString("utf8");
    secrets.push(decoded, decoded.slice(decoded.indexOf(":") + 1));
  }
  // Shorter ones would blank out ordinary text; no token is that short.
  return secrets.filter((secret) => secret.length >= 4);
}

/** The strings of a body's secrets that must never be shown, in every spelling; short ones too, whatever else they blank out. */
export function readBodySecrets(secrets: readonly Secret[] = []): readonly string[] {
  const values = secrets.map((secret) => secret.reveal()).filter((value) => value !== "");
  return [...values, ...values.flatMap(spellSecret)];
}
