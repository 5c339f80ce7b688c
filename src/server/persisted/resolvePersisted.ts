import { createHash } from "node:crypto";
import type { FastifyRequest } from "fastify";
import type { DocumentStore } from "../operations/DocumentStore.js";
import type { Refusal } from "../requests/refusals.js";
import type { OperationList } from "./OperationList.js";

interface PersistedSources {
  readonly list: OperationList | null;
  /** Documents that were let through before; what they are asked by is the SHA-256 of their text. `null`: hashes are not taken. */
  readonly documents: Pick<DocumentStore, "textOf"> | null;
}

/**
 * Puts the text of an operation in the place of the id or the hash that a client sends for it, and keeps callers who may ask for
 * listed operations alone to these. From there on the request is like one that was sent with its text: no other part knows of ids.
 * What is unknown is left to Apollo to say, in the words that its clients look for.
 */
export function createPersisted({ list, documents }: PersistedSources) {
  const textOf = (id: string) => list?.textOf(id) ?? documents?.textOf(id);

  const resolve = (operation: Record<string, unknown>): Refusal | null => {
    const { query = null, documentId, extensions } = operation;
    if (query === null && typeof documentId === "string") {
      const id = documentId.replace(/^sha256:/, "");
      const text = textOf(id);
      if (text !== undefined) {
        operation.query = text;
        // A hash beside it is one name too many.
        if (persistedIn(extensions) !== null) operation.extensions = withoutHash(extensions);
      } else operation.extensions = { ...fieldsOf(extensions), persistedQuery: { version: 1, sha256Hash: id } };
      return null;
    }
    const hashed = persistedIn(extensions);
    if (hashed === null || (documents === null && list === null)) return null;
    const { version, sha256Hash } = hashed;
    if (version !== 1 || typeof sha256Hash !== "string") return unsupported;
    if (typeof query === "string") {
      if (documents === null) return null;
      if (createHash("sha256").update(query).digest("hex") !== sha256Hash) return mismatch;
    } else if (query === null) {
      const text = textOf(sha256Hash);
      if (text === undefined) return null;
      operation.query = text;
    } else return null;
    operation.extensions = withoutHash(extensions);
    return null;
  };

  /** Of a caller who may ask for nothing else. */
  const keepToList = (operation: Record<string, unknown>): Refusal | null => {
    const { query } = operation;
    const text = typeof query === "string" ? list?.listed(query) : undefined;
    if (text === undefined) return notAllowed;
    // As it is listed, so that no other spelling of it takes room.
    operation.query = text;
    return null;
  };

  return (request: FastifyRequest, asksListedOnly: boolean): Refusal | null => {
    // Most come with their text and nothing beside it, of callers who may ask for anything.
    if (!asksListedOnly && isPlain(request.body)) return null;
    if (request.method === "GET") return ofAddress(request, resolve, asksListedOnly ? keepToList : null);
    const { body } = request;
    const operations: readonly unknown[] = Array.isArray(body) ? body : [body];
    for (const operation of operations) {
      // What is no operation is Apollo's to refuse.
      if (!isRecord(operation)) continue;
      const refusal = needsLook(operation) ? resolve(operation) : null;
      const refused = refusal ?? (asksListedOnly ? keepToList(operation) : null);
      if (refused !== null) return refused;
    }
    return null;
  };
}

type Step = (operation: Record<string, unknown>) => Refusal | null;

/** It comes with its text, and nothing beside it that has to do with ids. */
export function isPlain(body: unknown): boolean {
  if (!isRecord(body)) return false;
  const { query, extensions } = body;
  return typeof query === "string" && (extensions === undefined || extensions === null);
}

function needsLook(operation: Record<string, unknown>): boolean {
  return typeof operation.query !== "string" || persistedIn(operation.extensions) !== null;
}

/** The same for an operation that stands in the address, which is written anew where its text is put in. */
function ofAddress(request: FastifyRequest, resolve: Step, keepToList: Step | null): Refusal | null {
  const [path = "", search = ""] = splitOnce(request.raw.url ?? "");
  const parameters = new URLSearchParams(search);
  const isUsual = !parameters.has("extensions") && !parameters.has("documentId");
  if (isUsual && keepToList === null) return null;
  const names = ["query", "extensions", "documentId"] as const;
  if (names.some((name) => parameters.getAll(name).length > 1)) {
    // Apollo refuses what it sees twice, which is not all of it: it knows no documentId, and nothing behind a `#`.
    return keepToList === null ? null : notAllowed;
  }
  const operation: Record<string, unknown> = {};
  for (const name of names) {
    const text = parameters.get(name);
    if (text !== null) operation[name] = name === "extensions" ? parsed(text) : text;
  }
  const refusal = (isUsual ? null : resolve(operation)) ?? keepToList?.(operation) ?? null;
  if (refusal !== null) return refusal;
  if (typeof operation.query === "string") parameters.set("query", operation.query);
  if (isRecord(operation.extensions)) parameters.set("extensions", JSON.stringify(operation.extensions));
  parameters.delete("documentId");
  request.raw.url = `${path}?${parameters.toString()}`;
  return null;
}

function splitOnce(url: string): [path: string, search: string] {
  const at = url.indexOf("?");
  return at < 0 ? [url, ""] : [url.slice(0, at), url.slice(at + 1)];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Apollo says what is wrong with it.
    return undefined;
  }
}

function persistedIn(extensions: unknown): Readonly<Record<string, unknown>> | null {
  if (!isRecord(extensions) || extensions.persistedQuery === undefined || extensions.persistedQuery === null)
    return null;
  return fieldsOf(extensions.persistedQuery);
}

function withoutHash(extensions: unknown): Readonly<Record<string, unknown>> {
  const { persistedQuery: _persistedQuery, ...others } = fieldsOf(extensions);
  return others;
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return isRecord(value) ? value : {};
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const notAllowed: Refusal = {
  status: 403,
  code: "OPERATION_NOT_ALLOWED",
  message: "This caller may ask for listed operations alone, and this is none of them. Ask the operator to list it.",
};

const mismatch: Refusal = {
  status: 400,
  code: "PERSISTED_QUERY_HASH_MISMATCH",
  message: "The hash that came with the query is not the SHA-256 of its text.",
};

/** The code that clients know: they send the text alone from then on. */
const unsupported: Refusal = {
  status: 400,
  code: "PERSISTED_QUERY_NOT_SUPPORTED",
  message: "Persisted queries are taken in version 1, with sha256Hash as text.",
};
