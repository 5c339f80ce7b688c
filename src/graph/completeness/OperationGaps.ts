import { type FieldNode, type GraphQLFormattedError, getLocation } from "graphql";
import type { Gap } from "../../domain/Complete.js";
import type { SiteId } from "../../domain/ids.js";
import type { SiteError } from "../../domain/SiteError.js";
import { UpstreamCode, upstreamCodes } from "../errors/errorCodes.js";
import type { CompletenessNode } from "./CompletenessNode.js";

/** Where something stands in the answer, and the field of the document that asked for it. */
export interface AnsweredField {
  readonly path: readonly (string | number)[];
  readonly field: FieldNode | undefined;
}

/** Errors of one operation that tell what is missing; one more counts the rest. */
const maxErrors = 20;

/** What one field of the document lacks for one cause, in all the places where it is answered. */
interface Lack {
  readonly field: FieldNode | undefined;
  readonly code: UpstreamCode;
  readonly cause: UpstreamCode;
  readonly first: { path: AnsweredField["path"]; gap: Gap };
  readonly places: number;
}

/**
 * What one operation was answered without. Gateways drop the extensions of an answer, so a list that is not complete and was not
 * asked how complete it is stands in `errors` too, and so does a field that says `UNKNOWN` because a read failed.
 */
export class OperationGaps {
  /** `null` until there is any, which most operations never see. */
  #gaps: Map<string, Gap> | null = null;
  readonly #lists: { at: AnsweredField; completeness: CompletenessNode; siteId: SiteId | null }[] = [];
  readonly #unread: { at: AnsweredField; error: SiteError }[] = [];

  /** A list, or something else that says of itself how complete it is; of one site, or of all. */
  addList(at: AnsweredField, completeness: CompletenessNode, siteId: SiteId | null): void {
    this.#gaps ??= new Map();
    for (const gap of completeness.missing) this.#gaps.set(`${gap.kind}\u0000${gap.missing}\u0000${gap.reason}`, gap);
    this.#lists.push({ at, completeness, siteId });
  }

  /** A field that has no null to answer with: it says that it does not know, and its error is told beside it. */
  addUnread(at: AnsweredField, error: SiteError): void {
    this.#unread.push({ at, error });
  }

  /** Every gap of every list, each once. */
  all(): readonly Gap[] {
    return this.#gaps === null ? [] : [...this.#gaps.values()];
  }

  /** Nothing was said of any list or field. */
  get areNone(): boolean {
    return this.#lists.length === 0 && this.#unread.length === 0;
  }

  /** The oldest and the youngest moment that lists of a site, or of all, say they are stale as of, to who asked them. */
  staleToldMs(site: string): { readonly oldestMs: number; readonly youngestMs: number } {
    let [oldestMs, youngestMs] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const { completeness, siteId } of this.#lists) {
      const { hasStaleParts, isStaleTold, asOf } = completeness;
      if (!hasStaleParts || !isStaleTold || (siteId ?? site) !== site) continue;
      oldestMs = Math.min(oldestMs, asOf.getTime());
      youngestMs = Math.max(youngestMs, asOf.getTime());
    }
    return { oldestMs, youngestMs };
  }

  /** The first list that is stale and was not asked whether it is, of a site that nothing is told of. */
  untoldStale(toldOf: ReadonlySet<string>): { readonly path: AnsweredField["path"]; readonly asOf: string } | null {
    const untold = this.#lists.find(
      ({ completeness: { hasStaleParts, isStaleTold }, siteId }) =>
        hasStaleParts && !isStaleTold && !(siteId === null ? toldOf.size > 0 : toldOf.has(siteId)),
    );
    if (untold === undefined) return null;
    return { path: untold.at.path, asOf: untold.completeness.asOf.toISOString() };
  }

  /** What is to stand in `errors`, in the order of the document. Where the answer is null an error stands already. */
  errors(data: unknown, areListsTold: boolean): GraphQLFormattedError[] {
    const lacks = new Map<FieldNode | undefined, Map<string, Lack>>();
    const add = ({ path, field }: AnsweredField, code: UpstreamCode | null, gap: Gap) => {
      const cause = upstreamCodes[gap.kind];
      const ofField = lacks.get(field) ?? new Map<string, Lack>();
      lacks.set(field, ofField);
      const key = `${code ?? ""}\u0000${cause}\u0000${gap.call ?? ""}`;
      const known = ofField.get(key);
      const first = known === undefined || comparePaths(path, known.first.path) < 0 ? { path, gap } : known.first;
      ofField.set(key, { field, code: code ?? cause, cause, first, places: (known?.places ?? 0) + 1 });
    };
    for (const { at, completeness } of areListsTold ? this.#lists : []) {
      if (completeness.isTold || !isAnswered(data, at.path)) continue;
      for (const gap of oneACause(completeness.missing)) add(at, UpstreamCode.INCOMPLETE, gap);
    }
    for (const { at, error } of this.#unread) {
      if (!isAnswered(data, at.path)) continue;
      const { kind, message: reason, call, retryAfterMs } = error;
      add(at, null, { kind, missing: "", reason, call, retryAfterMs });
    }
    const found = [...lacks.values()].flatMap((ofField) => [...ofField.values()]);
    found.sort((left, right) => startOf(left) - startOf(right));
    const told = found.slice(0, maxErrors).map(describe);
    return found.length <= maxErrors ? told : [...told, countRest(found.length - maxErrors)];
  }
}

