import { isObject } from "../cloud/isObject.js";
import { Refusal } from "../http/Refusal.js";
import { limits } from "../limits.js";
import type { OrganizationCall } from "./OrganizationCall.js";

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
    if (!Array.isArray(value) || !value.every((each): each is string => typeof each === "string")) {
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
