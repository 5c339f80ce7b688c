import { Refusal } from "../../http/Refusal.js";
import type { Reply } from "../../http/Reply.js";
import { limits } from "../../limits.js";
import type { WorldAccount } from "../../world/World.js";
import type { CloudCall, CloudRoutes } from "../CloudCall.js";
import type { SearchAudience } from "../state/AccountBook.js";
import { mapUser } from "./mapUser.js";
import { type AccountPredicate, parseUserCql } from "./parseUserCql.js";
import { readExpansions, readNumber, readRequired } from "./readQuery.js";

const audiences: readonly SearchAudience[] = ["none", "externalCollaborator", "all"];

/** The only "list users" there is. */
export const userSearchRoutes: CloudRoutes = { "GET /wiki/rest/api/search/user": searchUsers };

/**
 * Names no next page, ends near 10,000 results however many there are, and its `totalSize` counts only as far as this page
 * (2026-11-20, test "gives user search no next link and a totalSize that nobody can page by").
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
