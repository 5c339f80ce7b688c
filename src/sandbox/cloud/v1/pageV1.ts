import { Refusal } from "../../http/Refusal.js";
import type { Reply } from "../../http/Reply.js";
import { limits } from "../../limits.js";
import type { CloudCall } from "../CloudCall.js";
import { readNumber } from "./readQuery.js";

/** How a v1 list pages. */
export interface PageV1<T> {
  readonly rows: readonly T[];
  readonly show: (row: T) => unknown;
  /** Some lists refuse a larger limit, others quietly answer a smaller page. */
  readonly tooLarge: "refuse" | "clamp";
  /** False for the lists that name no next page: the caller has to count what it received. */
  readonly hasNextLink: boolean;
}

/** One page of a v1 list. `_links.next` is relative to `_links.base`, which ends in `/wiki`. */
export function pageV1<T>(call: CloudCall, { rows, show, tooLarge, hasNextLink }: PageV1<T>): Reply {
  const { path, query } = call;
  const start = readNumber(query, "start", 0);
  const asked = readNumber(query, "limit", limits.v1DefaultLimit);
  if (asked > limits.v1MaxLimit && tooLarge === "refuse") {
    throw new Refusal(400, `limit must be at most ${limits.v1MaxLimit}, but was ${asked}.`);
  }
  const limit = Math.min(asked, limits.v1MaxLimit);
  const page = rows.slice(start, start + limit);
  const base = `${call.siteUrl}/wiki`;
  const hasNext = hasNextLink && page.length > 0 && start + page.length < rows.length;
  return {
    status: 200,
    body: {
      results: page.map(show),
      start,
      limit,
      size: page.length,
      ...(query.get("shouldReturnTotalSize") === "true" ? { totalSize: rows.length } : {}),
      _links: {
        base,
        context: "/wiki",
        self: `${call.siteUrl}${path}`,
        ...(hasNext ? { next: nextLink(path, query, start + page.length, limit) } : {}),
      },
    },
  };
}

function nextLink(path: string, query: URLSearchParams, start: number, limit: number): string {
  const next = new URLSearchParams(query);
  next.set("start", String(start));
  next.set("limit", String(limit));
  return `${path.slice("/wiki".length)}?${next}`;
}
