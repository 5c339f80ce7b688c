import type { Complete } from "../../domain/Complete.js";
import { outcomeOf } from "../../domain/SiteError.js";
import type { SiteLoaders } from "../../loaders/engine/SiteLoaders.js";
import { ReadingParts } from "../../readings/ReadingParts.js";

/** An item of a list that spans sites. */
export interface OfSite<Item> {
  readonly loaders: SiteLoaders;
  readonly item: Item;
}

/**
 * Reads the same list of several sites as one, in the order given. A site that fails is a gap; the others are answered.
 * Rejects only when the only site, or every one, failed.
 */
export async function readAcrossSites<Item>(
  sites: readonly SiteLoaders[],
  what: string,
  read: (loaders: SiteLoaders) => Promise<Complete<Item>>,
): Promise<Complete<OfSite<Item>>> {
  const lists = await Promise.all(sites.map((loaders) => outcomeOf(read(loaders))));
  const [first] = sites;
  const parts = new ReadingParts(first?.store.clock.now() ?? 0);
  const items = sites.flatMap((loaders, index) =>
    parts
      .take(`${what} of site ${loaders.store.site.siteId}`, lists[index])
      .map((item): OfSite<Item> => ({ loaders, item })),
  );
  return parts.finish(items);
}
