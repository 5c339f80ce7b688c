import { mergeGaps } from "../domain/Complete.js";
import type { Principal } from "../domain/Principal.js";
import type { AccountFacts } from "./AccountFacts.js";
import { type Belonging, belonging, unknowable } from "./Belonging.js";
import { evaluateClassMembership, evaluateLicence, GroupMemberships, type Licence } from "./membershipRules.js";
import { type AccessClassName, accessClassOf, type SiteIndex } from "./SiteFacts.js";

/** An account against the rules of its site, ready to be asked about any space. Build it with `resolveAccount`. */
export interface ResolvedAccount {
  readonly facts: AccountFacts;
  readonly site: SiteIndex;
  readonly groups: GroupMemberships;
  readonly licence: Licence;
  /** Whether it can do nothing at all because it is not active (rule 2). */
  readonly isBarred: boolean;
  /** Membership of the super group (rule 6). */
  readonly superuser: Belonging;
  /**
   * One, or two where it could not be read whether the account is licensed and both would give it something: what a
   * licence gives and what its absence gives are never held together.
   */
  readonly scenarios: readonly LicenceScenario[];
}

/** Resolves an account against its site (rules 2, 3, 6 and 7). Once an account; it then serves every space. */
export function resolveAccount(facts: AccountFacts, site: SiteIndex): ResolvedAccount {
  const groups = new GroupMemberships(facts.groups, site);
  const licence = evaluateLicence(facts, groups, site);
  const { superGroupId } = site.rules;
  return {
    facts,
    site,
    groups,
    licence,
    isBarred: facts.status !== "ACTIVE" && facts.status !== "UNKNOWN",
    superuser: superGroupId === null ? belonging.no : groups.of(superGroupId),
    scenarios: findScenarios(facts, groups, licence, site),
  };
}

function findScenarios(
  facts: AccountFacts,
  groups: GroupMemberships,
  licence: Licence,
  site: SiteIndex,
): readonly LicenceScenario[] {
  if (licence.state === "UNLICENSED") return [unlicensedScenario(licence, site)];
  const licensed = licensedScenario(facts, groups, licence, site);
  // On Cloud a licence only adds, so the licensed scenario with its gaps tells everything.
  const isExclusive = licence.state === "UNREAD" && site.rules.licensedBy === "GLOBAL_PERMISSIONS";
  return isExclusive ? [licensed, unlicensedScenario(licence, site)] : [licensed];
}

/** How an account stands towards holders of grants, for one answer to "is it licensed?". */
export interface LicenceScenario {
  belongingTo(principal: Principal): Belonging;
  /** Whether a grant that was not read could reach the account: `NO` only where no holder would do. */
  readonly towardsUnread: Belonging;
}

/** How an account stands that is licensed, needs no licence, or is licensed as far as anybody knows (rules 3 and 7). */
function licensedScenario(
  account: AccountFacts,
  groups: GroupMemberships,
  licence: Licence,
  site: SiteIndex,
): LicenceScenario {
  const isAnonymousFree = site.rules.licensedBy === "ORGANIZATION";
  return {
    belongingTo(principal: Principal): Belonging {
      switch (principal.kind) {
        case "account":
          return principal.accountId === account.accountId ? givenLicence(belonging.yes, licence) : belonging.no;
        case "group":
          return givenLicence(groups.of(principal.groupId), licence);
        case "accessClass": {
          const name = accessClassOf(principal, site.rules);
          const membership = evaluateClassMembership(name, principal.classId, account, groups, site);
          return name === "anonymous-users" && isAnonymousFree ? membership : givenLicence(membership, licence);
        }
      }
    },
    towardsUnread: belonging.maybe(isAnonymousFree ? [] : licence.gaps),
  };
}

/** A membership that gives nothing without a licence, in the light of what is known of the licence. */
function givenLicence(membership: Belonging, licence: Licence): Belonging {
  if (membership.is === "NO") return membership;
  if (membership.is === "MAYBE")
    return licence.gaps.length === 0 ? membership : belonging.maybe(mergeGaps(membership.gaps, licence.gaps));
  if (licence.state === "UNREAD") return belonging.maybe(licence.gaps);
  return licence.state === "ASSUMED" ? belonging.yesIfLicensed : membership;
}

/**
 * How an account stands without a licence: on Cloud a human then has only what anonymous has; on Data Center it has, at
 * most, what the class `unlicensed` may hold (rules 3 and 7).
 */
function unlicensedScenario(licence: Licence, site: SiteIndex): LicenceScenario {
  const isCloud = site.rules.licensedBy === "ORGANIZATION";
  const only: AccessClassName = isCloud ? "anonymous-users" : "unlicensed";
  const membership = isCloud ? belonging.yes : amongUnlicensed(licence, site);
  return {
    belongingTo: (principal: Principal) =>
      principal.kind === "accessClass" && accessClassOf(principal, site.rules) === only ? membership : belonging.no,
    towardsUnread: membership.is === "YES" ? belonging.maybe([]) : membership,
  };
}

function amongUnlicensed(licence: Licence, site: SiteIndex): Belonging {
  if (site.unlicensedUse.is === "NO") return belonging.no;
  const use = site.unlicensedUse.is === "MAYBE" ? site.unlicensedUse.gaps : [];
  const unsure = unknowable(
    "whether the access of unlicensed accounts reaches this account",
    "Confluence does not tell which accounts its access for unlicensed ones covers.",
  );
  return belonging.maybe(mergeGaps([unsure], use, licence.gaps));
}
