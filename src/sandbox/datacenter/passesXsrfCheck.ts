import type { SandboxRequest } from "../http/SandboxRequest.js";

/** Writes that a form could send, which is all but JSON, need a header that a form cannot send. */
export function passesXsrfCheck({ method, headers }: SandboxRequest): boolean {
  if (method === "GET" || method === "HEAD") return true;
  if (/^application\/([\w.+-]+\+)?json\b/i.test(headers["content-type"] ?? "")) return true;
  return /^no-?check$/i.test(String(headers["x-atlassian-token"] ?? ""));
}
