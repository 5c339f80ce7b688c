import type { GraphQLResolveInfo } from "graphql";
import { type Grant, principalOf } from "../../domain/Grant.js";
import type { AccountId, GroupId } from "../../domain/ids.js";
import type { SiteLoaders } from "../../loaders/engine/SiteLoaders.js";
import { readAccountFacts } from "../account/AccountNode.js";
import { readGroupFacts } from "../group/GroupNode.js";
import type { OfSite } from "../paging/loadPage.js";
import { connectionPaths, selectsBeyond, selectsOnlyLeaves } from "../schema/selection.js";

const principalPaths = connectionPaths.map((path) => [...path, "principal"]);

/** The fields of a grant that need no call, unless it is of a role, and that of which the calls are made here. */
const fieldsAtHand: ReadonlySet<string> = new Set(["__typename", "id", "siteId", "asOf", "permissions", "principal"]);

/**
 * Has those be read together who hold the grants of a page: its rows are answered at once then, where each would wait by itself and
 * take a dozen promises for that. Only where a row has nothing else to wait for, which would be asked for later.
 */
export function readPrincipals(
  items: readonly OfSite<Grant>[],
  info: GraphQLResolveInfo,
): undefined | Promise<unknown> {
  if (selectsBeyond(info, "Grant", fieldsAtHand, connectionPaths) || !selectsOnlyLeaves(info, principalPaths))
    return undefined;
  const accounts: { loaders: SiteLoaders; id: AccountId }[] = [];
  const groups: { loaders: SiteLoaders; id: GroupId }[] = [];
  for (const { loaders, item } of items) {
    if (item.kind === "role") return undefined;
    const principal = principalOf(item);
    if (principal.kind === "account") accounts.push({ loaders, id: principal.accountId });
    else if (principal.kind === "group") groups.push({ loaders, id: principal.groupId });
  }
  const ofAccounts = readAccountFacts(accounts, info, principalPaths);
  const ofGroups = readGroupFacts(groups, info, principalPaths);
  return ofAccounts === undefined ? ofGroups : Promise.all([ofAccounts, ofGroups]);
}
