import { mergeGaps } from "../domain/Complete.js";
import type { Principal } from "../domain/Principal.js";
import type { AccountFacts } from "./AccountFacts.js";
import { accessClassOf } from "./accessClassOf.js";
import { evaluateClassMembership } from "./evaluateClassMembership.js";
import type { GroupMemberships } from "./GroupMemberships.js";
import type { Licence } from "./Licence.js";
import type { Membership } from "./Membership.js";
import { memberships } from "./memberships.js";
import type { SiteIndex } from "./SiteIndex.js";
import type { Standing } from "./Standing.js";

/** How an account stands that is licensed, needs no licence, or is licensed as far as anybody knows (rules 3 and 7). */
export function createLicensedStanding(
  account: AccountFacts,
  groups: GroupMemberships,
  licence: Licence,
  site: SiteIndex,
): Standing {
  const isAnonymousFree = site.rules.licensedBy === "ORGANIZATION";
  return {
    membershipOf(principal: Principal): Membership {
      switch (principal.kind) {
        case "account":
          return principal.accountId === account.accountId ? givenLicence(memberships.yes, licence) : memberships.no;
        case "group":
          return givenLicence(groups.of(principal.groupId), licence);
        case "accessClass": {
          const name = accessClassOf(principal, site.rules);
          const membership = evaluateClassMembership(name, principal.classId, account, groups, site);
          return name === "anonymous-users" && isAnonymousFree ? membership : givenLicence(membership, licence);
        }
      }
    },
    towardsUnread: memberships.maybe(isAnonymousFree ? [] : licence.gaps),
  };
}

/** A membership that gives nothing without a licence, in the light of what is known of the licence. */
function givenLicence(membership: Membership, licence: Licence): Membership {
  if (membership.is === "NO") return membership;
  if (membership.is === "MAYBE")
    return licence.gaps.length === 0 ? membership : memberships.maybe(mergeGaps(membership.gaps, licence.gaps));
  if (licence.state === "UNREAD") return memberships.maybe(licence.gaps);
  return licence.state === "ASSUMED" ? memberships.yesIfLicensed : membership;
}
