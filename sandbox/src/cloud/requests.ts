import { createHmac } from "node:crypto";
import { type Call, Refusal, type Reply, type Routes } from "../http/service.js";
import { limits } from "../limits.js";
import type { CloudState } from "./state/CloudState.js";

/** One authorized call to the Cloud API, as its handler sees it; its path is without the gateway's prefix. */
export interface CloudCall extends Call {
  readonly state: CloudState;
  /** The site's address, without a trailing slash: what `_links.base` begins with. */
  readonly siteUrl: string;
  /** E-mail of the credential. */
  readonly callerEmail: string;
}

export type CloudRoutes = Routes<CloudCall>;

/** How a v1 list pages. */
interface PageV1<T> {
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

/** A query parameter that must be there and not be empty. */
export function readRequired(query: URLSearchParams, name: string): string {
  const value = query.get(name) ?? "";
  if (value === "") throw new Refusal(400, `The query parameter '${name}' is missing.`);
  return value;
}

/** `start` or `limit` of a v1 list: a whole number that is not negative. Without a value it is absent: released clients send `start=`. */
export function readNumber(query: URLSearchParams, name: string, absent: number): number {
  const text = query.get(name);
  if (text === null || text === "") return absent;
  if (!/^\d{1,9}$/.test(text)) {
    throw new Refusal(400, `${name} must be a whole number that is not negative, but was '${text}'.`);
  }
  return Number(text);
}

/** What of a user can be expanded. */
export type UserExpansion = "operations" | "personalSpace" | "isExternalCollaborator";

const known: readonly UserExpansion[] = ["operations", "personalSpace", "isExternalCollaborator"];

/** The comma list `expand`. Names that nobody knows are passed over: a 400 for them is documented nowhere, and clients send some. */
export function readExpansions(query: URLSearchParams): ReadonlySet<UserExpansion> {
  const names = new Set(query.getAll("expand").flatMap((text) => text.split(",").map((name) => name.trim())));
  return new Set(known.filter((name) => names.has(name)));
}

/** How the rows of a list are paged and shown. */
interface PageV2<T> {
  readonly rows: readonly T[];
  readonly idOf: (row: T) => string;
  readonly show: (row: T) => unknown;
}

/** One page of a v2 list, the next one named by `_links.next` and by the `Link` header; both begin with `/wiki`. */
export function pageV2<T>(call: CloudCall, { rows, idOf, show }: PageV2<T>): Reply {
  const limit = readLimit(call.query);
  const list = { name: listKey(call.path, call.query), rows, idOf };
  const { page, cursor } = cutPage(list, call.query.get("cursor"), limit);
  const base = `${call.siteUrl}/wiki`;
  const links: string[] = [];
  let next: string | undefined;
  if (cursor !== undefined) {
    const query = new URLSearchParams(call.query);
    query.set("cursor", cursor);
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

/** A list that is paged by cursors, which only the list of this name takes back. */
interface CursorList<T> {
  /** What it is and how it is filtered: a cursor is bound to all of that. */
  readonly name: string;
  readonly rows: readonly T[];
  readonly idOf: (row: T) => string;
}

/** The page that a cursor stands before, the first for null, and the cursor of the next one; undefined on the last page. */
export function cutPage<T>(
  { name, rows, idOf }: CursorList<T>,
  cursor: string | null,
  limit: number,
): { readonly page: readonly T[]; readonly cursor: string | undefined } {
  const from = cursor === null ? 0 : startOf(rows, idOf, decode(name, cursor));
  const page = rows.slice(from, from + limit);
  const last = page.at(-1);
  const hasMore = last !== undefined && from + page.length < rows.length;
  return {
    page,
    cursor: hasMore ? encode(name, { afterId: idOf(last), index: from + page.length - 1 }) : undefined,
  };
}

/** Behind the row that ended the last page; where that row has gone since, one earlier than where it stood. */
function startOf<T>(rows: readonly T[], idOf: (row: T) => string, { afterId, index }: Position): number {
  const there = rows[index];
  if (there !== undefined && idOf(there) === afterId) return index + 1;
  const found = rows.findIndex((row) => idOf(row) === afterId);
  return found >= 0 ? found + 1 : Math.min(index, rows.length);
}

/** Where the next page begins: behind the row `afterId`, which stood at `index`. */
interface Position {
  readonly afterId: string;
  readonly index: number;
}

function encode(list: string, { afterId, index }: Position): string {
  const payload = Buffer.from(JSON.stringify([afterId, index])).toString("base64url");
  return `${payload}.${signature(list, payload)}`;
}

function decode(list: string, cursor: string): Position {
  const [payload = "", signed, ...rest] = cursor.split(".");
  if (rest.length > 0 || signed !== signature(list, payload)) {
    throw new Refusal(400, "The cursor is not valid for this list.");
  }
  const [afterId, index] = JSON.parse(Buffer.from(payload, "base64url").toString("utf8")) as [string, number];
  return { afterId, index };
}

function signature(list: string, payload: string): string {
  // Any fixed key will do: it keeps cursors opaque and bound to their list, it protects nothing.
  return createHmac("sha256", "sandbox cursors").update(`${list}\n${payload}`).digest("base64url").slice(0, 22);
}

/** A list is its path and its filters; a page size may change on the way. */
export function listKey(path: string, query: URLSearchParams): string {
  const filters = [...query].filter(([name]) => name !== "limit" && name !== "cursor").sort();
  return JSON.stringify([path, filters]);
}

/** `limit` of a v2 list: 1 to 250, anything else is a 400. Without a value it is absent. */
function readLimit(query: URLSearchParams): number {
  const text = query.get("limit");
  if (text === null || text === "") return limits.v2DefaultLimit;
  const limit = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (limit < 1 || limit > limits.v2MaxLimit) {
    throw new Refusal(400, `limit must be a whole number from 1 to ${limits.v2MaxLimit}, but was '${text}'.`);
  }
  return limit;
}

/** A boolean parameter, false when absent or without a value. */
export function readFlag(query: URLSearchParams, name: string): boolean {
  const text = query.get(name);
  if (text === null || text === "" || text === "false") return false;
  if (text === "true") return true;
  throw new Refusal(400, `${name} must be true or false, but was '${text}'.`);
}

/** A parameter with a closed set of values; undefined when absent or without a value. */
export function readChoice<const T extends string>(
  query: URLSearchParams,
  name: string,
  allowed: readonly T[],
): T | undefined {
  const text = query.get(name);
  if (text === null || text === "") return undefined;
  const found = allowed.find((candidate) => candidate === text);
  if (found === undefined) throw new Refusal(400, `${name} must be one of ${allowed.join(", ")}, but was '${text}'.`);
  return found;
}

/** The name of a group or of a role. */
export function readName(value: unknown): string {
  if (typeof value === "string" && value.trim() !== "" && value.length <= limits.nameLength) return value;
  throw new Refusal(400, `name must be a text of 1 to ${limits.nameLength} characters.`);
}
