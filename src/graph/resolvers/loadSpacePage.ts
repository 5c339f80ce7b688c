import type { KnownSpaceStatus } from "../../confluence/port.js";
import type { Complete } from "../../domain/Complete.js";
import type { Space } from "../../domain/Space.js";
import type { SiteLoaders } from "../../loaders/engine/SiteLoaders.js";
import { readMissingKeys, readSpaces } from "../../readings/spaces.js";
import { matchesSpace } from "../filters/matchesSpace.js";
import type { GraphContext } from "../GraphContext.js";
import type { PageArgs } from "../inputs/PageArgs.js";
import type { SpaceFilter } from "../inputs/SpaceFilter.js";
import type { ListIdentity } from "../paging/cursor.js";
import { loadPage } from "../paging/loadPage.js";
import type { Page } from "../paging/Page.js";
import { type OfSite, readAcrossSites } from "../paging/readAcrossSites.js";
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
    read: () => readFilteredSpaces(sites, filter),
    orderKeyOf: ({ loaders, item }) => `${loaders.store.site.siteId}\u0000${item.key}\u0000${item.spaceId}`,
    nodesOf: (items) => items.map(({ loaders, item }) => new SpaceNode(loaders, item.spaceId, item)),
  });
}

async function readFilteredSpaces(
  sites: readonly SiteLoaders[],
  filter: SpaceFilter | null | undefined,
): Promise<Complete<OfSite<Space>>> {
  const statuses = [...new Set<KnownSpaceStatus>(filter?.statuses ?? ["CURRENT"])];
  const listed = await readAcrossSites(sites, "spaces", (loaders) => readSpaces(loaders, statuses));
  if (!filter) return listed;
  const items = listed.items.filter(({ item }) => matchesSpace(item, filter));
  const keys = filter.keys ?? [];
  if (keys.length === 0) return { ...listed, items };
  const seen = new Set(listed.items.map(({ item }) => item.key.toLowerCase()));
  return { ...listed, items, gaps: [...listed.gaps, ...(await readMissingKeys(sites, keys, seen))] };
}
