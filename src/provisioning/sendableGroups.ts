import type { GroupId } from "../domain/ids.js";
import { group } from "../loaders/group.js";
import type { SiteStore } from "../loaders/SiteStore.js";
import type { AskedGrant } from "./AccountRequest.js";

/**
 * The groups asked for that an invitation can carry: one that is not there, or that a system outside Atlassian manages,
 * would make the whole invitation fail.
 */
export async function sendableGroups(store: SiteStore, grants: readonly AskedGrant[]): Promise<GroupId[]> {
  const asked = [...new Set(grants.flatMap(({ groupId }) => groupId ?? []))];
  const found = await store.of(group).readMany(asked, 0);
  return asked.filter((_id, index) => {
    const outcome = found[index];
    return outcome !== null && outcome !== undefined && !(outcome instanceof Error) && outcome.managedBy !== "EXTERNAL";
  });
}
