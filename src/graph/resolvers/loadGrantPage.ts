import type { Gap } from "../../domain/Complete.js";
import type { SiteId } from "../../domain/ids.js";
import type { SiteLoaders } from "../../loaders/engine/SiteLoaders.js";
import { checkOperations } from "../filters/checkOperations.js";
import { compileGrantFilter, sitesNamedIn } from "../filters/compileGrantFilter.js";
import { type GrantScope, narrowGrantQuery } from "../filters/narrowGrantQuery.js";
import { readFilteredGrants } from "../filters/readFilteredGrants.js";
import type { GraphContext } from "../GraphContext.js";
import type { GrantFilter } from "../inputs/GrantFilter.js";
import type { PageArgs } from "../inputs/PageArgs.js";
import type { ListIdentity } from "../paging/cursor.js";
import { loadPage } from "../paging/loadPage.js";
import type { Page } from "../paging/Page.js";
import { readAcrossSites } from "../paging/readAcrossSites.js";
import { GrantNode } from "../types/GrantNode.js";

interface GrantList {
  readonly list: ListIdentity;
  readonly missing: string;
  readonly page: PageArgs;
  readonly filter: GrantFilter | null | undefined;
  readonly scope: GrantScope;
}

/** A page of the grants of some sites that fit a filter within a scope. */
export async function loadGrantPage(
  context: GraphContext,
  sites: readonly SiteLoaders[],
  request: GrantList,
): Promise<Page<GrantNode>> {
  const read = (loaders: SiteLoaders) => {
    const query = compileGrantFilter(loaders.store.site, request.filter);
    return readFilteredGrants(loaders, narrowGrantQuery(query, request.scope));
  };
  return loadPage(context, {
    list: [...request.list, request.filter ?? null],
    page: request.page,
    missing: request.missing,
    read: async () => {
      const grants = checkOperations(sites, request.filter, await readAcrossSites(sites, "grants", read));
      const gaps = [...sitesNamedIn(request.filter)].filter((siteId) => !context.sites.has(siteId)).map(unknownSite);
      return gaps.length === 0 ? grants : { ...grants, gaps: [...grants.gaps, ...gaps] };
    },
    orderKeyOf: ({ item }) => `${item.siteId}\u0000${item.key}`,
    nodesOf: (items) => items.map(({ loaders, item }) => new GrantNode(loaders, item)),
  });
}

/** What a site holds that is not configured here is not known here: it is not none. */
function unknownSite(siteId: SiteId): Gap {
  return {
    missing: `grants of site ${siteId}`,
    kind: "NotVisible",
    reason: `An id of the filter is of site "${siteId}", which is not configured here.`,
    call: null,
    retryAfterMs: null,
  };
}
