import { shown } from "../../domain/SiteError.js";
import { onlyOne } from "../../loaders/engine/LoaderDeclaration.js";
import type { SiteLoaders } from "../../loaders/engine/SiteLoaders.js";
import { groupList } from "../../loaders/groups.js";
import { matchesGroup } from "../filters/matchesGroup.js";
import type { GraphContext } from "../GraphContext.js";
import type { GroupFilter } from "../inputs/GroupFilter.js";
import type { PageArgs } from "../inputs/PageArgs.js";
import type { ListIdentity } from "../paging/cursor.js";
import { loadPage } from "../paging/loadPage.js";
import type { Page } from "../paging/Page.js";
import { readAcrossSites } from "../paging/readAcrossSites.js";
import { GroupNode } from "../types/GroupNode.js";

interface GroupList {
  readonly list: ListIdentity;
  readonly page: PageArgs;
  readonly filter: GroupFilter | null | undefined;
}

/** A page of the groups of some sites that fit a filter, ordered by name. */
export function loadGroupPage(
  context: GraphContext,
  sites: readonly SiteLoaders[],
  request: GroupList,
): Promise<Page<GroupNode>> {
  const { filter } = request;
  return loadPage(context, {
    list: [...request.list, filter ?? null],
    page: request.page,
    missing: "groups",
    read: () =>
      readAcrossSites(sites, "groups", async (loaders) => {
        const list = shown("groups", await loaders.of(groupList).get(onlyOne));
        return filter ? { ...list, items: list.items.filter((group) => matchesGroup(group, filter)) } : list;
      }),
    orderKeyOf: ({ loaders, item }) => `${loaders.store.site.siteId}\u0000${item.name}\u0000${item.groupId}`,
    nodesOf: (items) => items.map(({ loaders, item }) => new GroupNode(loaders, item.groupId, item)),
  });
}
