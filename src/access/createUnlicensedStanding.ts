import { mergeGaps } from "../domain/Complete.js";
import type { Principal } from "../domain/Principal.js";
import type { AccessClassName } from "./AccessClassName.js";
import { accessClassOf } from "./accessClassOf.js";
import type { Licence } from "./Licence.js";
import type { Membership } from "./Membership.js";
import { memberships } from "./memberships.js";
import type { SiteIndex } from "./SiteIndex.js";
import type { Standing } from "./Standing.js";
import { unknowable } from "./unknowable.js";

/**
 * How an account stands without a licence: on Cloud a human then has only what anonymous has; on Data Center it has, at
 * most, what the class `unlicensed` may hold (rules 3 and 7).
 */
export function createUnlicensedStanding(licence: Licence, site: SiteIndex): Standing {
  const isCloud = site.rules.licensedBy === "ORGANIZATION";
  const only: AccessClassName = isCloud ? "anonymous-users" : "unlicensed";
  const membership = isCloud ? memberships.yes : amongUnlicensed(licence, site);
  return {
    membershipOf: (principal: Principal) =>
      principal.kind === "accessClass" && accessClassOf(principal, site.rules) === only ? membership : memberships.no,
    towardsUnread: membership.is === "YES" ? memberships.maybe([]) : membership,
  };
}

function amongUnlicensed(licence: Licence, site: SiteIndex): Membership {
  if (site.unlicensedUse.is === "NO") return memberships.no;
  const use = site.unlicensedUse.is === "MAYBE" ? site.unlicensedUse.gaps : [];
  const unsure = unknowable(
    "whether the access of unlicensed accounts reaches this account",
    "Confluence does not tell which accounts its access for unlicensed ones covers.",
  );
  return memberships.maybe(mergeGaps([unsure], use, licence.gaps));
}
