import type { AccountId, GroupId } from "../../domain/ids.js";
import { notVisible, outcomeOf, SiteError } from "../../domain/SiteError.js";
import { account } from "../../loaders/accounts.js";
import { groupMembers, memberOf } from "../../loaders/memberships.js";
import { organizationUser } from "../../loaders/organization.js";
import type { FreshFacts } from "./FreshFacts.js";

/**
 * Whether somebody whom the list of a group does not show is a member all the same. Cloud leaves out whom the organization
 * suspended, and they keep their memberships: only who is surely active is believed to be in no group by a list alone; everybody
 * else is asked for by `memberof`, past the cache. Data Center leaves out nobody. Rejects with a `SiteError` where it cannot be known.
 */
export async function readUnlistedMember(facts: Facts, groupId: GroupId, accountId: AccountId): Promise<boolean> {
  const { store } = facts;
  if (!store.site.groups.leavesOutSuspended || (await isSurelyListed(facts, accountId))) return false;
  return isMemberByItself(facts, groupId, accountId);
}

/** What is read, and for how long it may be remembered. */
type Facts = Pick<FreshFacts, "store" | "loaders">;

/** A membership as it is shown beside the outcome of its change; `null` where there is no such group. */
interface ShownMembership {
  readonly isMember: boolean;
  readonly asOfMs: number;
}

/**
 * Whether an account is a member of a group, as far as its list or, where that is short or leaves people out, its own groups tell.
 * `isOut`: the change itself found that it is not, and whom no list shows is not asked for again. Rejects with a `SiteError`
 * where it cannot be known.
 */
export async function readMembership(
  facts: Facts,
  { groupId, accountId, isOut }: { readonly groupId: GroupId; readonly accountId: AccountId; readonly isOut: boolean },
): Promise<ShownMembership | null> {
  const members = await facts.loaders.of(groupMembers).get(groupId);
  if (members === null) return null;
  const { items, gaps, asOfMs } = members;
  if (items.includes(accountId)) return { isMember: true, asOfMs };
  if (isOut) return { isMember: false, asOfMs };
  const ask = gaps.length > 0 ? isMemberByItself : readUnlistedMember;
  return { isMember: await ask(facts, groupId, accountId), asOfMs };
}

async function isMemberByItself(facts: Facts, groupId: GroupId, accountId: AccountId): Promise<boolean> {
  const groups = await outcomeOf(facts.loaders.of(memberOf).get(accountId));
  const isNotFound = groups === null || (groups instanceof SiteError && groups.kind === "NotVisible");
  if (isNotFound) {
    // Of somebody whom the site knows that proves nothing: missing there, or hidden from us.
    if ((await facts.loaders.of(account).get(accountId)) === null) return false;
    throw groups ?? notVisible(`groups of account ${accountId}`, call);
  }
  if (groups instanceof Error) throw groups;
  if (groups.items.includes(groupId)) return true;
  const [gap] = groups.gaps;
  if (gap === undefined) return false;
  const message = `Whether the account is in the group is not known: lists of members leave out people who are suspended, and its own groups could not be read whole. ${gap.reason}`;
  throw new SiteError(gap.kind, message, { call: gap.call ?? call, retryAfterMs: gap.retryAfterMs });
}

const call = "GET /wiki/rest/api/user/memberof";

/** Somebody whom lists show for certain: active by Confluence and by the organization, for a suspension may show in one of them only. */
async function isSurelyListed({ store, loaders }: Facts, accountId: AccountId): Promise<boolean> {
  if (store.site.organization === null) return false;
  const known = await outcomeOf(loaders.of(account).get(accountId));
  if (known === null || known instanceof Error || known.status !== "ACTIVE") return false;
  const user = await outcomeOf(loaders.of(organizationUser).get(accountId));
  return user !== null && !(user instanceof Error) && user.isMember && user.status === "ACTIVE";
}
