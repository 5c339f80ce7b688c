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

/** Several lists of gaps as one, each gap once. */
export function mergeGaps(...lists: readonly (readonly Gap[])[]): readonly Gap[] {
  const filled = lists.filter((list) => list.length > 0);
  const [only] = filled;
  if (only === undefined) return [];
  if (filled.length === 1 && only.length === 1) return only;
  const merged = new Map<string, Gap>();
  for (const gap of filled.flat()) {
    const key = JSON.stringify([gap.missing, gap.kind, gap.reason, gap.call]);
    if (!merged.has(key)) merged.set(key, gap);
  }
  return [...merged.values()];
}
