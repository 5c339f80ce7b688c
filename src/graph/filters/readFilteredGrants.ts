import { type Complete, knownEmpty } from "../../domain/Complete.js";
import { type Grant, principalOf } from "../../domain/Grant.js";
import { type Principal, principalKey } from "../../domain/Principal.js";
import { outcomeOf } from "../../domain/SiteError.js";
import { compareText } from "../../domain/textOrder.js";
import { onlyOne } from "../../loaders/engine/LoaderDeclaration.js";
import type { SiteLoaders } from "../../loaders/engine/SiteLoaders.js";
import { globalGrants } from "../../loaders/grants.js";
import { readAllSpaceGrants, readSpaceGrants, readSpaceGrantsOfPrincipal } from "../../readings/grants.js";
import {
  readAllMemberships,
  readMembershipsOfAccount,
  readMembershipsOfGroup,
  readMembershipsOfGroups,
} from "../../readings/memberships.js";
import { ReadingParts } from "../../readings/ReadingParts.js";
import type { GrantQuery } from "./compileGrantFilter.js";
import { keepMatchingGrants } from "./keepMatchingGrants.js";

/** The grants of a site that a query asks for, ordered by grant key, read with no more calls than the query needs. */
export async function readFilteredGrants(loaders: SiteLoaders, query: GrantQuery): Promise<Complete<Grant>> {
  const readings = [
    ...membershipReadings(loaders, query),
    ...spaceGrantReadings(loaders, query),
    ...siteWideReadings(loaders, query),
  ];
  const outcomes = await Promise.all(readings.map(({ reading }) => outcomeOf(reading)));
  const parts = new ReadingParts(loaders.store.clock.now());
  const grants = readings.flatMap(({ what }, index) => parts.take(what, outcomes[index]));
  return inOrder(await keepMatchingGrants(loaders, query, withoutRepeats(parts.finish(grants), query)));
}

interface Reading {
  /** What is missing when it fails. */
  readonly what: string;
  readonly reading: Promise<Complete<Grant>>;
}

function membershipReadings(loaders: SiteLoaders, query: GrantQuery): Reading[] {
  const mayNest = query.mayBeNesting && loaders.store.site.groups.childrenOf !== null;
  if (!query.mayBeMembership && !mayNest) return [];
  const wanted = { accounts: query.mayBeMembership, groups: mayNest };
  if (query.groupIds !== null) {
    const reading = readMembershipsOfGroups(loaders, query.groupIds, wanted);
    return [{ what: "memberships of the groups asked for", reading }];
  }
  if (query.principals === null) return [{ what: "group memberships", reading: readAllMemberships(loaders, wanted) }];
  return query.principals.flatMap((principal) => {
    const what = `groups of ${nameOf(principal)}`;
    if (principal.kind === "account" && query.mayBeMembership) {
      return [{ what, reading: readMembershipsOfAccount(loaders, principal.accountId) }];
    }
    return principal.kind === "group" && mayNest
      ? [{ what, reading: readMembershipsOfGroup(loaders, principal.groupId) }]
      : [];
  });
}

function siteWideReadings(loaders: SiteLoaders, query: GrantQuery): Reading[] {
  if (!query.mayBeSiteWide || loaders.store.site.globalGrants === null) return [];
  return [{ what: "permissions on the site as a whole", reading: readSiteWide(loaders) }];
}

/** A version that does not tell them has a capability that says so: that is no gap. */
async function readSiteWide(loaders: SiteLoaders): Promise<Complete<Grant>> {
  return (await loaders.of(globalGrants).get(onlyOne)) ?? knownEmpty(loaders.store.clock.now());
}

function spaceGrantReadings(loaders: SiteLoaders, query: GrantQuery): Reading[] {
  if (!query.mayBePermission && !query.mayBeRole) return [];
  if (query.spaceIds !== null) {
    return [{ what: "what the spaces asked for grant", reading: readSpaceGrants(loaders, query.spaceIds) }];
  }
  if (query.principals === null) return [{ what: "what spaces grant", reading: readAllSpaceGrants(loaders) }];
  return query.principals.map((principal) => ({
    what: `what spaces grant to ${nameOf(principal)}`,
    reading: readSpaceGrantsOfPrincipal(loaders, principal),
  }));
}

function nameOf(principal: Principal): string {
  return principalKey(principal).replaceAll("\u0000", " ");
}

/** Two parts of a query may read the same grant: an account named twice, a group given by two ids. */
function withoutRepeats(reading: Complete<Grant>, query: GrantQuery): Complete<Grant> {
  const principals = query.principals === null ? null : new Set(query.principals.map(principalKey));
  const seen = new Set<string>();
  const items = reading.items.filter((grant) => {
    if (principals !== null && !principals.has(principalKey(principalOf(grant)))) return false;
    if (principals === null && query.groupIds === null && query.spaceIds === null) return true;
    if (seen.has(grant.key)) return false;
    seen.add(grant.key);
    return true;
  });
  return { ...reading, items };
}

function inOrder(reading: Complete<Grant>): Complete<Grant> {
  const { items } = reading;
  const isOrdered = items.every(
    (grant, index) => index === 0 || compareText(items[index - 1]?.key ?? "", grant.key) <= 0,
  );
  if (isOrdered) return reading;
  return { ...reading, items: [...items].sort((left, right) => compareText(left.key, right.key)) };
}
