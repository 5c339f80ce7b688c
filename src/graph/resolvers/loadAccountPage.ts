import type { GraphQLResolveInfo } from "graphql";
import type { SiteLoaders } from "../../loaders/engine/SiteLoaders.js";
import { readAccountDirectory } from "../../readings/accountDirectory.js";
import { checkAccountFilter } from "../filters/checkEmail.js";
import { readFilteredAccounts } from "../filters/readFilteredAccounts.js";
import type { GraphContext } from "../GraphContext.js";
import type { AccountFilter } from "../inputs/AccountFilter.js";
import type { PageArgs } from "../inputs/PageArgs.js";
import { accountNodes } from "../nodes/accountNodes.js";
import type { ListIdentity } from "../paging/cursor.js";
import { loadPage } from "../paging/loadPage.js";
import type { Page } from "../paging/Page.js";
import { readAcrossSites } from "../paging/readAcrossSites.js";
import type { AccountNode } from "../types/AccountNode.js";

interface AccountList {
  readonly list: ListIdentity;
  readonly page: PageArgs;
  readonly filter: AccountFilter | null | undefined;
  readonly info: GraphQLResolveInfo;
}

/** A page of everyone on some sites who fits a filter, ordered by account id. */
export function loadAccountPage(
  context: GraphContext,
  sites: readonly SiteLoaders[],
  request: AccountList,
): Promise<Page<AccountNode>> {
  const { filter } = request;
  return loadPage(context, {
    list: [...request.list, filter ?? null],
    page: request.page,
    missing: "accounts",
    read: () => {
      checkAccountFilter(filter);
      return readAcrossSites(sites, "accounts", async (loaders) =>
        readFilteredAccounts(loaders, await readAccountDirectory(loaders), filter),
      );
    },
    orderKeyOf: ({ loaders, item }) => `${loaders.store.site.siteId}\u0000${item}`,
    nodesOf: (items) =>
      accountNodes(
        items.map(({ loaders, item }) => ({ loaders, id: item })),
        request.info,
      ),
  });
}
