import type { SandboxRequest } from "./SandboxRequest.js";

/** What a rate limit says to one call. */
export interface RateVerdict {
  readonly isAllowed: boolean;
  /** On every answer, refusals and others alike. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Counts calls and refuses those beyond the rate. */
export interface RateLimit {
  take(now: number, request: SandboxRequest): RateVerdict;
  /** The headers of an answer to a call that is not carried out, and so does not count. */
  tell(now: number, request: SandboxRequest): RateVerdict["headers"];
}
