import type { Reply } from "../../http/Reply.js";
import type { CloudCall } from "../CloudCall.js";
import { cursors, listKey, type Position } from "./cursors.js";
import { readLimit } from "./readQuery.js";

/** How the rows of a list are paged and shown. */
export interface PageV2<T> {
  readonly rows: readonly T[];
  readonly idOf: (row: T) => string;
  readonly show: (row: T) => unknown;
}

/** One page of a v2 list, the next one named by `_links.next` and by the `Link` header; both begin with `/wiki`. */
export function pageV2<T>(call: CloudCall, { rows, idOf, show }: PageV2<T>): Reply {
  const limit = readLimit(call.query);
  const list = listKey(call.path, call.query);
  const cursor = call.query.get("cursor");
  const from = cursor === null ? 0 : startOf(rows, idOf, cursors.decode(list, cursor));
  const page = rows.slice(from, from + limit);
  const last = page.at(-1);
  const base = `${call.siteUrl}/wiki`;
  const links: string[] = [];
  let next: string | undefined;
  if (last !== undefined && from + page.length < rows.length) {
    const query = new URLSearchParams(call.query);
    query.set("cursor", cursors.encode(list, { afterId: idOf(last), index: from + page.length - 1 }));
    next = `${call.path}?${query}`;
    links.push(`<${next}>; rel="next"`);
  }
  links.push(`<${base}>; rel="base"`);
  return {
    status: 200,
    body: { results: page.map(show), _links: { ...(next === undefined ? {} : { next }), base } },
    headers: { Link: links.join(", ") },
  };
}

/** Behind the row that ended the last page; where that row has gone since, one earlier than where it stood. */
function startOf<T>(rows: readonly T[], idOf: (row: T) => string, { afterId, index }: Position): number {
  const there = rows[index];
  if (there !== undefined && idOf(there) === afterId) return index + 1;
  const found = rows.findIndex((row) => idOf(row) === afterId);
  return found >= 0 ? found + 1 : Math.min(index, rows.length);
}
