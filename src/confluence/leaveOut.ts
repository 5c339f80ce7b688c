import type { LeftOut } from "../domain/LeftOut.js";
import { SiteError } from "../domain/SiteError.js";
import type { Space } from "../domain/Space.js";
import type { SpaceGrant } from "../domain/SpaceGrant.js";
import type { Found } from "./Found.js";
import type { ConfluenceSite } from "./port.js";

/**
 * The same site without what the configuration leaves out: spaces are neither listed nor found, and granular rows of a
 * permission that is left out are not shown. Roles are shown whole.
 */
export function leaveOut(site: Omit<ConfluenceSite, "leftOut">, leftOut: LeftOut): ConfluenceSite {
  const shows = (space: Space) => !isLeftOut(space, leftOut);
  const hidden = new Set(leftOut.permissions);
  const showsGrant = (grant: SpaceGrant) =>
    grant.kind === "role" || !hidden.has(`${grant.operation.key}/${grant.operation.target}`);
  const hidesSpaces = leftOut.spaceKeys.length > 0 || leftOut.hasPersonalSpaces;
  if (!hidesSpaces && hidden.size === 0) return { ...site, leftOut };
  return {
    ...site,
    leftOut,
    spaces: {
      list: async (status) => {
        const list = await site.spaces.list(status);
        return { ...list, items: list.items.filter(shows) };
      },
      byIds: async (ids) => onlyThose(await site.spaces.byIds(ids), shows),
      byKeys: async (keys) => onlyThose(await site.spaces.byKeys(keys), shows),
      grantsOf: async (ids, model) => {
        const shown = hidesSpaces ? [...onlyThose(await site.spaces.byIds(ids), shows).keys()] : ids;
        const found = await site.spaces.grantsOf(shown, model);
        return new Map(
          [...found].map(([id, list]) => [
            id,
            list instanceof SiteError ? list : { ...list, items: list.items.filter(showsGrant) },
          ]),
        );
      },
    },
  };
}

function isLeftOut({ key, kind }: Space, { spaceKeys, hasPersonalSpaces }: LeftOut): boolean {
  if (hasPersonalSpaces && kind === "PERSONAL") return true;
  return spaceKeys.some((pattern) => (pattern.endsWith("*") ? key.startsWith(pattern.slice(0, -1)) : key === pattern));
}

function onlyThose<K>(found: Found<K, Space>, shows: (space: Space) => boolean): Found<K, Space> {
  return new Map([...found].filter(([, space]) => space instanceof SiteError || shows(space)));
}
