import type { Clock } from "../domain/Clock.js";
import { type Complete, type Gap, gapFromError } from "../domain/Complete.js";
import { SiteError } from "../domain/SiteError.js";
import { type HttpLimits, httpLimits } from "./httpLimits.js";

/** A page as asked for. A position stays valid when the limit changes: cursors and offsets both do. */
export interface PageRequest<Position> {
  readonly position: Position;
  readonly limit: number;
}

export interface Page<Row, Position> {
  readonly rows: readonly Row[];
  /** `null`: no more pages. A `SiteError`: there may be more, but where they are cannot be read. */
  readonly next: Position | null | SiteError;
}

/** `Position` is `number` for offsets, `string | null` for cursors that begin without one. */
export interface PagedRead<Row, Position extends string | number | null> {
  /** The call as a template, for gaps. */
  readonly call: string;
  readonly first: Position;
  /** Rows to ask for at once, at most what the upstream allows. */
  readonly pageSize: number;
  readonly fetchPage: (request: PageRequest<Position>) => Promise<Page<Row, Position>>;
  /** What a gap says is missing, given how many rows were read: `members of group 5f0c… beyond the first 400`. */
  readonly missing: (count: number) => string;
  /** True where the site names no next page, so that we count on: then an empty page is the end, and loses nothing. */
  readonly isCounted?: boolean;
  readonly clock: Clock;
  readonly limits?: Partial<Pick<HttpLimits, "maxPages" | "maxRows" | "minPageSize">>;
}

/**
 * Reads a list to its end. Rejects when the first page fails, since nothing was read; a later failure, a repeated
 * position or a cap keeps what was read and declares the gap. An empty page ends the list, and is a gap where more
 * was announced, by itself or by the page before. Where a page fails with `UpstreamFailed`, retries spent, it is asked for again at half the size; not after a
 * 503, which says that the site is down and nothing of the page.
 */
export async function readPages<Row, Position extends string | number | null>(
  read: PagedRead<Row, Position>,
): Promise<Complete<Row>> {
  const { maxPages, maxRows, minPageSize } = { ...httpLimits, ...read.limits };
  const asOfMs = read.clock.now();
  const items: Row[] = [];
  const visited = new Set<Position>([read.first]);
  let request: PageRequest<Position> = { position: read.first, limit: read.pageSize };

  for (let pages = 0; ; ) {
    let page: Page<Row, Position>;
    try {
      page = await read.fetchPage(request);
    } catch (error) {
      if (!(error instanceof SiteError)) throw error;
      if (mayBeTooLarge(error) && request.limit > minPageSize) {
        request = { ...request, limit: Math.max(minPageSize, Math.floor(request.limit / 2)) };
        continue;
      }
      if (pages === 0) throw error;
      return ended(gapFromError(read.missing(items.length), error));
    }
    pages += 1;
    for (const row of page.rows) items.push(row);
    if (page.rows.length === 0) {
      const isAnnounced = page.next !== null || (pages > 1 && read.isCounted !== true);
      return isAnnounced ? ended(incomplete("the site announced more rows and gave none")) : ended();
    }
    if (page.next === null) return ended();
    if (page.next instanceof SiteError) return ended(gapFromError(read.missing(items.length), page.next));
    if (visited.has(page.next)) return ended(incomplete("the site named a page again that was read already"));
    if (pages >= maxPages) return ended(incomplete(`a list is read to ${maxPages} pages`));
    if (items.length >= maxRows) return ended(incomplete(`a list is read to ${maxRows} rows`));
    visited.add(page.next);
    request = { ...request, position: page.next };
  }

  function ended(gap?: Gap): Complete<Row> {
    return { items, gaps: gap === undefined ? [] : [gap], asOfMs, assumptions: [] };
  }

  function incomplete(why: string): Gap {
    const reason = `${read.call} was not read to its end: ${why}.`;
    return { missing: read.missing(items.length), kind: "ReadIncomplete", reason, call: read.call, retryAfterMs: null };
  }
}

function mayBeTooLarge({ kind, status }: SiteError): boolean {
  return kind === "UpstreamFailed" && status !== 503;
}
