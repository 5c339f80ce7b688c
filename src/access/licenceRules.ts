import { type Gap, mergeGaps } from "../domain/Complete.js";
import type { AccountFacts } from "./AccountFacts.js";
import { kindGap } from "./Belonging.js";
import type { GroupMemberships } from "./membershipRules.js";
import type { SiteIndex, UseHolders } from "./SiteFacts.js";

/** Whether an account may use Confluence at all, and who says so (rules 3 and 7). */
export interface Licence {
  /** `ASSUMED`: nobody can say, so it counts as licensed and the answer tells. `UNREAD`: a reading failed; see `gaps`. */
  readonly state: "LICENSED" | "NOT_NEEDED" | "ASSUMED" | "UNREAD" | "UNLICENSED";
  readonly gaps: readonly Gap[];
  /** A group that is gone holds the licence's global permission. */
  readonly hasGoneGroup: boolean;
}

/** Whether an account is licensed (rule 7), or is counted so because nobody can say (rule 3). */
export function evaluateLicence(account: AccountFacts, groups: GroupMemberships, site: SiteIndex): Licence {
  if (site.rules.licensedBy === "ORGANIZATION") return fromOrganization(account);
  return site.useHolders === null ? fromAccount(account) : fromGlobalPermissions(account, groups, site.useHolders);
}

/** Guests, apps and customers work without a Confluence licence; a human without one has only what anonymous has. */
function fromOrganization(account: AccountFacts): Licence {
  if (account.kind === "GUEST" || account.kind === "APP" || account.kind === "CUSTOMER") return stated("NOT_NEEDED");
  if (account.isLicensed === false && account.kind === "UNKNOWN") return unread([kindGap(account.accountId)]);
  return fromAccount(account);
}

function fromAccount(account: AccountFacts): Licence {
  if (account.isLicensed !== null) return stated(account.isLicensed ? "LICENSED" : "UNLICENSED");
  return account.gaps.length > 0 ? unread(account.gaps) : stated("ASSUMED");
}

function fromGlobalPermissions(account: AccountFacts, groups: GroupMemberships, holders: UseHolders): Licence {
  if (holders.accounts.has(account.accountId)) return stated("LICENSED");
  const gaps: (readonly Gap[])[] = [holders.gaps];
  let hasGoneGroup = false;
  for (const groupId of holders.groups) {
    const membership = groups.of(groupId);
    if (membership.is === "YES") return stated("LICENSED");
    if (membership.is === "MAYBE") gaps.push(membership.gaps);
    else if (membership.because === "GROUP_GONE") hasGoneGroup = true;
  }
  const merged = mergeGaps(...gaps);
  return { state: merged.length > 0 ? "UNREAD" : "UNLICENSED", gaps: merged, hasGoneGroup };
}

function stated(state: Licence["state"]): Licence {
  return { state, gaps: [], hasGoneGroup: false };
}

function unread(gaps: readonly Gap[]): Licence {
  return { state: "UNREAD", gaps, hasGoneGroup: false };
}
