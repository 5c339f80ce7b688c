import type { Clock } from "../../domain/Clock.js";
import { isOfKind, SiteError } from "../../domain/SiteError.js";
import type { ConcurrencyLimit } from "../../http/admission/ConcurrencyLimit.js";
import type { HttpAnswer, HttpRequest, Transport } from "../../http/Transport.js";

/** What bounds an examination. */
export const doctorLimits = {
  /** Calls in flight to a site at a time: fewer than the server's, which may be at work there. */
  concurrency: 4,
  /** A difference of clocks beyond which tokens and caches break. */
  clockSkewMs: 60_000,
} as const;

/** The checks of one site, or of what processes share, in the order in which they were made. Makes only calls that change nothing. */
export class Examination {
  readonly checks: Check[] = [];
  /** The calls that a scope is missing for: the credential itself was accepted. */
  readonly withoutScope = new Set<string>();

  constructor(readonly siteId: string | null) {}

  note(subject: string, outcome: Check["outcome"], finding: string, neededFor: string | null = null): void {
    this.checks.push({ siteId: this.siteId, subject, outcome, finding, neededFor });
  }

  /** Makes one reading call and notes what came of it; `null` when it failed. */
  async ask(transport: Transport, request: HttpRequest, neededFor: string): Promise<HttpAnswer | null> {
    try {
      const answer = await transport.send(request);
      this.note(request.call, "ok", `answered ${answer.status}`, neededFor);
      return answer;
    } catch (error) {
      if (isOfKind(error, "ScopeMissing")) this.withoutScope.add(request.call);
      this.note(request.call, "failed", reasonOf(error), neededFor);
      return null;
    }
  }

  /** Makes a reading call that not every site offers: one that lacks it is warned of, with what is done instead. */
  async askOffered(
    transport: Transport,
    request: HttpRequest,
    { neededFor, instead }: { readonly neededFor: string; readonly instead: string },
  ): Promise<{ readonly isOffered: boolean; readonly answer: HttpAnswer | null }> {
    try {
      const answer = await transport.send(request);
      this.note(request.call, "ok", `answered ${answer.status}`, neededFor);
      return { isOffered: true, answer };
    } catch (error) {
      const isOffered = !isOfKind(error, "Unsupported");
      if (isOffered) this.note(request.call, "failed", reasonOf(error), neededFor);
      else this.note(request.call, "warning", `this site does not have it: ${instead}`, neededFor);
      return { isOffered, answer: null };
    }
  }

  /** Notes that something could not be looked at because something before it failed. */
  skip(subject: string, why: string, neededFor: string | null = null): void {
    this.note(subject, "skipped", why, neededFor);
  }
}

/** Why a call failed, for a person. */
export function reasonOf(error: unknown): string {
  if (error instanceof SiteError) return error.message;
  return error instanceof Error ? error.message : String(error);
}

/** What was found out about one thing. */
export interface Check {
  /** `null`: what the processes share, of no site. */
  readonly siteId: string | null;
  /** What was looked at: `credential`, `GET /wiki/rest/api/group`. */
  readonly subject: string;
  /** `warning`: something a person should know that stops nothing. `skipped`: it could not be looked at. */
  readonly outcome: "ok" | "warning" | "failed" | "skipped";
  /** What was found. */
  readonly finding: string;
  /** What needs it, where something does: then a failure counts. */
  readonly neededFor: string | null;
}

/** Compares this machine's clock with the site's. */
export function noteClock(examination: Examination, { headers }: HttpAnswer, clock: Clock): void {
  const [date] = [headers.date].flat();
  const theirsMs = Date.parse(date ?? "");
  if (Number.isNaN(theirsMs)) {
    examination.skip("clock", "the site sends no Date header");
    return;
  }
  const skewMs = clock.now() - theirsMs;
  const isClose = Math.abs(skewMs) <= doctorLimits.clockSkewMs;
  examination.note(
    "clock",
    isClose ? "ok" : "warning",
    isClose
      ? "agrees with the site's"
      : `this machine's clock is ${Math.round(skewMs / 1_000)} s ${skewMs > 0 ? "ahead of" : "behind"} the site's: correct it, tokens depend on it`,
  );
}

/** What the site said about its rate limits while it was looked at. */
export function noteRateLimits(examination: Examination, concurrencyLimit: ConcurrencyLimit): void {
  const { rateLimit } = concurrencyLimit.state;
  if (rateLimit === null) {
    examination.note("rate limits", "ok", "the site told none");
    return;
  }
  const { limit, remaining, isNearLimit } = rateLimit;
  examination.note(
    "rate limits",
    isNearLimit === true ? "warning" : "ok",
    `${remaining ?? "?"} of ${limit ?? "?"} left${isNearLimit === true ? ": the site says that the limit is near" : ""}`,
  );
}

/** The first row of a list's answer. */
export function firstIn(body: unknown): unknown {
  if (typeof body !== "object" || body === null || !("results" in body) || !Array.isArray(body.results)) return null;
  const [first]: unknown[] = body.results;
  return first;
}

/** A field of an answer as text; `null` when it is not there or empty. */
export function textAt(body: unknown, name: string): string | null {
  if (typeof body !== "object" || body === null || !(name in body)) return null;
  const value: unknown = (body as Readonly<Record<string, unknown>>)[name];
  return typeof value === "string" && value !== "" ? value : typeof value === "number" ? String(value) : null;
}
