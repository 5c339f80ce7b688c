import type { HttpAnswer, HttpRequest, Transport } from "../../http/Transport.js";
import type { Examination } from "./Examination.js";
import { examineDataCenterAccounts } from "./examineDataCenterAccounts.js";
import { examineDataCenterGroups } from "./examineDataCenterGroups.js";
import { firstIn } from "./firstIn.js";
import { textAt } from "./textAt.js";

/**
 * Makes each reading call that the server makes once, on the first thing it finds, so that a missing right shows by name. What
 * the version lacks is a warning that says what is done instead. Answers who we are; `null` when we were not let in.
 */
export async function examineDataCenterCalls(
  examination: Examination,
  site: Transport,
  superGroup: string,
): Promise<HttpAnswer | null> {
  const get = (call: string, neededFor: string, query: NonNullable<HttpRequest["query"]> = {}) =>
    examination.ask(site, { method: "GET", call: `GET ${call}`, path: call, query }, neededFor);

  const caller = await get("/rest/api/user/current", "signing in");
  const userKey = textAt(caller?.body, "userKey");
  if (caller !== null && (userKey === null || textAt(caller.body, "type") !== "known")) {
    const finding = "the site takes us for anonymous: the token or the password is wrong, expired or revoked";
    examination.note("credential", "failed", finding, "signing in");
    examination.skip("every other call", "the credential was not accepted");
    return caller;
  }
  if (caller === null || userKey === null) {
    examination.skip("every other call", "the credential was not accepted");
    return null;
  }
  examination.note("credential", "ok", `signed in as ${textAt(caller.body, "displayName") ?? userKey}`);

  const told = await get("/rest/api/server-information", "knowing the version");
  const version = textAt(told?.body, "version");
  examination.note("version", version === null ? "warning" : "ok", version ?? "not told: what answers decides");

  await examineDataCenterAccounts(examination, site, { userKey, username: textAt(caller.body, "username") });
  await examineDataCenterGroups(examination, site, superGroup);
  await examination.askOffered(site, requestOf("/rest/api/permissions"), {
    neededFor: "permissions on the site as a whole",
    instead: "they stay unknown (before 9.3)",
  });
  const spaces = await get("/rest/api/space", "spaces", { limit: 1 });
  const key = textAt(firstIn(spaces?.body), "key");
  if (key === null) examination.skip("GET /rest/api/space/{spaceKey}/permissions", "no space to ask about", "grants");
  else await examineSpacePermissions(examination, site, key);
  return caller;
}

async function examineSpacePermissions(examination: Examination, site: Transport, key: string): Promise<void> {
  const path = `/rest/api/space/${encodeURIComponent(key)}/permissions`;
  const { isOffered } = await examination.askOffered(
    site,
    { ...requestOf(path), call: "GET /rest/api/space/{spaceKey}/permissions" },
    { neededFor: "grants", instead: "JSON-RPC is used (before 9.1)" },
  );
  if (isOffered) return;
  const rpc = "/rpc/json-rpc/confluenceservice-v2/getSpacePermissionSets";
  const request = { method: "POST", call: `POST ${rpc}`, path: rpc, body: [key], isReplaySafe: true } as const;
  const answer = await examination.ask(site, request, "grants");
  // JSON-RPC tells of its failures with status 200.
  const fault = answer !== null && textAt(errorIn(answer.body), "message");
  if (typeof fault === "string") examination.note("space permissions by JSON-RPC", "failed", fault, "grants");
}

function requestOf(path: string): HttpRequest {
  return { method: "GET", call: `GET ${path}`, path };
}

function errorIn(body: unknown): unknown {
  return typeof body === "object" && body !== null && "error" in body ? body.error : null;
}
