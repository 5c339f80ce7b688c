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
  const mayNotAsk = examination.withoutScope.has("GET /wiki/rest/api/user/current");
  if (accountId === null && !mayNotAsk) {
    examination.skip("every other call", "the credential was not accepted");
    return null;
  }
  const found = mayNotAsk
    ? "accepted, and may not ask who it is"
    : `signed in as ${textAt(caller?.body, "displayName") ?? accountId}`;
  examination.note("credential", "ok", found);

  const mode = await get("/wiki/api/v2/space-role-mode", "roles");
  const model = textAt(mode?.body, "mode");
  if (model !== null) examination.note("permission model", "ok", model);

  let someone = accountId;
  const groups = await get("/wiki/rest/api/group", "groups", "/wiki/rest/api/group", { limit: 1 });
  const groupId = textAt(firstIn(groups?.body), "id");
  if (groupId === null)
    examination.skip("GET /wiki/rest/api/group/by-id and …/membersByGroupId", "no group to ask about");
  else {
    await get("/wiki/rest/api/group/by-id", "groups", "/wiki/rest/api/group/by-id", { id: groupId });
    const members = `/wiki/rest/api/group/${encodeURIComponent(groupId)}/membersByGroupId`;
    const answer = await get("/wiki/rest/api/group/{groupId}/membersByGroupId", "group members", members, { limit: 1 });
    someone ??= textAt(firstIn(answer?.body), "accountId");
  }
  if (someone === null)
    examination.skip("GET /wiki/rest/api/user/memberof and POST /wiki/api/v2/users-bulk", "nobody to ask about");
  else await askAboutAccount(examination, site, someone);
  await get("/wiki/rest/api/search/user", "listing accounts", "/wiki/rest/api/search/user", {
    cql: "type=user",
    limit: 1,
    sitePermissionTypeFilter: "all",
  });

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

async function askAboutAccount(examination: Examination, site: Transport, accountId: string): Promise<void> {
  const path = "/wiki/rest/api/user/memberof";
  const query = { accountId, limit: 1 };
  await examination.ask(site, { method: "GET", call: `GET ${path}`, path, query }, "groups of an account");
  const bulk = "/wiki/api/v2/users-bulk";
  await examination.ask(
    site,
    { method: "POST", call: `POST ${bulk}`, path: bulk, body: { accountIds: [accountId] }, isReplaySafe: true },
    "facts of accounts",
  );
}
