import { type Call, Refusal, type Reply } from "../http/service.js";
import type { DataCenterUser } from "../world/World.js";
import type { Caller } from "./authentication.js";
import type { DataCenterOptions, Version } from "./options.js";
import type { DataCenterState } from "./state/DataCenterState.js";
import { type HeldSpace, readSpace } from "./state/spaces.js";

/** One call whose credential was accepted, as its handler sees it; its path is below the context path: `/rest/api/group`. */
export interface DataCenterCall extends Call {
  readonly state: DataCenterState;
  readonly options: DataCenterOptions;
  readonly caller: Caller;
  /** What the administrator configured as the base URL: links begin with it, but nobody can reach it. */
  readonly baseUrl: string;
}

/** One route. */
export interface DataCenterRoute {
  /** The first version that has it; every version when absent. */
  readonly since?: Version;
  /** Throws `Refusal` for what it refuses. */
  readonly handle: (call: DataCenterCall) => Reply;
}

/** Routes by `METHOD /path/{parameter}`, below the context path. */
export type DataCenterRoutes = Readonly<Record<string, DataCenterRoute>>;

/** How a list pages. */
interface Page<T> {
  readonly rows: readonly T[];
  readonly show: (row: T) => unknown;
  readonly defaultLimit: number;
  /** A larger `limit` becomes this one without a word: "fewer than asked for" does not mean "the last page". */
  readonly maxLimit: number;
}

/** One page of a list. `_links.next` is relative to the context path, and nothing tells how many there are in all. */
export function pageOf<T>(call: DataCenterCall, { rows, show, defaultLimit, maxLimit }: Page<T>): Reply {
  const { path, query, baseUrl, state } = call;
  const start = readNumber(query, "start", 0);
  const limit = Math.min(readNumber(query, "limit", defaultLimit), maxLimit);
  const page = rows.slice(start, start + limit);
  const hasNext = page.length > 0 && start + page.length < rows.length;
  const search = query.size === 0 ? "" : `?${query}`;
  return {
    status: 200,
    body: {
      results: page.map(show),
      start,
      limit,
      size: page.length,
      _links: {
        self: `${baseUrl}${path}${search}`,
        ...(hasNext ? { next: nextLink(path, query, start + page.length, limit) } : {}),
        base: baseUrl,
        context: state.contextPath,
      },
    },
  };
}

function nextLink(path: string, query: URLSearchParams, start: number, limit: number): string {
  const next = new URLSearchParams(query);
  next.set("limit", String(limit));
  next.set("start", String(start));
  return `${path}?${next}`;
}

/** A whole number of the query that is not negative. One that no number can hold is the largest that can. */
function readNumber(query: URLSearchParams, name: string, absent: number): number {
  const text = query.get(name);
  if (text === null || text === "") return absent;
  if (!/^\d+$/.test(text)) throw new Refusal(400, `${name} must be a whole number that is not negative: ${text}`);
  return Math.min(Number(text), Number.MAX_SAFE_INTEGER);
}

/** What `expand` names, commas or repetitions alike. */
export function readExpansions(query: URLSearchParams): ReadonlySet<string> {
  const names = query.getAll("expand").flatMap((text) => text.split(","));
  return new Set(names.map((name) => name.trim()).filter((name) => name !== ""));
}

/** The group of a name, in its own letter case; 404 when there is none. */
export function groupNamed({ groups }: DataCenterState, name: string): string {
  const group = groups.get(name);
  if (group === undefined) throw new Refusal(404, `No group found with name : ${name}`);
  return group.name;
}

/** The group in the path. */
export function findGroup({ params, state }: DataCenterCall): string {
  return groupNamed(state, params.groupName ?? "");
}

/** The user of a name, whatever its status; 404 when nobody has it. */
export function userNamed({ users }: DataCenterState, username: string): DataCenterUser {
  const user = users.byName(username);
  if (user === undefined) throw new Refusal(404, `No user found with username : ${username}`);
  return user;
}

export function userWithKey({ users }: DataCenterState, key: string): DataCenterUser {
  const user = users.byKey(key);
  if (user === undefined) throw new Refusal(404, `No user found with key : ${key}`);
  return user;
}

/** The user that `key` or `username` names: exactly one of the two. */
export function findUser({ query, state }: DataCenterCall): DataCenterUser {
  const key = query.get("key") ?? "";
  const username = query.get("username") ?? "";
  if ((key === "") === (username === "")) {
    throw new Refusal(400, "Exactly one of the query parameters key and username must be given.");
  }
  return key === "" ? userNamed(state, username) : userWithKey(state, key);
}

/** The space of a key, archived or not; 404 when there is none that the caller may see. */
export function findSpace(call: DataCenterCall, key: string): HeldSpace {
  const space = call.state.spaces.byKey(key);
  if (space === undefined || !visibleTo(call)(key)) throw new Refusal(404, `No space with key : ${key}`);
  return space;
}

/** For what only administrators may ask. */
export function requireAdministrator({ caller }: DataCenterCall): void {
  if (!caller.isAdministrator) throw new Refusal(403, "Only administrators are permitted to do this.");
}

/** Anonymous sees spaces, but no people and no groups. */
export function requireUser({ caller }: DataCenterCall): DataCenterUser {
  if (caller.user === null) throw new Refusal(403, "Not permitted to view users : anonymous");
  return caller.user;
}

/** 401 for who is not signed in, on permissions, where others who may not read them meet something else. */
export function refuseAnonymous({ caller }: DataCenterCall): void {
  if (caller.user === null) throw new Refusal(401, "User is not authenticated.");
}

/**
 * Whether the caller may see a space: members of the groups of administrators see every one, whatever its permissions say. The
 * global permission `administer` alone shows none.
 */
export function visibleTo({ state, caller }: DataCenterCall): (key: string) => boolean {
  if (caller.isSuperUser) return () => true;
  return (key) => caller.subjects.some((subject) => state.spaces.has(key, subject, readSpace));
}

/** Groups and memberships of a read-only directory take no change: 403, where accounts answer 400. */
export function requireWritableGroups({ readOnlyDirectory = false }: DataCenterOptions): void {
  if (readOnlyDirectory) throw new Refusal(403, "Groups cannot be changed: the directory is read-only.");
}

/** Accounts of a read-only directory take no change: 400. */
export function requireWritableUsers({ readOnlyDirectory = false }: DataCenterOptions): void {
  if (readOnlyDirectory) throw new Refusal(400, "Users cannot be changed: the directory is read-only.");
}

/** For what only administrators may change: 401 to anonymous, 403 to others. */
export function requireAdministratorForWrite(call: DataCenterCall): void {
  refuseAnonymous(call);
  const { user, isAdministrator } = call.caller;
  if (!isAdministrator) {
    throw new Refusal(403, `User ${user?.username} is not permitted to perform this operation.`);
  }
}
