import { STATUS_CODES } from "node:http";
import type { Reply } from "../http/Reply.js";

/**
 * How an error is worded. `entity`: by a route, about what was asked of it. `bare`: before any route, when there is none or
 * the caller is nobody. `filter`: by a servlet filter, which knows no status in the body.
 */
export type ErrorKind = "entity" | "bare" | "filter";

/** The JSON body of an error. */
export function errorBody(kind: ErrorKind, status: number, message: string): unknown {
  if (kind === "filter") return { message };
  if (kind === "bare") return { message, "status-code": status };
  const isBadInput = status === 400;
  return {
    statusCode: status,
    data: {
      authorized: isBadInput,
      valid: !isBadInput,
      errors: isBadInput ? [{ message: { translation: message, args: [] } }] : [],
      successful: false,
    },
    message,
    reason: STATUS_CODES[status] ?? "Unknown",
  };
}

/** What XML cannot hold, however it is written: control characters, halves of characters and two that are none. */
const unspeakable = /[^\P{Cc}\t\n\r]|[\p{Cs}\ufffe\uffff]/gu;

/** An error for a caller that did not ask for JSON. */
export function xmlError(status: number, message: string): string {
  const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';
  return `${declaration}<status><status-code>${status}</status-code><message>${escaped(message)}</message></status>`;
}

function escaped(text: string): string {
  return text.replace(unspeakable, "\ufffd").replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** The page of the servlet container, which answers before Confluence sees the call. */
export function htmlPage(status: number): Reply {
  const title = `HTTP Status ${status} – ${STATUS_CODES[status] ?? "Unknown"}`;
  const body = `<!doctype html><html lang="en"><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`;
  return { status, body, headers: { "Content-Type": "text/html;charset=utf-8" } };
}

/** Whether an `Accept` header asks for JSON by name. `*` of any kind does not: Confluence then answers errors as XML. */
export function acceptsJson(accept: string | undefined): boolean {
  return /\bapplication\/([\w.-]+\+)?json\b/i.test(accept ?? "");
}
