import type { GraphQLResolveInfo } from "graphql";
import type { Account } from "../../domain/Account.js";
import type { AccountId } from "../../domain/ids.js";
import type { SiteError } from "../../domain/SiteError.js";
import { account } from "../../loaders/accounts.js";
import { type SiteLoaders, whenRead } from "../../loaders/engine/SiteLoaders.js";
import { connectionPaths } from "../selection/connectionPaths.js";
import { selectsBeyond } from "../selection/selectsBeyond.js";
import { AccountNode } from "../types/AccountNode.js";

/** The fields of an Account that are known from its id alone. */
const free: ReadonlySet<string> = new Set([
  "__typename",
  "id",
  "siteId",
  "accountId",
  "site",
  "groups",
  "grants",
  "givenName",
  "familyName",
  "externalId",
  "lastActiveAt",
]);

/**
 * One account; its facts are read only when the query selects any, synchronously where they are known. `paths` lead from the
 * current field to it.
 */
export function accountNode(
  loaders: SiteLoaders,
  id: AccountId,
  info: GraphQLResolveInfo,
  paths: readonly (readonly string[])[] = [[]],
): AccountNode | Promise<AccountNode> {
  return selectsBeyond(info, "Account", free, paths)
    ? accountNodeWithFacts(loaders, id)
    : new AccountNode(loaders, id, null);
}

/** The accounts of one page of a connection; their facts are read together, and only when the query selects any. */
export function accountNodes(
  items: readonly { loaders: SiteLoaders; id: AccountId }[],
  info: GraphQLResolveInfo,
  paths: readonly (readonly string[])[] = connectionPaths,
): Promise<AccountNode[]> {
  const needsFacts = selectsBeyond(info, "Account", free, paths);
  return Promise.all(
    items.map(({ loaders, id }) =>
      needsFacts ? accountNodeWithFacts(loaders, id) : new AccountNode(loaders, id, null),
    ),
  );
}

/** One account with its facts. */
export function accountNodeWithFacts(loaders: SiteLoaders, id: AccountId): AccountNode | Promise<AccountNode> {
  const node = (facts: Account | null | SiteError) => new AccountNode(loaders, id, facts);
  return whenRead(loaders.of(account).get(id), node, node);
}
