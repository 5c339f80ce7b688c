import type { KnownSpaceStatus } from "../../confluence/port.js";
import type { SiteLoaders } from "../../loaders/SiteLoaders.js";
import { readSpaces } from "../../readings/readSpaces.js";
import { matchesSpace } from "../filters/matchesSpace.js";
import type { GraphContext } from "../GraphContext.js";
import type { PageArgs } from "../inputs/PageArgs.js";
import type { SpaceFilter } from "../inputs/SpaceFilter.js";
import type { ListIdentity } from "../paging/cursor.js";
import { loadPage } from "../paging/loadPage.js";
import type { Page } from "../paging/Page.js";
import { readAcrossSites } from "../paging/readAcrossSites.js";
import { SpaceNode } from "../types/SpaceNode.js";

interface SpaceList {
  readonly list: ListIdentity;
  readonly page: PageArgs;
  readonly filter: SpaceFilter | null | undefined;
}

/** A page of the spaces of some sites that fit a filter, ordered by key. */
export function loadSpacePage(
  context: GraphContext,
  sites: readonly SiteLoaders[],
  request: SpaceList,
): Promise<Page<SpaceNode>> {
  const { filter } = request;
  return loadPage(context, {
    list: [...request.list, filter ?? null],
    page: request.page,
    missing: "spaces",
    read: () =>
      readAcrossSites(sites, "spaces", async (loaders) => {
        const spaces = await readSpaces(loaders, [...new Set<KnownSpaceStatus>(filter?.statuses ?? ["CURRENT"])]);
        return filter ? { ...spaces, items: spaces.items.filter((space) => matchesSpace(space, filter)) } : spaces;
      }),
    orderKeyOf: ({ loaders, item }) => `${loaders.store.site.siteId}\u0000${item.key}\u0000${item.spaceId}`,
    nodesOf: (items) => items.map(({ loaders, item }) => new SpaceNode(loaders, item.spaceId, item)),
  });
}
