import type { Clock } from "../domain/Clock.js";
import { type Complete, type Gap, gapFromError } from "../domain/Complete.js";
import { SiteError, siteErrorOf } from "../domain/SiteError.js";
import { type HttpLimits, httpLimits } from "./limits.js";
import type { HttpAnswer, Tries } from "./Transport.js";

/** A page as asked for. A position stays valid when the limit changes: cursors and offsets both do. */
export interface PageRequest<Position> {
  readonly position: Position;
  readonly limit: number;
  /** Goes along with the call: a page asked for at half the size is the same question, and has what is left of the time. */
  readonly tries: Tries;
}

export interface Page<Row, Position> {
  readonly rows: readonly Row[];
  /** `null`: no more pages. A `SiteError`: there may be more, but where they are cannot be read. */
  readonly next: Position | null | SiteError;
}

/** `Position` is `number` for offsets, `string | null` for cursors that begin without one. */
interface PagedRead<Row, Position extends string | number | null> {
  /** The call as a template, for gaps. */
  readonly call: string;
  readonly first: Position;
  /** Rows to ask for at once, at most what the upstream allows. */
  readonly pageSize: number;
  readonly fetchPage: (request: PageRequest<Position>) => Promise<Page<Row, Position>>;
  /** What a gap says is missing, given how many rows were read: `members of group 5f0c… beyond the first 400`. */
  readonly missing: (count: number) => string;
  /**
   * True where the site names no next page, so that we count on: then an empty page is the end, and loses nothing. A site that
   * answers the same page whatever is asked for would be asked for ever.
   */
  readonly isCounted?: boolean;
  /** Takes the rows of each page as it comes; the answer holds none then. For lists too long to be held whole. */
  readonly take?: ((rows: readonly Row[]) => void) | undefined;
  readonly clock: Clock;
  /** What was spent on the first page already. */
  readonly tries?: Tries | undefined;
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
  const { maxPages, maxRows, minPageSize } = read.limits === undefined ? httpLimits : { ...httpLimits, ...read.limits };
  const asOfMs = read.clock.now();
  const items: Row[] = [];
  let count = 0;
  let lastTold: string | null = null;
  const visited = new Set<Position>([read.first]);
  let request: PageRequest<Position> = {
    position: read.first,
    limit: read.pageSize,
    tries: read.tries ?? { spentMs: 0 },
  };

  for (let pages = 0; ; ) {
    let page: Page<Row, Position>;
    try {
      page = await read.fetchPage(request);
    } catch (thrown) {
      const error = siteErrorOf(thrown);
      const isTimeLeft = request.tries.spentMs < httpLimits.requestTimeoutMs;
      if (mayBeTooLarge(error) && request.limit > minPageSize && isTimeLeft) {
        request = { ...request, limit: Math.max(minPageSize, Math.floor(request.limit / 2)) };
        continue;
      }
      if (pages === 0) throw error;
      return ended(gapFromError(read.missing(count), error));
    }
    pages += 1;
    if (read.isCounted === true && page.rows.length > 0) {
      const told = JSON.stringify(page.rows);
      if (told === lastTold) return ended(incomplete("the site answered the page before once more"));
      lastTold = told;
    }
    count += page.rows.length;
    if (read.take !== undefined) read.take(page.rows);
    else for (const row of page.rows) items.push(row);
    if (page.rows.length === 0) {
      const isAnnounced = page.next !== null || (pages > 1 && read.isCounted !== true);
      return isAnnounced ? ended(incomplete("the site announced more rows and gave none")) : ended();
    }
    if (page.next === null) return ended();
    if (page.next instanceof SiteError) return ended(gapFromError(read.missing(count), page.next));
    if (visited.has(page.next)) return ended(incomplete("the site named a page again that was read already"));
    if (pages >= maxPages) return ended(incomplete(`a list is read to ${maxPages} pages`));
    if (count >= maxRows) return ended(incomplete(`a list is read to ${maxRows} rows`));
    visited.add(page.next);
    request = { ...request, position: page.next, tries: { spentMs: 0 } };
  }

  function ended(gap?: Gap): Complete<Row> {
    return { items, gaps: gap === undefined ? [] : [gap], asOfMs, assumptions: [] };
  }

  function incomplete(why: string): Gap {
    const reason = `${read.call} was not read to its end: ${why}.`;
    return { missing: read.missing(count), kind: "ReadIncomplete", reason, call: read.call, retryAfterMs: null };
  }
}

function mayBeTooLarge({ kind, status }: SiteError): boolean {
  return kind === "UpstreamFailed" && status !== 503;
}

interface NextLinkOptions {
  /** The query parameter that carries the position: `cursor`, `start`. */
  readonly parameter: string;
  /** The configured base URL: a link elsewhere is refused. */
  readonly baseUrl: string;
  /** The call as a template, for errors. */
  readonly call: string;
}

/**
 * The position of the next page, out of `_links.next` or the `Link` header; `null` where neither names one. Only the
 * parameter is taken and the caller rebuilds the call, so it does not matter what a relative link is relative to.
 * Throws `ContractDrift` for a link to another origin and for one without the parameter: stopping there would lose pages.
 */
export function readNextLink(answer: Pick<HttpAnswer, "body" | "headers">, options: NextLinkOptions): string | null {
  const link = linkInBody(answer.body) ?? linkInHeader(answer.headers.link);
  if (link === null) return null;
  const { call, parameter } = options;
  const { origin } = new URL(options.baseUrl);
  const url = typeof link === "string" && URL.canParse(link, origin) ? new URL(link, origin) : null;
  if (url === null) throw drift("cannot be read");
  if (url.origin !== origin) throw drift("points to another origin and is not followed");
  const position = url.searchParams.get(parameter);
  if (position === null || position === "") throw drift(`carries no "${parameter}"`);
  return position;

  function drift(problem: string): SiteError {
    const message = `${call} names a next page whose link ${problem}. The rest of the list was not read.`;
    return new SiteError("ContractDrift", message, { call });
  }
}

function linkInBody(body: unknown): unknown {
  if (typeof body !== "object" || body === null || !("_links" in body)) return null;
  const links = body._links;
  return typeof links === "object" && links !== null && "next" in links ? links.next : null;
}

function linkInHeader(header: string | string[] | undefined): string | null {
  if (header === undefined) return null;
  for (const [, target = "", parameters = ""] of [header]
    .flat()
    .join(", ")
    .matchAll(/<([^<>]*)>([^<>]*)/g)) {
    if (/;\s*rel\s*=\s*"?next\b/i.test(parameters)) return target;
  }
  return null;
}

/**
 * The next offset of a list that names none: past what was received, never past what was asked for, since an upstream
 * may answer fewer rows than the limit in the middle of a list. `null` after an empty page, the only sign of the end.
 */
export function nextOffset(start: number, received: number): number | null {
  return received === 0 ? null : start + received;
}
