import type { FastifyRequest } from "fastify";
import type { AskedBody } from "../answers/KnownBodies.js";
import { comesAsJson } from "../connection/readBody.js";
import type { DocumentStore } from "./DocumentStore.js";
import type { KnownOperation } from "./KnownOperation.js";

/** An operation that was asked, and the variables as they were sent. */
export interface Asked {
  readonly operation: KnownOperation;
  readonly variables: Readonly<Record<string, unknown>>;
  /** What it stood in; `null` where the same text need not ask the same again. */
  readonly body: AskedBody | null;
  /** It stood in so much that nobody is to look whether it was asked before. */
  readonly isLong: boolean;
}

interface AskedIn {
  readonly body: AskedBody | null;
  readonly isBodyLong: boolean;
}

/** It is one operation by POST, in JSON as most clients name it. */
export function comesPlainly(request: FastifyRequest): boolean {
  return comesAsJson(request) && isRecord(request.body);
}

/**
 * What a request asks where it is as plain as requests are: one query by POST, in JSON, well-formed, of a document that Apollo
 * let through before. `null` for all else, right or wrong, which is Apollo's to answer.
 */
export function readAsked(request: FastifyRequest, documents: DocumentStore, from: AskedIn): Asked | null {
  const { body } = request;
  if (!comesPlainly(request) || !isRecord(body)) return null;
  const { query, operationName = null, variables = null, extensions = null } = body;
  if (typeof query !== "string") return null;
  if (operationName !== null && typeof operationName !== "string") return null;
  if (variables !== null && !isRecord(variables)) return null;
  if (extensions !== null && (!isRecord(extensions) || "persistedQuery" in extensions)) return null;
  const operation = documents.operationOf(query, operationName);
  return operation?.definition.operation === "query"
    ? { operation, variables: variables ?? {}, body: from.body, isLong: from.isBodyLong }
    : null;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
