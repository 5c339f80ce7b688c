import type { AccountFacts } from "./AccountFacts.js";
import { createLicensedStanding } from "./createLicensedStanding.js";
import { createUnlicensedStanding } from "./createUnlicensedStanding.js";
import { evaluateLicence } from "./evaluateLicence.js";
import { GroupMemberships } from "./GroupMemberships.js";
import type { Licence } from "./Licence.js";
import { memberships } from "./memberships.js";
import type { ResolvedAccount } from "./ResolvedAccount.js";
import type { SiteIndex } from "./SiteIndex.js";
import type { Standing } from "./Standing.js";

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
    superuser: superGroupId === null ? memberships.no : groups.of(superGroupId),
    standings: findStandings(facts, groups, licence, site),
  };
}

function findStandings(
  facts: AccountFacts,
  groups: GroupMemberships,
  licence: Licence,
  site: SiteIndex,
): readonly Standing[] {
  if (licence.state === "UNLICENSED") return [createUnlicensedStanding(licence, site)];
  const licensed = createLicensedStanding(facts, groups, licence, site);
  // On Cloud a licence only adds, so the licensed standing with its gaps tells everything.
  const isExclusive = licence.state === "UNREAD" && site.rules.licensedBy === "GLOBAL_PERMISSIONS";
  return isExclusive ? [licensed, createUnlicensedStanding(licence, site)] : [licensed];
}
