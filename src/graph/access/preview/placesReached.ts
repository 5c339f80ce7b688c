import type { AccessIndex } from "../../../access/index/AccessIndex.js";
import type { SiteIndex } from "../../../access/SiteFacts.js";
import type { Gap } from "../../../domain/Complete.js";
import type { GroupId, SpaceId } from "../../../domain/ids.js";
import type { Principal } from "../../../domain/Principal.js";

/** A space that no site has. */
export const nowhere = "" as SpaceId;

export function groupPrincipal(groupId: GroupId): Principal {
  return { kind: "group", groupId };
}

/** Groups, and all groups that they are in. */
export function withParents(groupIds: readonly GroupId[], site: SiteIndex): ReadonlySet<GroupId> {
  // A Set visits what is added while it is walked.
  const groups = new Set(groupIds);
  for (const groupId of groups) for (const parent of site.parentsOf.get(groupId) ?? []) groups.add(parent);
  return groups;
}

/** Whether one of the groups makes super users of its members. */
export function isAbove(groups: ReadonlySet<GroupId>, { rules: { superGroupId } }: SiteIndex): boolean {
  return superGroupId !== null && groups.has(superGroupId);
}

/** The spaces that grant any of the principals something, or every space. */
export function spacesOf(
  index: AccessIndex,
  principals: readonly Principal[],
  isEverywhere: boolean,
): ReadonlySet<SpaceId> {
  if (!isEverywhere) return new Set(principals.flatMap((principal) => index.inventory.spacesOf(principal)));
  return new Set([...index.inventory.spaces()].map(({ spaceId }) => spaceId));
}

/** What an index has not read may be where a membership matters too. */
export function gapsOf({ inventory }: AccessIndex): readonly Gap[] {
  let unread = 0;
  for (const { isWhole } of inventory.spaces()) if (!isWhole) unread += 1;
  if (unread === 0) return inventory.siteGaps();
  const missing = `what ${unread} spaces grant, and so whether the memberships matter there`;
  return [...inventory.siteGaps(), shortOf(missing, "The access index has not read them whole.")];
}

export function shortOf(missing: string, reason: string): Gap {
  return { missing, kind: "ReadIncomplete", reason, call: null, retryAfterMs: null };
}
