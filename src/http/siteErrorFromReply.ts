import { SiteError, type SiteErrorKind } from "../domain/SiteError.js";
import { adviceFor } from "./adviceFor.js";
import { cleanExcerpt } from "./cleanExcerpt.js";
import { describeErrorBody } from "./describeErrorBody.js";
import type { ErrorClassification, ErrorClassifier } from "./ErrorClassifier.js";
import type { Reply } from "./exchange.js";
import { parseRetryAfter } from "./parseRetryAfter.js";

/** What words are looked for in; no known error says its reason later. */
const readClosely = 16_384;

export interface ReplyContext {
  readonly call: string;
  readonly nowMs: number;
  /** False for a write: a 5xx then leaves open whether it was applied. */
  readonly isRepeatable: boolean;
  readonly origin: string;
  readonly secrets: readonly string[];
  readonly classifyError?: ErrorClassifier | undefined;
  readonly describe?: ((body: unknown) => string | null) | undefined;
}

/** The error that a reply outside 2xx stands for. */
export function siteErrorFromReply(reply: Reply, context: ReplyContext): SiteError {
  const { call } = context;
  const { status, headers } = reply;
  const retryAfterMs = parseRetryAfter(headers["retry-after"], context.nowMs);
  const body = parseOrKeep(reply.text);
  const known: Partial<ErrorClassification> =
    context.classifyError?.({ status, headers, body, text: reply.text.slice(0, readClosely), call }) ?? {};
  const kind = known.kind ?? kindOf(status, retryAfterMs);
  const advice = known.advice ?? adviceFor(kind, retryAfterMs);
  const sentence = context.describe?.(body) ?? describeErrorBody(body) ?? "";
  const excerpt = cleanExcerpt(sentence, context.secrets);
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
