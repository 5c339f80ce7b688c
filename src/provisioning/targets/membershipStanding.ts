import type { AccountId, GroupId } from "../../domain/ids.js";
import { notVisible, outcomeOf, SiteError } from "../../domain/SiteError.js";
import { account } from "../../loaders/accounts.js";
import { memberOf } from "../../loaders/memberships.js";
import { organizationUser } from "../../loaders/organization.js";
import type { FreshFacts } from "./FreshFacts.js";

/**
 * Whether somebody whom the list of a group does not show is a member all the same. Cloud leaves out whom the organization
 * suspended, and they keep their memberships: only who is surely active is believed to be in no group by a list alone; everybody
 * else is asked for by `memberof`, past the cache. Data Center leaves out nobody. Rejects with a `SiteError` where it cannot be known.
 */
export async function readUnlistedMember(facts: FreshFacts, groupId: GroupId, accountId: AccountId): Promise<boolean> {
  const { store } = facts;
  if (!store.site.groups.leavesOutSuspended || (await isSurelyListed(facts, accountId))) return false;
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
async function isSurelyListed({ store, loaders }: FreshFacts, accountId: AccountId): Promise<boolean> {
  if (store.site.organization === null) return false;
  const known = await outcomeOf(loaders.of(account).get(accountId));
  if (known === null || known instanceof Error || known.status !== "ACTIVE") return false;
  const user = await outcomeOf(loaders.of(organizationUser).get(accountId));
  return user !== null && !(user instanceof Error) && user.isMember && user.status === "ACTIVE";
}
