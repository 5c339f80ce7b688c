import { type Gap, mergeGaps } from "../domain/Complete.js";
import type { AccessClassName } from "./AccessClassName.js";
import type { AccountFacts } from "./AccountFacts.js";
import type { GroupMemberships } from "./GroupMemberships.js";
import { kindGap } from "./kindGap.js";
import type { Membership } from "./Membership.js";
import { memberships } from "./memberships.js";
import type { SiteIndex } from "./SiteIndex.js";
import { unknowable } from "./unknowable.js";

/** Whether an active account that counts as licensed, or needs no licence, belongs to an access class (rule 3). */
export function evaluateClassMembership(
  name: AccessClassName,
  classId: string,
  account: AccountFacts,
  groups: GroupMemberships,
  site: SiteIndex,
): Membership {
  switch (name) {
    case "anonymous-users":
      return site.anonymousUse.is === "NO" ? memberships.inVain : site.anonymousUse;
    case "authenticated-users":
      return memberships.yes;
    case "all-licensed-users":
      return amongLicensed(account);
    case "all-product-admins":
      return amongAdministrators(account, groups, site);
    case "unlicensed":
      return memberships.no;
    case "OTHER":
      return memberships.maybe([
        unknowable(
          `whether account ${account.accountId} belongs to the access class ${classId}`,
          "Confluence does not tell who belongs to this access class.",
        ),
      ]);
  }
}

function amongLicensed(account: AccountFacts): Membership {
  if (account.kind === "HUMAN") return memberships.yes;
  if (account.kind !== "UNKNOWN" || account.isLicensed === false) return memberships.no;
  // An account nobody knows is not ALLOWED anyway (rule 2), and that says it better than a gap about its kind.
  return account.status === "UNKNOWN" ? memberships.yes : memberships.maybe([kindGap(account.accountId)]);
}

function amongAdministrators(account: AccountFacts, groups: GroupMemberships, site: SiteIndex): Membership {
  if (account.hasAdminRole === true) return memberships.yes;
  const gaps: (readonly Gap[])[] = [];
  for (const groupId of site.adminGroups.items) {
    const membership = groups.of(groupId);
    if (membership.is === "YES") return memberships.yes;
    if (membership.is === "MAYBE") gaps.push(membership.gaps);
  }
  if (account.hasAdminRole === null) gaps.push(account.gaps, account.roleGaps);
  const toUnlisted = site.adminGroups.gaps.length === 0 ? null : groups.gapsToAnyGroupBut(null);
  if (toUnlisted !== null) gaps.push(site.adminGroups.gaps, toUnlisted);
  const merged = mergeGaps(...gaps);
  return merged.length === 0 ? memberships.no : memberships.maybe(merged);
}
