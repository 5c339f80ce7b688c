import { randomUUID } from "node:crypto";
import { cutPage } from "../cloud/requests.js";
import type { CloudState } from "../cloud/state/CloudState.js";
import { type Call, isObject, isTexts, Refusal, type Reply, type Routes } from "../http/service.js";
import { limits } from "../limits.js";
import type { WorldAccount } from "../world/World.js";
import type { CallWindow, InvitationBook, OrganizationDirectory } from "./directory.js";

/** One authorized call to the organization admin API, as its handler sees it. */
export interface OrganizationCall extends Call {
  readonly state: CloudState;
  readonly directory: OrganizationDirectory;
  readonly invitations: InvitationBook;
  /** The quota of last-active dates. */
  readonly lastActive: CallWindow;
  /** The one directory of the organization. */
  readonly directoryId: string;
  /** The Confluence site as a resource. */
  readonly siteResource: string;
}

export type OrganizationRoutes = Routes<OrganizationCall>;

/** The user of a path. */
export function findUser(call: OrganizationCall): WorldAccount {
  return userWithId(call, call.params.accountId ?? "");
}

/** One whom the organization does not know is a 404. */
export function userWithId({ directory }: OrganizationCall, accountId: string): WorldAccount {
  const account = directory.get(accountId);
  if (account !== undefined) return account;
  throw new Refusal(404, `The organization has no user with id ${accountId}.`, "ADMIN-404-1");
}

/** The filters of a list, checked: lists of texts by name, an empty map for none. */
export interface Filters {
  readonly lists: ReadonlyMap<string, readonly string[]>;
  readonly searchTerm: string | undefined;
  readonly limit: number;
  readonly cursor: string | null;
}

/** What a list takes: every filter by name, with its values where they are a closed set. */
export type FilterRules = Readonly<Record<string, readonly string[] | null>>;

/** Of a search: filters in the body, each a list. A key that is none of them is a 400. */
export function readBodyFilters(call: OrganizationCall, rules: FilterRules): Filters {
  const body = call.json();
  if (!isObject(body)) throw new Refusal(400, "The body must be a JSON object.");
  const { cursor = null, limit, searchTerm, ...rest } = body;
  if (cursor !== null && typeof cursor !== "string") throw new Refusal(400, "cursor must be a text.");
  if (searchTerm !== undefined && typeof searchTerm !== "string") throw new Refusal(400, "searchTerm must be a text.");
  const lists = Object.entries(rest).map(([name, value]): [string, readonly string[]] => {
    if (!isTexts(value)) {
      if (!Object.hasOwn(rules, name)) throw new Refusal(400, `${name} is not a field of this search.`);
      throw new Refusal(400, `${name} must be a list of texts.`);
    }
    return [name, value];
  });
  return checked({ lists: new Map(lists), searchTerm, limit: readLimit(limit), cursor }, rules);
}

/** Of the deprecated GET forms: the same filters as repeated parameters or comma lists. */
export function readQueryFilters({ query }: OrganizationCall, rules: FilterRules): Filters {
  const lists = new Map<string, readonly string[]>();
  for (const name of new Set(query.keys())) {
    if (["cursor", "limit", "searchTerm"].includes(name)) continue;
    const values = query.getAll(name).flatMap((text) => (text === "" ? [] : text.split(",")));
    if (values.length > 0) lists.set(name, values);
  }
  // A parameter without a value is one that was left out; a cursor never is.
  const [limit, searchTerm] = ["limit", "searchTerm"].map((name) => query.get(name) || null);
  return checked(
    {
      lists,
      searchTerm: searchTerm ?? undefined,
      limit: readLimit(
        limit === null || limit === undefined ? undefined : /^\d{1,9}$/.test(limit) ? Number(limit) : limit,
      ),
      cursor: query.get("cursor"),
    },
    rules,
  );
}

function checked(filters: Filters, rules: FilterRules): Filters {
  for (const [name, values] of filters.lists) {
    if (!Object.hasOwn(rules, name)) throw new Refusal(400, `${name} is not a field of this search.`);
    if (values.length < 1 || values.length > limits.organizationFilterValues) {
      throw new Refusal(400, `${name} takes 1 to ${limits.organizationFilterValues} values, but has ${values.length}.`);
    }
    const allowed = rules[name] ?? null;
    const wrong = allowed === null ? undefined : values.find((value) => !allowed.includes(value));
    if (wrong !== undefined) throw new Refusal(400, `${name} takes ${allowed?.join(", ")}, but has '${wrong}'.`);
  }
  if (filters.searchTerm !== undefined && filters.lists.has("emails")) {
    throw new Refusal(400, "emails and searchTerm exclude each other.");
  }
  return filters;
}

function readLimit(limit: unknown): number {
  if (limit === undefined) return limits.organizationDefaultLimit;
  if (!Number.isSafeInteger(limit) || Number(limit) < 1 || Number(limit) > limits.organizationMaxLimit) {
    throw new Refusal(400, `limit must be a whole number from 1 to ${limits.organizationMaxLimit}.`);
  }
  return Number(limit);
}

/** How the rows of a list are told apart and shown. */
interface OrganizationPage<T> {
  readonly rows: readonly T[];
  readonly idOf: (row: T) => string;
  readonly show: (row: T) => unknown;
}

/** One page: `links.next` is a bare cursor, no URL, and absent on the last page. A cursor belongs to its filters. */
export function pageOrganization<T>(name: string, filters: Filters, { rows, idOf, show }: OrganizationPage<T>): Reply {
  const { page, cursor } = cutPage({ name, rows, idOf }, filters.cursor, filters.limit);
  return { status: 200, body: { data: page.map(show), links: cursor === undefined ? {} : { next: cursor } } };
}

/** What a list is: its name and its filters, whatever their order. `expand` and the page size may change on the way. */
export function listKeyOf(name: string, { lists, searchTerm }: Filters): string {
  const filters = [...lists]
    .filter(([key]) => key !== "expand")
    .map(([key, values]) => [key, [...values].sort()] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([name, filters, searchTerm ?? null]);
}

const titles: Readonly<Record<number, string>> = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  409: "Conflict",
  413: "Payload Too Large",
  415: "Unsupported Media Type",
  429: "Too Many Requests",
  501: "Not Implemented",
};

/** An error as the organization admin API words it. `code` ends in a number of its own for each cause. */
export function adminErrorBody(status: number, detail: string, code = `ADMIN-${status}-1`): unknown {
  const title = titles[status] ?? "Internal Server Error";
  return { errors: [{ id: randomUUID(), status: String(status), code, title, detail }] };
}
