import type { Group } from "../domain/Group.js";
import { SiteError } from "../domain/SiteError.js";
import { onlyOne } from "../loaders/engine/LoaderDeclaration.js";
import type { SiteLoaders } from "../loaders/engine/SiteLoaders.js";
import { groupList } from "../loaders/groups.js";

/** The group of a name as the site compares names, from the group list. Rejects when the list has gaps and does not hold it: then nobody knows. */
export async function readGroupByName(loaders: SiteLoaders, name: string): Promise<Group | null> {
  const list = await loaders.of(groupList).get(onlyOne);
  const { names } = loaders.store.site;
  const wanted = names.groupName(name);
  const found = list?.items.find((group) => names.groupName(group.name) === wanted);
  if (found !== undefined) return found;
  const [gap] = list?.gaps ?? [];
  if (gap === undefined) return null;
  throw new SiteError("ReadIncomplete", `Whether there is a group of that name is not known. ${gap.reason}`, {
    call: gap.call ?? "GET /wiki/rest/api/group",
    retryAfterMs: gap.retryAfterMs,
  });
}
