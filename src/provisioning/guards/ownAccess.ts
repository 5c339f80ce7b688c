import type { ConfluenceSite } from "../../confluence/port.js";
import { errorFromGap } from "../../domain/Complete.js";
import type { GlobalGrant } from "../../domain/Grant.js";
import type { AccountId, GroupId } from "../../domain/ids.js";
import { isOfKind, outcomeOf } from "../../domain/SiteError.js";
import { onlyOne } from "../../loaders/engine/LoaderDeclaration.js";
import type { SiteLoaders } from "../../loaders/engine/SiteLoaders.js";
import { globalGrants } from "../../loaders/grants.js";
import { adminGroups, siteAdminGroups } from "../../loaders/groups.js";
import { groupMembers } from "../../loaders/memberships.js";
import { readNestedGroups } from "../../readings/groupMembers.js";
import { type Refusal, refuse } from "../reconcile/Task.js";

/** Whether an account is the one that our credential belongs to; asked until it is told, and then never again. */
export class OwnAccount {
  readonly #site: ConfluenceSite;
  #asking: Promise<AccountId | null> | null = null;

  constructor(site: ConfluenceSite) {
    this.#site = site;
  }

  /** `null` where the site does not tell who we are. Rejects with a `SiteError`. */
  async is(accountId: AccountId): Promise<boolean | null> {
    const ownId = await this.id();
    return ownId === null ? null : ownId === accountId;
  }

  async id(): Promise<AccountId | null> {
    this.#asking ??= this.#site.checkCredential().then((caller) => caller.accountId);
    const asking = this.#asking;
    let ownId: AccountId | null = null;
    try {
      ownId = await asking;
    } finally {
      // One answer without a name would otherwise stand in the way of changes for as long as the process runs.
      if (ownId === null && this.#asking === asking) this.#asking = null;
    }
    return ownId;
  }
}

/** Why an account that is, or may be, the one that we sign in with is not switched off; `null` for anybody else's. */
export function refuseOwnAccount(isOwn: boolean | null): Refusal | null {
  if (isOwn === false) return null;
  if (isOwn === null) return refuse("STATE_UNKNOWN", ["account"], whoWeAreUntold);
  return refuse(
    "OWN_ACCOUNT",
    ["account"],
    "This is the account that this service signs in with: it would lock itself out. Have an administrator do it, or configure another credential first.",
  );
}

/** Why we do not leave a group that gives us what we work by. Rejects with a `SiteError` where that cannot be read. */
export async function refuseOwnMembership(
  loaders: SiteLoaders,
  own: OwnAccount,
  { groupId, accountId }: { readonly groupId: GroupId; readonly accountId: AccountId },
): Promise<Refusal | null> {
  const isOwn = await own.is(accountId);
  if (isOwn !== true || !(await givesUsTheWayIn(loaders, groupId))) return null;
  return refuse(
    "OWN_ACCOUNT",
    ["account"],
    "This service signs in with this account, and the group gives it what it works by: afterwards its calls would be refused. Have an administrator do it, or configure another credential first.",
  );
}

/**
 * Why a group is not deleted that gives us what we work by: the super group, one through which we administer, and
 * the default group as long as it lets people use Confluence. Rejects with a `SiteError` where that cannot be read.
 */
export async function refuseOwnGroup(loaders: SiteLoaders, own: OwnAccount, groupId: GroupId): Promise<Refusal | null> {
  const { superGroupId, defaultGroupId } = loaders.store.site.groups;
  const isEverybodys = groupId === superGroupId || groupId === defaultGroupId;
  if (!isEverybodys && !(await areWeIn(loaders, own, groupId))) return null;
  if (!(await givesUsTheWayIn(loaders, groupId))) return null;
  return refuse(
    "OWN_ACCOUNT",
    ["group"],
    "This group gives the account that this service signs in with what it works by: afterwards its calls would be refused. Have an administrator do it, or configure another credential first.",
  );
}

/** Whether a group, or one that holds it, administers the site or lets its members use it. */
async function givesUsTheWayIn(loaders: SiteLoaders, groupId: GroupId): Promise<boolean> {
  const { groups, globalGrants: siteWide } = loaders.store.site;
  if (groups.admins !== null) {
    const [admins, siteAdmins] = await Promise.all([
      loaders.of(adminGroups).get(onlyOne),
      loaders.of(siteAdminGroups).get(onlyOne),
    ]);
    const [gap] = [...(admins?.gaps ?? []), ...(siteAdmins?.gaps ?? [])];
    if (admins?.items.includes(groupId) || siteAdmins?.items.includes(groupId)) return true;
    if (gap !== undefined) throw errorFromGap(gap);
    return false;
  }
  const ways = new Set<GroupId>(groups.superGroupId === null ? [] : [groups.superGroupId]);
  const outcome = siteWide === null ? null : await outcomeOf(loaders.of(globalGrants).get(onlyOne));
  // A version that does not tell it has the group that it comes with.
  if (outcome === null || isOfKind(outcome, "Unsupported")) {
    if (groups.defaultGroupId !== null) ways.add(groups.defaultGroupId);
  } else if (outcome instanceof Error) throw outcome;
  else {
    for (const grant of outcome.items)
      if (isWayIn(grant) && grant.principal.kind === "group") ways.add(grant.principal.groupId);
    const [gap] = outcome.gaps;
    if (gap !== undefined && !ways.has(groupId)) throw errorFromGap(gap);
  }
  if (ways.has(groupId)) return true;
  const below = await readNestedGroups(loaders, [...ways]);
  if (below.items.includes(groupId)) return true;
  const [gap] = below.gaps;
  if (gap !== undefined) throw errorFromGap(gap);
  return false;
}

function isWayIn({ operation: { key, target } }: GlobalGrant): boolean {
  return (
    (target === "application" && (key === "use" || key === "administer")) ||
    (target === "system" && key === "administer")
  );
}

/** Whether we are in a group, or in one below it. Who we are not told to be is taken to be in. */
async function areWeIn(loaders: SiteLoaders, own: OwnAccount, groupId: GroupId): Promise<boolean> {
  const ownId = await own.id();
  if (ownId === null) return true;
  const { items: below } = await readNestedGroups(loaders, [groupId]);
  // By the members: whose groups cannot be asked for, because the site lists the account nowhere, is in none of them.
  const lists = await loaders.of(groupMembers).getMany([...new Set([groupId, ...below])]);
  return lists.some((list) => {
    if (list instanceof Error) throw list;
    return list !== null && (list.gaps.length > 0 || list.items.includes(ownId));
  });
}

const whoWeAreUntold =
  "Which account the credential belongs to is not told, so it may be this one, and nothing is changed.";
