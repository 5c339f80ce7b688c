import { Refusal } from "../../http/Refusal.js";
import type { Reply } from "../../http/Reply.js";
import type { DataCenterCall } from "../DataCenterCall.js";

/** How a list pages. */
export interface Page<T> {
  readonly rows: readonly T[];
  readonly show: (row: T) => unknown;
  readonly defaultLimit: number;
  /** A larger `limit` becomes this one without a word: "fewer than asked for" does not mean "the last page". */
  readonly maxLimit: number;
}

/** One page of a list. `_links.next` is relative to the context path, and nothing tells how many there are in all. */
export function pageOf<T>(call: DataCenterCall, { rows, show, defaultLimit, maxLimit }: Page<T>): Reply {
  const { path, query, baseUrl, state } = call;
  const start = readNumber(query, "start", 0);
  const limit = Math.min(readNumber(query, "limit", defaultLimit), maxLimit);
  const page = rows.slice(start, start + limit);
  const hasNext = page.length > 0 && start + page.length < rows.length;
  const search = query.size === 0 ? "" : `?${query}`;
  return {
    status: 200,
    body: {
      results: page.map(show),
      start,
      limit,
      size: page.length,
      _links: {
        self: `${baseUrl}${path}${search}`,
        ...(hasNext ? { next: nextLink(path, query, start + page.length, limit) } : {}),
        base: baseUrl,
        context: state.contextPath,
      },
    },
  };
}

function nextLink(path: string, query: URLSearchParams, start: number, limit: number): string {
  const next = new URLSearchParams(query);
  next.set("limit", String(limit));
  next.set("start", String(start));
  return `${path}?${next}`;
}

/** A whole number of the query that is not negative. One that no number can hold is the largest that can. */
export function readNumber(query: URLSearchParams, name: string, absent: number): number {
  const text = query.get(name);
  if (text === null || text === "") return absent;
  if (!/^\d+$/.test(text)) throw new Refusal(400, `${name} must be a whole number that is not negative: ${text}`);
  return Math.min(Number(text), Number.MAX_SAFE_INTEGER);
}

/** What `expand` names, commas or repetitions alike. */
export function readExpansions(query: URLSearchParams): ReadonlySet<string> {
  const names = query.getAll("expand").flatMap((text) => text.split(","));
  return new Set(names.map((name) => name.trim()).filter((name) => name !== ""));
}
