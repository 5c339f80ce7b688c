import { SiteError } from "../../domain/SiteError.js";
import type { HttpAnswer, HttpRequest, Transport } from "../../http/Transport.js";
import type { Check } from "./Check.js";

/** The checks of one site, in the order in which they were made. Makes only calls that change nothing. */
export class Examination {
  readonly checks: Check[] = [];
  /** The calls that a scope is missing for: the credential itself was accepted. */
  readonly withoutScope = new Set<string>();

  constructor(readonly siteId: string) {}

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
      if (error instanceof SiteError && error.kind === "ScopeMissing") this.withoutScope.add(request.call);
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
      const isOffered = !(error instanceof SiteError && error.kind === "Unsupported");
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
