import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { RunningSandbox } from "../../sandbox/src/startSandbox.js";
import { routeName } from "./routeNames.js";

/** One call on its way through, before its answer is known. */
export interface EdgeCall {
  readonly route: string;
  /** What is asked for, whatever the page: the calls of one list share it. */
  readonly subject: string;
  /** Which page of it: where it begins, as the request says; empty for the first. */
  readonly page: string;
  readonly isLaterPage: boolean;
  /** Whether the answer before this one said that there is more. */
  readonly isAnnounced: boolean;
}

export interface EdgeReply {
  readonly status: number;
  readonly text: string;
}

/** What goes wrong. `change` answers null where this fault has nothing to do with such a call, "cut" to answer nothing. */
export type EdgeChange = (call: EdgeCall, reply: EdgeReply) => EdgeReply | "cut" | null;

/** What is answered in place of carrying a call out; null where it is carried out. */
export type EdgeRefusal = (call: EdgeCall) => EdgeReply | "cut" | null;

export interface JournalLine extends EdgeCall {
  readonly status: number;
  /** What the sandbox answered; null where the call never reached it. */
  readonly upstreamStatus: number | null;
  /** Whether the answer, unchanged, says that there is more behind it. */
  readonly announces: boolean;
  readonly isFaulted: boolean;
}

type Rewritten = { readonly path: string; readonly body: string };

const pageSizeNames = ["limit", "count"];

/** What stands behind the edge: called without a connection, since that to the edge is the one that is looked at. */
export type Behind = Pick<RunningSandbox, "url" | "ask">;

/**
 * Stands between the product and a sandbox. It keeps pages short, so that small worlds have second ones, knows which call of
 * the sandbox a request is and which page of it, and changes answers.
 */
export class FaultyEdge {
  #change: EdgeChange | null = null;
  #refusal: EdgeRefusal | null = null;
  #lines: JournalLine[] = [];
  readonly #announced = new Map<string, boolean>();
  readonly #server = createServer((incoming, outgoing) => void this.#exchange(incoming, outgoing));

  private constructor(
    readonly upstream: URL,
    readonly behind: Behind,
    readonly pageSize: number,
  ) {}

