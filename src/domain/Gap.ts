import type { SiteErrorKind } from "./SiteErrorKind.js";

/** Something that belongs to an answer and is not in it, and why. */
export interface Gap {
  /** What is missing, in a person's words: `members of group 5f0c… beyond the first 400`. */
  readonly missing: string;
  readonly kind: SiteErrorKind;
  /** Why, and what to do. Never holds a secret. */
  readonly reason: string;
  /** The upstream call that failed, as a template: `GET /wiki/api/v2/spaces/{id}/permissions`. */
  readonly call: string | null;
  /** Milliseconds until asking again makes sense, where the upstream said so. */
  readonly retryAfterMs: number | null;
}
