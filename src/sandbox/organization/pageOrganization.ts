import { cursors } from "../cloud/v2/cursors.js";
import type { Reply } from "../http/Reply.js";
import type { Filters } from "./readFilters.js";

/** How the rows of a list are told apart and shown. */
export interface OrganizationPage<T> {
  readonly rows: readonly T[];
  readonly idOf: (row: T) => string;
  readonly show: (row: T) => unknown;
}

/** One page: `links.next` is a bare cursor, no URL, and absent on the last page. A cursor belongs to its filters. */
export function pageOrganization<T>(list: string, filters: Filters, { rows, idOf, show }: OrganizationPage<T>): Reply {
  const from = filters.cursor === null ? 0 : startOf(rows, idOf, filters.cursor, list);
  const page = rows.slice(from, from + filters.limit);
  const last = page.at(-1);
  const hasMore = last !== undefined && from + page.length < rows.length;
  return {
    status: 200,
    body: {
      data: page.map(show),
      links: hasMore ? { next: cursors.encode(list, { afterId: idOf(last), index: from + page.length - 1 }) } : {},
    },
  };
}

/** Behind the row that ended the last page; where it has gone since, behind where it stood. */
function startOf<T>(rows: readonly T[], idOf: (row: T) => string, cursor: string, list: string): number {
  const { afterId, index } = cursors.decode(list, cursor);
  const there = rows[index];
  if (there !== undefined && idOf(there) === afterId) return index + 1;
  const found = rows.findIndex((row) => idOf(row) === afterId);
  return found >= 0 ? found + 1 : Math.min(index, rows.length);
}

/** What a list is: its name and its filters, whatever their order. `expand` and the page size may change on the way. */
export function listKeyOf(name: string, { lists, searchTerm }: Filters): string {
  const filters = [...lists]
    .filter(([key]) => key !== "expand")
    .map(([key, values]) => [key, [...values].sort()] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([name, filters, searchTerm ?? null]);
}
