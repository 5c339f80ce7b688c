import { Refusal } from "../http/Refusal.js";
import type { Reply } from "../http/Reply.js";
import { limits } from "../limits.js";
import { schemas } from "./schemas.js";

/** One page of a SCIM list. `startIndex` begins with 1; a page may be smaller than `count` asks for, `itemsPerPage` says. Numbers without a value are absent. */
export function pageScim<T>(query: URLSearchParams, rows: readonly T[], show: (row: T) => unknown): Reply {
  const startIndex = Math.max(1, readInteger(query, "startIndex", 1));
  const count = Math.min(limits.scimMaxCount, Math.max(0, readInteger(query, "count", limits.scimMaxCount)));
  const page = rows.slice(startIndex - 1, startIndex - 1 + count);
  return {
    status: 200,
    body: {
      schemas: [schemas.list],
      totalResults: rows.length,
      startIndex,
      itemsPerPage: page.length,
      Resources: page.map(show),
    },
  };
}

function readInteger(query: URLSearchParams, name: string, absent: number): number {
  const text = query.get(name);
  if (text === null || text === "") return absent;
  if (!/^-?\d{1,9}$/.test(text))
    throw new Refusal(400, `${name} must be a whole number, but was '${text}'.`, "invalidValue");
  return Number(text);
}

/** The one comparison that a list may be filtered by. */
export interface ScimFilter {
  readonly attribute: string;
  readonly value: string;
}

/** `filter=attribute eq "value"`, one attribute of those allowed; null without a filter. Anything else is a 400. */
export function readFilter(query: URLSearchParams, allowed: readonly string[]): ScimFilter | null {
  const text = query.get("filter");
  if (text === null) return null;
  const [, name = "", quoted] = /^\s*([\w.]+)\s+eq\s+("(?:[^"\\]|\\.)*")\s*$/i.exec(text) ?? [];
  const attribute = allowed.find((each) => each.toLowerCase() === name.toLowerCase());
  if (attribute === undefined || quoted === undefined) {
    throw new Refusal(400, `filter takes ${allowed.join(" or ")} eq "value", but was '${text}'.`, "invalidFilter");
  }
  try {
    return { attribute, value: String(JSON.parse(quoted)) };
  } catch {
    throw new Refusal(400, `The value of the filter '${text}' is not a text.`, "invalidFilter");
  }
}

type Resource = Readonly<Record<string, unknown>>;

/** Applies `attributes` or `excludedAttributes`, names or dotted paths. `id` and `schemas` are always there. */
export function selectAttributes(query: URLSearchParams, resource: Resource): Resource {
  const wanted = readNames(query, "attributes");
  const unwanted = readNames(query, "excludedAttributes");
  if (wanted !== null && unwanted !== null) {
    throw new Refusal(400, "attributes and excludedAttributes exclude each other.", "invalidValue");
  }
  if (wanted === null && unwanted === null) return resource;
  const selected = Object.entries(resource).flatMap(([key, value]): [string, unknown][] => {
    if (key === "id" || key === "schemas") return [[key, value]];
    const inner = (wanted ?? unwanted ?? []).filter((name) => name.startsWith(`${key}.`));
    const isNamed = (wanted ?? unwanted ?? []).includes(key);
    const isInner = (name: string): boolean => inner.includes(`${key}.${name}`);
    if (wanted !== null) {
      if (isNamed) return [[key, value]];
      return inner.length === 0 ? [] : [[key, pick(value, isInner)]];
    }
    return isNamed ? [] : [[key, inner.length === 0 ? value : pick(value, (name) => !isInner(name))]];
  });
  return Object.fromEntries(selected);
}

function readNames(query: URLSearchParams, parameter: string): readonly string[] | null {
  const text = query.get(parameter);
  return text === null ? null : text.split(",").map((name) => name.trim());
}

function pick(value: unknown, isWanted: (name: string) => boolean): unknown {
  if (Array.isArray(value)) return value.map((each: unknown) => pick(each, isWanted));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).filter(([name]) => isWanted(name)));
}
