import type { SiteId } from "../../domain/ids.js";
import type { SiteLoaders } from "../../loaders/engine/SiteLoaders.js";
import { InputError } from "../errors/InputError.js";
import type { GraphContext } from "../schema/GraphContext.js";

/** The one site that an argument names, or the only one there is. */
export function siteNamed(context: GraphContext, siteId: string | null | undefined): SiteLoaders {
  const [only] = context.sites.values();
  if ((siteId === null || siteId === undefined) && only !== undefined && context.sites.size === 1) return only;
  if (siteId === null || siteId === undefined) {
    throw new InputError("AMBIGUOUS_LOOKUP", "siteId", `Several sites are configured: pass siteId. ${known(context)}`);
  }
  const found = context.sites.get(siteId as SiteId);
  if (found === undefined) {
    throw new InputError("UNKNOWN_SITE", "siteId", `No site "${siteId.slice(0, 60)}" is configured. ${known(context)}`);
  }
  return found;
}

/** The sites that a list covers, ordered by site id: the one named, or all. */
export function sitesCovered(context: GraphContext, siteId: string | null | undefined): SiteLoaders[] {
  if (siteId !== null && siteId !== undefined) return [siteNamed(context, siteId)];
  return [...context.sites.keys()].sort().flatMap((id) => context.sites.get(id) ?? []);
}

function known(context: GraphContext): string {
  return `Configured: ${[...context.sites.keys()].join(", ")}.`;
}
