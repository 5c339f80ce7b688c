import { Refusal, type Reply } from "../../http/service.js";
import { limits } from "../../limits.js";
import type { WorldAccount } from "../../world/World.js";
import {
  type CloudCall,
  type CloudRoutes,
  readExpansions,
  readNumber,
  readRequired,
  type UserExpansion,
} from "../requests.js";
import type { SearchAudience } from "../state/directory.js";
import { type AccountPredicate, parseUserCql } from "./userCql.js";

/** Single users, the v1 twin of users-bulk, and user search. */
export const userRoutes: CloudRoutes = {
  "GET /wiki/rest/api/user/current": currentUser,
  "GET /wiki/rest/api/user": (call) => {
    const expansions = readExpansions(call.query);
    const id = readRequired(call.query, "accountId");
    const account = call.state.accounts.get(id);
    if (account === undefined) throw new Refusal(404, `No user with id ${id} is visible to you.`);
    return { status: 200, body: mapUser(call, id, account, expansions) };
  },
  "GET /wiki/rest/api/user/bulk": bulkUsers,
  "GET /wiki/rest/api/search/user": searchUsers,
};

/** The account that has the credential's e-mail; where the world has none, an administrator who is in no list. */
function currentUser(call: CloudCall): Reply {
  const expansions = readExpansions(call.query);
  const account = call.state.accounts.byEmail(call.callerEmail) ?? outsider(call.callerEmail);
  return { status: 200, body: mapUser(call, account.accountId, account, expansions) };
}

function outsider(email: string): WorldAccount {
  const isServiceAccount = email.includes("@serviceaccount.");
  return {
    accountId: `712020:00000000-0000-4000-a000-5a4db0c0000${isServiceAccount ? 1 : 0}`,
    accountType: "atlassian",
    accountStatus: "active",
    displayName: isServiceAccount ? "Sandbox service account" : "Sandbox administrator",
    email,
  };
}

/** Ids beyond the hundredth and ids that nobody knows are dropped without a word, and no row carries a status. */
function bulkUsers(call: CloudCall): Reply {
  const expansions = readExpansions(call.query);
  readRequired(call.query, "accountId");
  const ids = call.query.getAll("accountId").flatMap((text) => text.split(","));
  const results = ids.slice(0, limits.v1BulkIds).flatMap((id) => {
    const account = call.state.accounts.get(id);
    return account === undefined
      ? []
      : [
          {
            ...mapUser(call, id, account, expansions),
            accountType: account.accountType,
            email: call.state.accounts.shownEmail(account),
          },
        ];
  });
  return {
    status: 200,
    body: {
      results,
      start: 0,
      limit: limits.v1BulkIds,
      size: results.length,
      _links: { base: `${call.siteUrl}/wiki`, context: "/wiki", self: `${call.siteUrl}${call.path}` },
    },
  };
}

const audiences: readonly SearchAudience[] = ["none", "externalCollaborator", "all"];

/**
 * The only "list users" there is. Names no next page, ends near 10,000 results however many there are, and its `totalSize`
 * counts only as far as this page (2026-11-20, test "gives user search no next link and a totalSize that nobody can page by").
 */
function searchUsers(call: CloudCall): Reply {
  const { query, siteUrl } = call;
  const cql = readRequired(query, "cql");
  const expansions = readExpansions(query);
  const matches = parseUserCql(cql);
  const start = readNumber(query, "start", 0);
  const limit = Math.min(readNumber(query, "limit", limits.userSearchDefaultLimit), limits.v1MaxLimit);
  const end = Math.min(start + limit, limits.userSearchResults);
  const page = firstMatches(audience(call), matches, end).slice(start);
  return {
    status: 200,
    body: {
      results: page.map((account) => mapRow(call, account, mapUser(call, account.accountId, account, expansions))),
      start,
      limit,
      size: page.length,
      totalSize: start + page.length,
      cqlQuery: cql,
      searchDuration: 12,
      _links: { base: `${siteUrl}/wiki`, context: "/wiki", self: `${siteUrl}${call.path}` },
    },
  };
}

