import type { Deployment } from "../domain/Deployment.js";
import { groupSpelling } from "../domain/groupSpelling.js";
import type { GroupId } from "../domain/ids.js";
import type { Principal } from "../domain/Principal.js";

/** Gives each group one spelling: names that are ids compare whatever their case, and rows may spell them differently. */
export interface GroupSpelling {
  id(groupId: GroupId): GroupId;
  principal(principal: Principal): Principal;
}

/**
 * One spelling for each group, the first that was met. Where names tell cases apart, or ids are no names (Cloud), every
 * spelling is its own.
 */
export function spellGroups(deployment: Deployment): GroupSpelling {
  const spellings = new Map<string, GroupId>();
  const id = (groupId: GroupId): GroupId => {
    const key = groupSpelling(deployment, groupId);
    const known = spellings.get(key);
    if (known === undefined) spellings.set(key, groupId);
    return known ?? groupId;
  };
  return {
    id,
    principal: (principal) =>
      principal.kind === "group" ? { kind: "group", groupId: id(principal.groupId) } : principal,
  };
}
