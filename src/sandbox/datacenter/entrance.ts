import { Refusal } from "../http/Refusal.js";
import type { SandboxRequest } from "../http/SandboxRequest.js";
import type { DataCenterUser } from "../world/World.js";

/** Writes that a form could send, which is all but JSON, need a header that a form cannot send. */
export function passesXsrfCheck({ method, headers }: SandboxRequest): boolean {
  if (method === "GET" || method === "HEAD") return true;
  if (/^application\/([\w.+-]+\+)?json\b/i.test(headers["content-type"] ?? "")) return true;
  return /^no-?check$/i.test(String(headers["x-atlassian-token"] ?? ""));
}

const serverInformation = "/rest/api/server-information";
const permissions = /^\/rest\/api\/(permissions|space\/[^/]+\/permissions)(\/|$)/;

/**
 * Refuses somebody, or nobody, who may not use the site: 403, but 401 to nobody where being signed in is what is missing. What
 * the server says of itself is for all who are signed in, and JSON-RPC has words of its own.
 */
export function refuseUse(user: DataCenterUser | null, path: string): void {
  if (user === null && path === serverInformation) {
    throw new Refusal(401, "Client must be authenticated to access this resource.", "bare");
  }
  if (user === null && permissions.test(path)) throw new Refusal(401, "User is not authenticated.");
  if (user !== null && (path === serverInformation || path.startsWith("/rpc/"))) return;
  throw new Refusal(403, `Not permitted to use confluence : ${user?.username ?? "null"}`);
}
