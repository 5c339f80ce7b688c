import { z } from "zod";
import type { Clock } from "../../domain/Clock.js";
import type { Complete } from "../../domain/Complete.js";
import { readPages } from "../../http/paging.js";
import type { HttpRequest, Transport } from "../../http/Transport.js";
import { readShape } from "../readShape.js";
import { readNextStart } from "./readNextStart.js";

interface ListRequest<Row> extends Pick<HttpRequest, "call" | "path" | "query"> {
  readonly row: z.ZodType<Row>;
  readonly pageSize: number;
  /** What a gap says is missing when the list breaks off after `count` rows. */
  missing(count: number): string;
}

/** How the Data Center API is talked to: one style of paging, and shapes checked at the boundary. */
export class DataCenterClient {
  constructor(
    readonly transport: Transport,
    readonly clock: Clock,
    /** How many chains of calls one read may have under way. */
    readonly concurrency: number,
  ) {}

  /** One call, its answer checked. */
  async fetchOne<Shape>(request: HttpRequest, shape: z.ZodType<Shape>): Promise<Shape> {
    const answer = await this.transport.send(request);
    return readShape(shape, answer.body, request.call);
  }

  /** A list in pages by `start` and `limit`, read until no next page is named or one is empty. */
  listPages<Row>(request: ListRequest<Row>): Promise<Complete<Row>> {
    const { call, path, query, row, pageSize, missing } = request;
    const page = z.object({ results: z.array(row) });
    return readPages<Row, number>({
      call,
      first: 0,
      pageSize,
      missing,
      clock: this.clock,
      fetchPage: async ({ position, limit }) => {
        const start = position === 0 ? {} : { start: position };
        const answer = await this.transport.send({ method: "GET", call, path, query: { ...query, ...start, limit } });
        const { results } = readShape(page, answer.body, call);
        return { rows: results, next: readNextStart(answer.body, position, results.length) };
      },
    });
  }
}
