import type { FastifyRequest } from "fastify";
import type { DocumentStore } from "./DocumentStore.js";
import type { KnownOperation } from "./KnownOperation.js";

/** An operation that was asked, and the variables as they were sent. */
export interface Asked {
  readonly operation: KnownOperation;
  readonly variables: Readonly<Record<string, unknown>>;
}

const jsonTypes: ReadonlySet<string | undefined> = new Set([
  "application/json",
  "application/json; charset=utf-8",
  "application/json;charset=utf-8",
  "application/json; charset=UTF-8",
  "application/json;charset=UTF-8",
]);

/** It is one operation by POST, in JSON as most clients name it. */
export function comesPlainly({ method, headers, body }: FastifyRequest): boolean {
  return method === "POST" && jsonTypes.has(headers["content-type"]) && isRecord(body);
}

/**
 * What a request asks where it is as plain as requests are: one query by POST, in JSON, well-formed, of a document that Apollo
 * let through before. `null` for all else, right or wrong, which is Apollo's to answer.
 */
export function readAsked(request: FastifyRequest, documents: DocumentStore): Asked | null {
  const { body } = request;
  if (!comesPlainly(request) || !isRecord(body)) return null;
  const { query, operationName = null, variables = null, extensions = null } = body;
  if (typeof query !== "string") return null;
  if (operationName !== null && typeof operationName !== "string") return null;
  if (variables !== null && !isRecord(variables)) return null;
  if (extensions !== null && (!isRecord(extensions) || "persistedQuery" in extensions)) return null;
  const operation = documents.operationOf(query, operationName);
  return operation?.definition.operation === "query" ? { operation, variables: variables ?? {} } : null;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
