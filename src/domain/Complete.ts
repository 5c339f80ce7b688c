import { SiteError, type SiteErrorKind } from "./SiteError.js";

/**
 * A list and how far it can be trusted. No gaps: the upstream was read whole. With gaps the items are what was read
 * before something failed, and the answer says so; an empty list with gaps means "nothing known", never "none".
 */
export interface Complete<T> extends Trust {
  readonly items: readonly T[];
}

/** How far a reading can be trusted: what goes with every list, and with everything that is put together from lists. */
export interface Trust {
  /** What belongs to the answer and is not in it. None: it was read whole. */
  readonly gaps: readonly Gap[];
  /** When the oldest part was read, in milliseconds since the epoch. */
  readonly asOfMs: number;
  /** What is taken for granted, each once. An answer that rests on assumptions alone counts as whole. */
  readonly assumptions: readonly Assumption[];
}

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

/**
 * What an answer takes for granted because nobody can say otherwise. It is no gap: nothing failed, and nothing more could be
 * read. Lists and decisions name what they rest on alike.
 *
 * `SUSPENDED_MEMBERS_HIDDEN`: Cloud leaves people whom the organization suspended out of member lists, and no organization
 * is asked who they are. `LICENSED`: that an account has a licence, where nobody tells. `GROUP_GONE`: that a group which
 * cannot be found, yet holds a grant, has no members. `NO_SPACE_ROLES`: that a site which knows neither its role mode nor
 * role definitions nor the assignments of a space has no space roles. `DEFAULT_GROUP`: that a site which keeps its own accounts
 * puts new ones into the group that it comes with. `STALE`: that what was read at `asOf` still holds, though its time is over and
 * the site failed when it was to be read again.
 */
export type Assumption =
  | "SUSPENDED_MEMBERS_HIDDEN"
  | "LICENSED"
  | "GROUP_GONE"
  | "NO_SPACE_ROLES"
  | "DEFAULT_GROUP"
  | "STALE";

/** The empty list, read whole: only for what cannot exist, or for what was asked of nobody. */
export function knownEmpty(asOfMs: number): Complete<never> {
  return { items: [], gaps: [], asOfMs, assumptions: [] };
}

/** Other items with the trust of the list that they were made of. */
export function withItems<T>({ gaps, asOfMs, assumptions }: Trust, items: readonly T[]): Complete<T> {
  return { items, gaps, asOfMs, assumptions };
}

/** A list of which nothing could be read. */
export function unread(gap: Gap, nowMs: number): Complete<never> {
  return { items: [], gaps: [gap], asOfMs: nowMs, assumptions: [] };
}

/** Several readings as one: all items, and the trust of all. Of none: empty, whole, as of `nowMs`. */
export function mergeComplete<T>(parts: readonly Complete<T>[], nowMs: number): Complete<T> {
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return only;
  const { gaps, asOfMs, assumptions } = mergeTrust(parts, nowMs);
  return { items: parts.flatMap((part) => part.items), gaps, asOfMs, assumptions };
}

/** How far something can be trusted that rests on several readings: all gaps and assumptions, as old as the oldest. */
export function mergeTrust(parts: readonly Trust[], nowMs: number): Trust {
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return only;
  let asOfMs = nowMs;
  // Of twenty thousand parts hardly any has a gap.
  const gaps: (readonly Gap[])[] = [];
  const assumptions = new Set<Assumption>();
  for (const part of parts) {
    if (part.asOfMs < asOfMs) asOfMs = part.asOfMs;
    if (part.gaps.length > 0) gaps.push(part.gaps);
    for (const assumption of part.assumptions) assumptions.add(assumption);
  }
  return { gaps: mergeGaps(...gaps), asOfMs, assumptions: [...assumptions] };
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

const nothingAssumed: readonly Assumption[] = [];

/**
 * Several lists of assumptions as one, each once, in the order met. The very first list where it holds them all: what is made of it
 * is kept by that.
 */
export function mergeAssumptions(...lists: readonly (readonly Assumption[])[]): readonly Assumption[] {
  const filled = lists.filter((list) => list.length > 0);
  const [first] = filled;
  if (first === undefined) return nothingAssumed;
  if (filled.length === 1) return first;
  const merged = new Set(filled.flat());
  return merged.size === new Set(first).size ? first : [...merged];
}

/** Of what is put together from others, whether any of them is stale: what else they take for granted may be nothing to it. */
export function staleIn(...parts: readonly Pick<Trust, "assumptions">[]): readonly Assumption[] {
  return parts.some(({ assumptions }) => assumptions.includes("STALE")) ? ["STALE"] : [];
}

/** A failed read, told as what is missing from an answer because of it. */
export function gapFromError(missing: string, error: SiteError): Gap {
  return { missing, kind: error.kind, reason: error.message, call: error.call, retryAfterMs: error.retryAfterMs };
}

/** A gap as an error: where what was asked for may stand in what is missing, so that nobody knows. */
export function errorFromGap(gap: Gap, message = gap.reason, kind: SiteErrorKind = gap.kind): SiteError {
  return new SiteError(kind, message, { call: gap.call ?? "", retryAfterMs: gap.retryAfterMs });
}
