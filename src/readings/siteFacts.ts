import type { SiteFacts } from "../access/SiteFacts.js";
import { type Assumption, knownEmpty, staleIn } from "../domain/Complete.js";
import type { SpaceGrant } from "../domain/Grant.js";
import type { GroupId } from "../domain/ids.js";
import { outcomeOf } from "../domain/SiteError.js";
import { onlyOne } from "../loaders/engine/LoaderDeclaration.js";
import type { SiteLoaders } from "../loaders/engine/SiteLoaders.js";
import { globalGrants } from "../loaders/grants.js";
import { adminGroups, group as groupLoader } from "../loaders/groups.js";
import { readNestedGroups } from "./groupMembers.js";
import { listOrGap } from "./ReadingParts.js";

/** What of a site decides about one space. */
interface ReadSiteFacts extends SiteFacts {
  /** When the oldest of it was read. */
  readonly asOfMs: number;
  /** Whether any of it is stale. */
  readonly assumptions: readonly Assumption[];
}

/** What the access rules need to know of the site to decide about one space: no more is read than its grants make matter. */
export async function readSiteFacts(
  loaders: SiteLoaders,
  grants: readonly Pick<SpaceGrant, "principal">[],
): Promise<ReadSiteFacts> {
  const { accounts, groups, globalGrants: siteWide } = loaders.store.site;
  const now = loaders.store.clock.now();
  const granted = groupsOf(grants);
  const outcome = siteWide === null ? null : await outcomeOf(loaders.of(globalGrants).get(onlyOne));
  // Absent: the version does not tell. That is no gap but an assumption (rule 3).
  const global = outcome === null ? null : listOrGap(outcome, "permissions on the site as a whole", now);
  const { superGroupId } = groups;
  const superGroup = superGroupId === null ? [] : [superGroupId];
  const nested = await readNestedGroups(loaders, [...granted, ...superGroup, ...groupsOf(global?.items ?? [])]);
  const admins =
    groups.admins !== null && namesAdmins(grants)
      ? listOrGap(await outcomeOf(loaders.of(adminGroups).get(onlyOne)), "groups of administrators", now)
      : knownEmpty(now);
  return {
    rules: { licensedBy: accounts.licensedBy, superGroupId },
    ...(await readGroups(loaders, granted)),
    adminGroups: admins,
    nesting: { childrenOf: nested.childrenOf, gaps: nested.gapsOf },
    globalGrants: global,
    asOfMs: Math.min(global?.asOfMs ?? now, nested.asOfMs, admins.asOfMs),
    assumptions: staleIn(
      global ?? admins,
      nested,
      admins,
      ...granted.map((id) => loaders.of(groupLoader).trustOf(id, now)),
    ),
  };
}

/** What the groups that hold something here are called, and which do not exist any more (rule 3: they have no members). */
async function readGroups(
  loaders: SiteLoaders,
  ids: readonly GroupId[],
): Promise<Pick<SiteFacts, "goneGroups" | "groupNames">> {
  const outcomes = await loaders.of(groupLoader).getMany(ids);
  const goneGroups = new Set<GroupId>();
  const groupNames = new Map<GroupId, string>();
  ids.forEach((id, index) => {
    const known = outcomes[index];
    if (known === null) goneGroups.add(id);
    else if (known !== undefined && !(known instanceof Error)) groupNames.set(id, known.name);
  });
  return { goneGroups, groupNames };
}

function groupsOf(grants: readonly Pick<SpaceGrant, "principal">[]): GroupId[] {
  const ids = new Set<GroupId>();
  for (const { principal } of grants) if (principal.kind === "group") ids.add(principal.groupId);
  return [...ids];
}

function namesAdmins(grants: readonly Pick<SpaceGrant, "principal">[]): boolean {
  return grants.some(({ principal }) => principal.kind === "accessClass" && principal.classId === "all-product-admins");
}