  static async start(behind: Behind, pageSize: number): Promise<FaultyEdge> {
    const edge = new FaultyEdge(new URL(behind.url), behind, pageSize);
    await new Promise<void>((resolve) => edge.#server.listen(0, "127.0.0.1", resolve));
    return edge;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}${this.upstream.pathname.replace(/\/$/, "")}`;
  }

  /** Begins anew: an empty journal, and from now on this goes wrong. */
  begin(change: EdgeChange | null, refusal: EdgeRefusal | null = null): void {
    this.#change = change;
    this.#refusal = refusal;
    this.#lines = [];
    this.#announced.clear();
  }

  journal(): readonly JournalLine[] {
    return this.#lines;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #exchange(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    try {
      const body = await readText(incoming);
      const method = incoming.method ?? "GET";
      const path = incoming.url ?? "/";
      const { subject, page, isLaterPage } = readPage(method, path, body);
      const route = routeName(method, path.split("?")[0] ?? "");
      const isAnnounced = isLaterPage && this.#announced.get(subject) === true;
      const call = { route, subject, page, isLaterPage, isAnnounced };
      const refused = this.#refusal?.(call) ?? null;
      if (refused !== null) {
        const status = refused === "cut" ? 0 : refused.status;
        this.#lines.push({ ...call, status, upstreamStatus: null, announces: false, isFaulted: true });
        if (refused === "cut") outgoing.destroy();
        else answer(outgoing, { "content-type": "application/json" }, refused);
        return;
      }
      const original = await this.#forward(incoming, this.#shorten(path, body));
      if (original === null) return void outgoing.destroy();
      const announces = announcesMore(original.text);
      this.#announced.set(subject, announces);
      const changed = this.#change?.(call, original) ?? null;
      const status = changed === null ? original.status : changed === "cut" ? 0 : changed.status;
      const upstreamStatus = original.status;
      this.#lines.push({ ...call, status, upstreamStatus, announces, isFaulted: changed !== null });
      if (changed === "cut") outgoing.destroy();
      else answer(outgoing, original.headers, changed ?? original);
    } catch {
      outgoing.destroy();
    }
  }

  /** The request with no more rows asked for than a page is to have. */
  #shorten(path: string, body: string): Rewritten {
    const url = new URL(path, this.upstream);
    for (const name of pageSizeNames) {
      const asked = url.searchParams.get(name);
      if (asked !== null && Number(asked) > this.pageSize) url.searchParams.set(name, String(this.pageSize));
    }
    const query = url.searchParams.size === 0 ? "" : `?${url.searchParams}`;
    const json = parseObject(body);
    const isLong = typeof json?.limit === "number" && json.limit > this.pageSize;
    // The path as it was sent: what a URL would normalize is for the sandbox to judge.
    return {
      path: `${path.split("?")[0]}${query}`,
      body: isLong ? JSON.stringify({ ...json, limit: this.pageSize }) : body,
    };
  }

  #forward({ method = "GET", headers: sent }: IncomingMessage, { path, body }: Rewritten) {
    const { connection: _c, "content-length": _l, "transfer-encoding": _t, ...headers } = sent;
    return this.behind.ask({ method, url: path, headers, body });
  }
}

function answer(
  outgoing: ServerResponse,
  headers: Readonly<Record<string, string>>,
  { status, text }: EdgeReply,
): void {
  outgoing.statusCode = status;
  for (const [name, value] of Object.entries(headers)) {
    // A page whose body names no next one says so in its headers as well.
    if (name === "link" && !announcesMore(text)) continue;
    outgoing.setHeader(name, value);
  }
  outgoing.end(text);
}

/** Which list a call reads, and whether from its beginning. */
function readPage(method: string, path: string, body: string): Pick<EdgeCall, "subject" | "page" | "isLaterPage"> {
  const url = new URL(path, "http://edge.invalid");
  const { cursor, limit: _limit, ...rest } = parseObject(body) ?? { body };
  const query = url.searchParams;
  const isLaterPage =
    query.has("cursor") ||
    Number(query.get("start") ?? 0) > 0 ||
    Number(query.get("startIndex") ?? 1) > 1 ||
    typeof cursor === "string";
  const begins = ["cursor", "start", "startIndex"].flatMap((name) => query.get(name) ?? []);
  const page = isLaterPage ? [...begins, ...(typeof cursor === "string" ? [cursor] : [])].join() : "";
  for (const name of ["cursor", "start", "startIndex", ...pageSizeNames]) query.delete(name);
  return { subject: `${method} ${url.pathname}?${query} ${JSON.stringify(rest)}`, page, isLaterPage };
}

/** Whether a page names a next one, or a total that is not reached with it. */
export function announcesMore(text: string): boolean {
  const page = parseObject(text);
  if (page === null) return false;
  const links = { ...asObject(page._links), ...asObject(page.links) };
  if (typeof links.next === "string" && links.next !== "") return true;
  const total = page.totalResults ?? page.totalSize;
  const rows = rowsOf(page)?.length ?? 0;
  const before = typeof page.startIndex === "number" ? page.startIndex - 1 : Number(page.start ?? 0);
  return typeof total === "number" && before + rows < total;
}

const rowNames = ["results", "data", "Resources"] as const;

/** A page without its rows; null where it is no page, or has none. */
export function withoutRows(text: string, keepsNext: boolean): string | null {
  const page = parseObject(text);
  const name = page === null ? undefined : rowNames.find((each) => Array.isArray(page[each]));
  if (page === null || name === undefined || rowsOf(page)?.length === 0) return null;
  const emptied = {
    ...page,
    [name]: [],
    ...("size" in page ? { size: 0 } : {}),
    ...("itemsPerPage" in page ? { itemsPerPage: 0 } : {}),
  };
  if (keepsNext) return JSON.stringify(emptied);
  const { next: _a, ...own } = asObject(page._links);
  const { next: _b, ...links } = asObject(page.links);
  return JSON.stringify({
    ...emptied,
    ...("_links" in page ? { _links: own } : {}),
    ...("links" in page ? { links } : {}),
  });
}

function rowsOf(page: Readonly<Record<string, unknown>>): unknown[] | undefined {
  return rowNames.map((name) => page[name]).find((rows): rows is unknown[] => Array.isArray(rows));
}

function asObject(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}

function parseObject(text: string): Record<string, unknown> | null {
  if (!text.startsWith("{")) return null;
  try {
    return asObject(JSON.parse(text));
  } catch {
    return null;
  }
}

async function readText(stream: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}