/** Stops where the page ends: nobody looks through a hundred thousand accounts for the first twenty-five. */
function firstMatches(
  accounts: readonly WorldAccount[],
  matches: AccountPredicate,
  count: number,
): readonly WorldAccount[] {
  const found: WorldAccount[] = [];
  for (const account of accounts) {
    if (found.length >= count) break;
    if (matches(account)) found.push(account);
  }
  return found;
}

function audience({ state, query }: CloudCall): readonly WorldAccount[] {
  const text = query.get("sitePermissionTypeFilter") || "none";
  const found = audiences.find((candidate) => candidate === text);
  if (found === undefined) {
    throw new Refusal(400, `sitePermissionTypeFilter must be one of ${audiences.join(", ")}, but was '${text}'.`);
  }
  return state.accounts.searchList(found);
}

function mapRow(call: CloudCall, account: WorldAccount, user: unknown): unknown {
  return {
    user,
    title: account.displayName,
    excerpt: "",
    url: `/people/${encodeURIComponent(account.accountId)}`,
    breadcrumbs: [],
    entityType: "user",
    iconCssClass: "aui-icon content-type-profile",
    lastModified: new Date(call.now).toISOString(),
    friendlyLastModified: "",
    score: 0,
  };
}

/**
 * A user as v1 shows it: no status anywhere, and whether it is a guest by the old name only where that was expanded.
 * `account` is undefined for an id that the site no longer knows, such as a member left over from a deletion.
 */
export function mapUser(
  call: CloudCall,
  accountId: string,
  account: WorldAccount | undefined,
  expansions: ReadonlySet<UserExpansion> = new Set(),
): Record<string, unknown> {
  const encoded = encodeURIComponent(accountId);
  const isGuest = account?.isExternalCollaborator ?? false;
  const name = account?.displayName ?? "Unknown user";
  return {
    type: account === undefined ? "unknown" : "known",
    accountId,
    accountType: accountTypeOf(account),
    email: account === undefined || call.state.accounts.isEmailHidden(accountId) ? "" : account.email,
    publicName: name,
    displayName: name,
    timeZone: null,
    profilePicture: { path: `/wiki/aa-avatar/${encoded}`, width: 48, height: 48, isDefault: true },
    isGuest,
    ...(expansions.has("isExternalCollaborator") ? { isExternalCollaborator: isGuest } : {}),
    ...(expansions.has("operations") ? { operations: [{ operation: "use", targetType: "application" }] } : {}),
    ...(expansions.has("personalSpace") ? personalSpace(call, accountId) : {}),
    _expandable: {
      ...(expansions.has("operations") ? {} : { operations: "" }),
      ...(expansions.has("personalSpace") ? {} : { personalSpace: "" }),
    },
    _links: { self: `${call.siteUrl}/wiki/rest/api/user?accountId=${encoded}` },
  };
}

/** v1 knows people and apps; of anything else it does not tell the type. */
function accountTypeOf(account: WorldAccount | undefined): string {
  const type = account?.accountType;
  return type === "atlassian" || type === "app" ? type : "";
}

function personalSpace({ state, siteUrl }: CloudCall, accountId: string): { personalSpace?: unknown } {
  const space = state.spaces.personalSpaceOf(accountId);
  if (space === undefined) return {};
  const { id, key, alias = key, name, type, status } = space;
  return {
    personalSpace: {
      // v1 has numbers where v2 has texts. One beyond what a number can hold stays a text: a wrong id would be worse.
      id: Number.isSafeInteger(Number(id)) ? Number(id) : id,
      key,
      alias,
      name,
      type,
      status,
      _expandable: {},
      _links: { webui: `/spaces/${alias}`, self: `${siteUrl}/wiki/rest/api/space/${encodeURIComponent(key)}` },
    },
  };
}
