import type { Found } from "../confluence/Found.js";
import { SiteError } from "../domain/SiteError.js";
import { isSpaceLeftOut, leavesOutSpaces, type Space } from "../domain/Space.js";
import type { SiteStore } from "./SiteStore.js";

type Reads = { readonly site: Pick<SiteStore["site"], "leftOut"> };

/** What was found, without the spaces that the configuration leaves out: as if they were not there. */
export function onlyShown<K>({ site }: Reads, found: Found<K, Space>): Found<K, Space> {
  if (!leavesOutSpaces(site.leftOut)) return found;
  const isShown = (outcome: Space | SiteError) =>
    outcome instanceof SiteError || !isSpaceLeftOut(outcome, site.leftOut);
  return new Map([...found].filter(([, outcome]) => isShown(outcome)));
}

/** The spaces of a list that are shown. */
export function shownOf({ site }: Reads, spaces: readonly Space[]): readonly Space[] {
  return leavesOutSpaces(site.leftOut) ? spaces.filter((space) => !isSpaceLeftOut(space, site.leftOut)) : spaces;
}
