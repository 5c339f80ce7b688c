import { isObject, Refusal, type Reply } from "../http/service.js";
import { limits } from "../limits.js";
import { schemas } from "./schemas.js";

/**
 * One page of a SCIM list. `startIndex` begins with 1; a page may be smaller than `count` asks for, `itemsPerPage` says. Numbers
 * without a value are absent.
 */
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
interface ScimFilter {
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

/** One operation of a PATCH. */
interface PatchOperation {
  readonly op: "add" | "replace" | "remove";
  readonly path: string | undefined;
  readonly value: unknown;
}

/** Reads the operations. The document calls the list `operations`, its examples and the standard `Operations`: both do. */
export function readOperations(body: unknown): readonly PatchOperation[] {
  const list = isObject(body) ? (body.Operations ?? body.operations) : undefined;
  if (!isObject(body) || !Array.isArray(list) || list.length === 0) {
    throw new Refusal(400, "Operations must be a list of at least one operation.", "invalidSyntax");
  }
  if (!Array.isArray(body.schemas) || !body.schemas.includes(schemas.patch)) {
    throw new Refusal(400, `schemas must name ${schemas.patch}.`, "invalidSyntax");
  }
  return list.map((each: unknown) => {
    const { op, path, value } = isObject(each) ? each : {};
    const name = typeof op === "string" ? op.toLowerCase() : "";
    if (name !== "add" && name !== "replace" && name !== "remove") {
      throw new Refusal(400, "op must be add, replace or remove.", "invalidSyntax");
    }
    if (path !== undefined && typeof path !== "string") throw new Refusal(400, "path must be a text.", "invalidPath");
    if (path === undefined && name === "remove") throw new Refusal(400, "remove needs a path.", "noTarget");
    return { op: name, path, value };
  });
}

type Json = Record<string, unknown>;

/** A user with operations applied to what SCIM shows of it. Paths beyond the attributes of a user are a 400. */
export function applyPatch(user: Readonly<Json>, operations: readonly PatchOperation[]): Json {
  const patched: Json = structuredClone({ ...user });
  for (const { op, path, value } of operations) {
    if (path !== undefined) put(patched, path, op === "remove" ? undefined : value);
    else if (isObject(value)) for (const [key, each] of Object.entries(value)) put(patched, key, each);
    else throw new Refusal(400, "Without a path, value must be an object.", "invalidValue");
  }
  return patched;
}

const single = new Set([
  "userName",
  "externalId",
  "displayName",
  "active",
  "nickName",
  "title",
  "preferredLanguage",
  "department",
  "organization",
  "timezone",
  "phoneNumbers",
  "emails",
]);
const names = new Set(["givenName", "familyName", "formatted"]);

function put(user: Json, path: string, value: unknown): void {
  const plain = path.startsWith(`${schemas.user}:`) ? path.slice(schemas.user.length + 1) : path;
  if (path === schemas.enterprise && isObject(value)) {
    for (const [key, each] of Object.entries(value)) put(user, `${schemas.enterprise}:${key}`, each);
  } else if (path.startsWith(`${schemas.enterprise}:`)) {
    const key = path.slice(schemas.enterprise.length + 1);
    if (key !== "department" && key !== "organization") throw unknownPath(path);
    set(user, key, value);
    user[schemas.enterprise] = {};
  } else if (plain === "name" && isObject(value)) {
    for (const [key, each] of Object.entries(value)) put(user, `name.${key}`, each);
  } else if (plain.startsWith("name.") && names.has(plain.slice(5))) {
    const name: Json = isObject(user.name) ? { ...user.name } : {};
    set(name, plain.slice(5), value);
    user.name = name;
  } else if (/^emails\[(type eq "work"|primary eq true)\]\.value$/i.test(plain)) {
    user.emails = value === undefined ? [] : [{ value, type: "work", primary: true }];
  } else if (single.has(plain)) {
    set(user, plain, value);
    if (plain === "department" || plain === "organization") user[schemas.enterprise] = {};
  } else throw unknownPath(path);
}

function set(target: Json, key: string, value: unknown): void {
  if (value === undefined) delete target[key];
  else target[key] = value;
}

function unknownPath(path: string): Refusal {
  return new Refusal(400, `The attribute ${path} cannot be changed.`, "invalidPath");
}
