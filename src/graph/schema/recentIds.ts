import type { Grant } from "../../domain/Grant.js";
import type { AccountId, GroupId, SiteId, SpaceId } from "../../domain/ids.js";
import { encodeGlobalId, grantAddress } from "./GlobalId.js";
import { leastKept, Recent } from "./Recent.js";

/** What all sites have together of a kind; each has some whatever there are. */
const ofAllSites = 3 * leastKept;
const ofEachSite = 1_000;

/** How many ids of a kind are kept of one of so many sites. */
export function idsKeptOf(sites: number): number {
  return Math.max(ofEachSite, Math.min(leastKept, Math.floor(ofAllSites / sites)));
}

class IdsOfSite {
  readonly accounts = new Recent<AccountId, string>(keptNow);
  readonly groups = new Recent<GroupId, string>(keptNow);
  readonly spaces = new Recent<SpaceId, string>(keptNow);
}

function keptNow(): number {
  return idsKeptOf(bySite.size);
}

const bySite = new Map<SiteId, IdsOfSite>();
const ofGrants = new Recent<Grant, string>();

function idsOf(siteId: SiteId): IdsOfSite {
  const known = bySite.get(siteId);
  if (known !== undefined) return known;
  const made = new IdsOfSite();
  bySite.set(siteId, made);
  return made;
}

/** The `id` of an Account. */
export function accountGlobalId(siteId: SiteId, accountId: AccountId): string {
  const { accounts } = idsOf(siteId);
  return accounts.get(accountId) ?? accounts.set(accountId, encodeGlobalId({ type: "Account", siteId, accountId }));
}

/** The `id` of a Group. */
export function groupGlobalId(siteId: SiteId, groupId: GroupId): string {
  const { groups } = idsOf(siteId);
  return groups.get(groupId) ?? groups.set(groupId, encodeGlobalId({ type: "Group", siteId, groupId }));
}

/** The `id` of a Space. */
export function spaceGlobalId(siteId: SiteId, spaceId: SpaceId): string {
  const { spaces } = idsOf(siteId);
  return spaces.get(spaceId) ?? spaces.set(spaceId, encodeGlobalId({ type: "Space", siteId, spaceId }));
}

/** The `id` of a Grant, by the row that a list holds: it is the same from answer to answer. */
export function grantGlobalId(grant: Grant): string {
  const known = ofGrants.get(grant);
  return known ?? ofGrants.set(grant, encodeGlobalId({ type: "Grant", siteId: grant.siteId, ...grantAddress(grant) }));
}
