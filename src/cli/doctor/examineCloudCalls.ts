import type { HttpRequest, Transport } from "../../http/Transport.js";
import type { Examination } from "./Examination.js";
import { firstIn } from "./firstIn.js";
import { textAt } from "./textAt.js";

/**
 * Makes each reading call that the server makes once, on the first thing it finds, so that a missing scope shows by name.
 * Answers the account id of the credential, `null` when it was not accepted.
 */
export async function examineCloudCalls(examination: Examination, site: Transport): Promise<string | null> {
  const get = (call: string, neededFor: string, path = call, query: HttpRequest["query"] = {}) =>
    examination.ask(site, { method: "GET", call: `GET ${call}`, path, query }, neededFor);

  const caller = await get("/wiki/rest/api/user/current", "signing in");
  const accountId = textAt(caller?.body, "accountId");
  if (caller !== null && accountId === null) {
    examination.note("credential", "failed", "the site takes us for anonymous: check the credential", "signing in");
  }
  if (accountId === null) {
    examination.skip("every other call", "the credential was not accepted");
    return null;
  }
  examination.note("credential", "ok", `signed in as ${textAt(caller?.body, "displayName") ?? accountId}`);

  const mode = await get("/wiki/api/v2/space-role-mode", "roles");
  const model = textAt(mode?.body, "mode");
  if (model !== null) examination.note("permission model", "ok", model);

  const groups = await get("/wiki/rest/api/group", "groups", "/wiki/rest/api/group", { limit: 1 });
  const groupId = textAt(firstIn(groups?.body), "id");
  if (groupId === null)
    examination.skip("GET /wiki/rest/api/group/by-id and …/membersByGroupId", "no group to ask about");
  else {
    await get("/wiki/rest/api/group/by-id", "groups", "/wiki/rest/api/group/by-id", { id: groupId });
    const members = `/wiki/rest/api/group/${encodeURIComponent(groupId)}/membersByGroupId`;
    await get("/wiki/rest/api/group/{groupId}/membersByGroupId", "group members", members, { limit: 1 });
  }
  await get("/wiki/rest/api/user/memberof", "groups of an account", "/wiki/rest/api/user/memberof", {
    accountId,
    limit: 1,
  });
  await get("/wiki/rest/api/search/user", "listing accounts", "/wiki/rest/api/search/user", {
    cql: "type=user",
    limit: 1,
    sitePermissionTypeFilter: "all",
  });
  await examination.ask(
    site,
    {
      method: "POST",
      call: "POST /wiki/api/v2/users-bulk",
      path: "/wiki/api/v2/users-bulk",
      body: { accountIds: [accountId] },
      isReplaySafe: true,
    },
    "facts of accounts",
  );

  const spaces = await get("/wiki/api/v2/spaces", "spaces", "/wiki/api/v2/spaces", { status: "current", limit: 1 });
  const spaceId = textAt(firstIn(spaces?.body), "id");
  if (spaceId === null) examination.skip("GET /wiki/api/v2/spaces/{id}/permissions", "no space to ask about", "grants");
  else {
    await get("/wiki/api/v2/spaces/{id}/permissions", "grants", `/wiki/api/v2/spaces/${spaceId}/permissions`, {
      limit: 1,
    });
  }
  if (model === "ROLES" || model === "ROLES_TRANSITION") {
    await get("/wiki/api/v2/space-roles", "roles", "/wiki/api/v2/space-roles", { limit: 1 });
    if (spaceId !== null) {
      const assignments = `/wiki/api/v2/spaces/${spaceId}/role-assignments`;
      await get("/wiki/api/v2/spaces/{id}/role-assignments", "roles", assignments, { limit: 1 });
    }
  }
  return accountId;
}