function describe({ field, code, cause, first: { path, gap }, places }: Lack): GraphQLFormattedError {
  const isList = code === UpstreamCode.INCOMPLETE && gap.missing !== "";
  const message = isList ? `This is not complete. Missing: ${gap.missing}. ${gap.reason}` : gap.reason;
  const elsewhere = places === 1 ? "" : ` The same goes for ${places - 1} more of this field in the answer.`;
  return {
    message: `${message}${elsewhere}`,
    ...locationsOf(field),
    path,
    extensions: {
      code,
      ...(isList ? { cause, missing: gap.missing } : {}),
      places,
      ...(gap.call ? { call: gap.call } : {}),
      ...(gap.retryAfterMs === null ? {} : { retryAfterMs: gap.retryAfterMs }),
    },
  };
}

function countRest(more: number): GraphQLFormattedError {
  return {
    message: `${more} more errors of this kind are not told one by one: ask for \`completeness\` on each list.`,
    extensions: { code: UpstreamCode.INCOMPLETE, more },
  };
}

/** The first gap of each cause: fifty forbidden spaces are one thing to know of a list. */
function oneACause(gaps: readonly Gap[]): Gap[] {
  return [...new Map([...gaps].reverse().map((gap) => [`${gap.kind}\u0000${gap.call ?? ""}`, gap])).values()].reverse();
}

/** Data that is text already: it tells where errors left null. */
interface Written {
  isNulledAt(path: AnsweredField["path"]): boolean;
}

/** Whether the answer holds something at a path: a null on the way took the place with it. */
function isAnswered(data: unknown, path: AnsweredField["path"]): boolean {
  if (isWritten(data)) return !data.isNulledAt(path);
  let value = data;
  for (const step of path) {
    if (typeof value !== "object" || value === null) return false;
    value = (value as Readonly<Record<string | number, unknown>>)[step];
  }
  return value !== null && value !== undefined;
}

function isWritten(data: unknown): data is Written {
  return typeof data === "object" && data !== null && "isNulledAt" in data && typeof data.isNulledAt === "function";
}

/** In the order of the answer where only indexes differ, as they do for one field; a fragment may stand in several places. */
function comparePaths(left: AnsweredField["path"], right: AnsweredField["path"]): number {
  for (const [index, step] of left.entries()) {
    const other = right[index];
    if (other === undefined) return 1;
    if (step !== other) return step < other ? -1 : 1;
  }
  return left.length - right.length;
}

function startOf({ field }: Lack): number {
  return field?.loc?.start ?? 0;
}

function locationsOf(field: FieldNode | undefined): Pick<GraphQLFormattedError, "locations"> {
  if (field?.loc === undefined) return {};
  const { line, column } = getLocation(field.loc.source, field.loc.start);
  return { locations: [{ line, column }] };
}
