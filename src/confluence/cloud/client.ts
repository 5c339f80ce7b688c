import type { z } from "zod";
import type { Clock } from "../../domain/Clock.js";
import type { Complete } from "../../domain/Complete.js";
import { SiteError, siteErrorOf } from "../../domain/SiteError.js";
import { nextOffset, readNextLink, readPages } from "../../http/paging.js";
import type { HttpAnswer, HttpRequest, Transport, Tries } from "../../http/Transport.js";
import type { AskedFor } from "../NamedCalls.js";
import { readShape } from "../readShape.js";

type Query = Readonly<Record<string, string | number | boolean | undefined>>;

interface ListRequest<Wire extends { results: unknown[] }> {
  readonly call: string;
  readonly path: string;
  readonly query?: Query;
  readonly shape: z.ZodType<Wire>;
  readonly pageSize: number;
  /** What a gap says is missing when the list breaks off after `count` rows. */
  missing(count: number): string;
  /** Rows at most; what lies beyond is a gap. */
  readonly maxRows?: number;
  /** What is asked for by name, of which there may be more until the call leaves. */
  readonly asked?: Omit<AskedFor<string>, "names"> & { query(): Query };
}

type Row<Wire extends { results: unknown[] }> = Wire["results"][number];

/** How the Cloud API is talked to: its three styles of paging, and shapes checked at the boundary. */
export class CloudClient {
  /** Whether `users-bulk` was answered once. */
  mayReadFacts = false;

  constructor(
    readonly transport: Transport,
    readonly clock: Clock,
    /** Where the calls go; a next link to another origin is refused. */
    readonly baseUrl: string,
    /** How many chains of calls one read may have under way. */
    readonly concurrency: number,
  ) {}

  /** One call, its answer checked. */
  async fetchOne<Shape>(request: HttpRequest, shape: z.ZodType<Shape>): Promise<Shape> {
    const answer = await this.transport.send(request);
    return readShape(shape, answer.body, request.call);
  }

  /**
   * One call by ids that has no pages, and whether its answer names a next one all the same: then who is not in it may stand
   * there, and nothing tells how to ask.
   */
  async fetchWhole<Shape>(
    request: HttpRequest,
    shape: z.ZodType<Shape>,
  ): Promise<{ readonly answer: Shape; readonly cutOff: SiteError | null }> {
    const { call } = request;
    const answer = await this.transport.send(request);
    const isCutOff = this.#nextOf(answer, "cursor", call, (text) => text) !== null;
    const message = `${call} named a next page, which this call has no way to ask for: what is not in the answer may stand there.`;
    return {
      answer: readShape(shape, answer.body, call),
      cutOff: isCutOff ? new SiteError("ReadIncomplete", message, { call, status: answer.status }) : null,
    };
  }

  /** A v2 list: pages by `cursor`, the next one named by the answer. */
  listByCursor<Wire extends { results: unknown[] }>(
    request: ListRequest<Wire>,
    take?: (rows: readonly Row<Wire>[]) => void,
  ): Promise<Complete<Row<Wire>>> {
    return this.#listByLink<Wire, string | null>(request, "cursor", null, (text) => text, take);
  }

  /** A v1 list that names its next page: pages by `start`. */
  listByStart<Wire extends { results: unknown[] }>(request: ListRequest<Wire>): Promise<Complete<Row<Wire>>> {
    return this.#listByLink<Wire, number>(request, "start", 0, Number);
  }

  /**
   * A v1 list that names no next page: `start` advances by what was received, and an empty page is the only end. A row that a page
   * holds twice counts once: whether the site counts it so is not documented, and what is asked for again is lost by nobody.
   * With `take` the rows of each page are handed over as they come.
   */
  listByOffset<Wire extends { results: unknown[] }>(
    request: ListRequest<Wire> & { idOf(row: Row<Wire>): string | undefined },
    take?: (rows: readonly Row<Wire>[]) => void,
  ): Promise<Complete<Row<Wire>>> {
    const { call, pageSize } = request;
    return readPages<Row<Wire>, number>({
      missing: (count) => request.missing(count),
      clock: this.clock,
      limits: limitsOf(request),
      take,
      call,
      first: 0,
      pageSize,
      isCounted: true,
      fetchPage: async ({ position, limit, tries }) => {
        const answer = await this.transport.send(pageOf(request, { start: position, limit }, tries));
        const rows = readShape(request.shape, answer.body, call).results;
        return { rows, next: nextOffset(position, countOnce(rows, request.idOf)) };
      },
    });
  }

  #listByLink<Wire extends { results: unknown[] }, Position extends string | number | null>(
    request: ListRequest<Wire>,
    parameter: string,
    first: Position,
    read: (text: string) => Position,
    take?: (rows: readonly Row<Wire>[]) => void,
  ): Promise<Complete<Row<Wire>>> {
    const { call, pageSize } = request;
    return readPages<Row<Wire>, Position | null>({
      missing: (count) => request.missing(count),
      clock: this.clock,
      limits: limitsOf(request),
      tries: request.asked?.tries,
      call,
      first,
      take,
      pageSize,
      fetchPage: async ({ position, limit, tries }) => {
        const page = position === null || position === 0 ? { limit } : { [parameter]: position, limit };
        const answer = await this.transport.send(pageOf(request, page, tries));
        const rows = readShape(request.shape, answer.body, call).results;
        return { rows, next: this.#nextOf(answer, parameter, call, read) };
      },
    });
  }

  /** A link that cannot be used loses the pages behind it, not the page that it stands on. */
  #nextOf<Position>(
    answer: HttpAnswer,
    parameter: string,
    call: string,
    read: (text: string) => Position,
  ): Position | null | SiteError {
    try {
      const next = readNextLink(answer, { parameter, baseUrl: this.baseUrl, call });
      return next === null ? null : read(next);
    } catch (error) {
      return siteErrorOf(error);
    }
  }
}

function limitsOf({ maxRows }: Pick<ListRequest<{ results: unknown[] }>, "maxRows">) {
  return maxRows === undefined ? {} : { maxRows };
}

function pageOf(
  { call, path, query, asked }: Pick<ListRequest<{ results: unknown[] }>, "call" | "path" | "query" | "asked">,
  page: Readonly<Record<string, string | number>>,
  tries: Tries,
): HttpRequest {
  const content = () => ({ query: Object.assign({}, query, asked?.query(), page) });
  return { method: "GET", call, path, ...content(), tries, ...asked?.boarding(content) };
}

/** How many rows there are, each id once; what has none is one of its own. */
function countOnce<R>(rows: readonly R[], idOf: (row: R) => string | undefined): number {
  const ids = rows.map(idOf).filter((id) => id !== undefined);
  return rows.length - ids.length + new Set(ids).size;
}
