import { STATUS_CODES } from "node:http";
import type { Reply } from "../http/Reply.js";

/** The page of the servlet container, which answers before Confluence sees the call. */
export function htmlPage(status: number): Reply {
  const title = `HTTP Status ${status} – ${STATUS_CODES[status] ?? "Unknown"}`;
  const body = `<!doctype html><html lang="en"><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`;
  return { status, body, headers: { "Content-Type": "text/html;charset=utf-8" } };
}
