import { z } from "zod";
import type { Secret } from "../../config/Secret.js";
import type { Clock } from "../../domain/Clock.js";
import type { Complete } from "../../domain/Complete.js";
import { SiteError } from "../../domain/SiteError.js";
import { cleanExcerpt, describeErrorBody, readBodySecrets } from "../../http/errors.js";
import { nextOffset, readPages } from "../../http/paging.js";
import type { HttpRequest, Transport } from "../../http/Transport.js";
import type { AskedFor } from "../NamedCalls.js";
import { readShape } from "../readShape.js";
import { adviceFromText } from "./errors.js";
import type { DataCenterFeatures } from "./features.js";

interface ListRequest<Row> extends Pick<HttpRequest, "call" | "path" | "query"> {
  readonly row: z.ZodType<Row>;
  readonly pageSize: number;
  /** What a gap says is missing when the list breaks off after `count` rows. */
  missing(count: number): string;
  /** Takes the rows of each page as it comes; the answer holds none then. */
  readonly take?: (rows: readonly Row[]) => void;
  /** What is asked for by name, of which there may be more until the call leaves. */
  readonly asked?: Omit<AskedFor<string>, "names"> & { query(): NonNullable<HttpRequest["query"]> };
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
    const { call, path, query, row, pageSize, missing, take, asked } = request;
    const page = z.object({ results: z.array(row) });
    return readPages<Row, number>({
      call,
      first: 0,
      pageSize,
      missing,
      take,
      clock: this.clock,
      tries: asked?.tries,
      fetchPage: async ({ position, limit, tries }) => {
        const start = position === 0 ? {} : { start: position };
        const content = () => ({ query: { ...asked?.query(), ...query, ...start, limit } });
        const answer = await this.transport.send({
          method: "GET",
          call,
          path,
          ...content(),
          tries,
          ...asked?.boarding(content),
        });
        const { results } = readShape(page, answer.body, call);
        return { rows: results, next: readNextStart(answer.body, position, results.length) };
      },
    });
  }
}

interface RemoteCall {
  readonly method: string;
  readonly parameters: readonly unknown[];
  /** Whether it only reads, so that it may be repeated. */
  readonly isRead?: boolean;
  readonly secrets?: readonly Secret[];
}

/**
 * A call of the JSON-RPC API, deprecated and there in every version unless it is switched off (401, 404 or 405:
 * `Unsupported`). Its failures are an `error` in a 200.
 */
export async function callRemoteApi(
  { client, features }: { readonly client: DataCenterClient; readonly features: DataCenterFeatures },
  remote: RemoteCall,
): Promise<unknown> {
  const { method, parameters, isRead = false, secrets = [] } = remote;
  const call = `POST /rpc/json-rpc/confluenceservice-v2/${method}`;
  const { body } = await features.whereOffered("remoteApi", () =>
    client.transport.send({
      method: "POST",
      call,
      path: `/rpc/json-rpc/confluenceservice-v2/${method}`,
      body: parameters,
      isReplaySafe: isRead,
      secrets,
    }),
  );
  if (typeof body !== "object" || body === null || !("error" in body)) return body ?? null;
  const said = describeErrorBody(body.error) ?? "no reason given";
  throw remoteError(call, cleanExcerpt(said, readBodySecrets(secrets)).replace(/^[\w.]+\.(\w+Exception)\b/, "$1"));
}

/** "Not allowed, or it does not exist" is one sentence there: what cannot be told apart is not visible. */
function remoteError(call: string, text: string): SiteError {
  const isMissing = /\bno space\b|does(n't| not) exist/i.test(text);
  const isForbidden = /not ?permitted|permission|not allowed/i.test(text);
  const kind = isMissing ? "NotVisible" : isForbidden ? "AccessRefused" : "RequestRejected";
  const advice =
    adviceFromText(text) ??
    (isForbidden
      ? "The credential is valid but may not do this: give its account the permission."
      : "Asking again without a change will not help.");
  return new SiteError(kind, `${call} answered with an error: "${text}". ${advice}`, { call, status: 200 });
}

const linkedWire = z.object({ _links: z.object({ next: z.unknown().optional() }) });
const fullWire = z.object({ limit: z.int().positive() });
/** Stands for whatever a link is relative to: nothing but its query is read. */
const anywhere = "http://localhost";

/**
 * Where the next page starts, by `_links.next`; `null` where there is none. A page with fewer rows
 * than asked for says nothing: limits are clamped without a word. Only the link's `start` is taken, so it does not matter
 * which address it names (`_links.base` is what the administrator typed, reachable or not). A link without one, and whatever else
 * announces more, stands for the row after the last that came; so does a page without any links that is as full as it says it can be.
 */
export function readNextStart(body: unknown, position: number, received: number): number | null {
  const linked = linkedWire.safeParse(body);
  if (!linked.success) {
    const full = fullWire.safeParse(body);
    return full.success && received >= full.data.limit ? nextOffset(position, received) : null;
  }
  const { next } = linked.data._links;
  if (next === undefined || next === null || next === "") return null;
  const start =
    typeof next === "string" && URL.canParse(next, anywhere) ? new URL(next, anywhere).searchParams.get("start") : null;
  return start !== null && /^\d{1,15}$/.test(start) ? Number(start) : nextOffset(position, received);
}
