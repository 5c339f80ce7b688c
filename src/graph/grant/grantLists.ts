import { type Complete, type Gap, knownEmpty } from "../../domain/Complete.js";
import { type Grant, principalOf } from "../../domain/Grant.js";
import type { SiteId } from "../../domain/ids.js";
import type { Operation } from "../../domain/Operation.js";
import { type Principal, principalKey } from "../../domain/Principal.js";
import { outcomeOf, SiteError } from "../../domain/SiteError.js";
import { compareText } from "../../domain/textOrder.js";
import { onlyOne } from "../../loaders/engine/LoaderDeclaration.js";
import type { SiteLoaders } from "../../loaders/engine/SiteLoaders.js";
import { globalGrants } from "../../loaders/grants.js";
import { roleList } from "../../loaders/site.js";
import {
  readAllSpaceGrants,
  readRoleDefinition,
  readSpaceGrants,
  readSpaceGrantsOfPrincipal,
} from "../../readings/grants.js";
import {
  readAllMemberships,
  readMembershipsOfAccount,
  readMembershipsOfGroup,
  readMembershipsOfGroups,
} from "../../readings/memberships.js";
import { ReadingParts } from "../../readings/ReadingParts.js";
import { type FilteredList, isOneOf, loadPage, type OfSite, readAcrossSites } from "../paging/loadPage.js";
import type { Page } from "../paging/Page.js";
import { PrincipalKind } from "../schema/enums.js";
import type { GraphContext } from "../schema/GraphContext.js";
import { GrantNode } from "./GrantNode.js";
import {
  checkOperations,
  compileGrantFilter,
  type GrantFilter,
  type GrantQuery,
  type GrantScope,
  narrowGrantQuery,
  sitesNamedIn,
} from "./grantFilter.js";

const kindNames = {
  account: PrincipalKind.ACCOUNT,
  group: PrincipalKind.GROUP,
  accessClass: PrincipalKind.ACCESS_CLASS,
} as const;

/** Keeps the grants that fit a query, as far as it is about what they are. A role whose definition cannot be read may or may not fit: that is a gap. */
export async function keepMatchingGrants(
  loaders: SiteLoaders,
  query: GrantQuery,
  reading: Complete<Grant>,
): Promise<Complete<Grant>> {
  const parts = new ReadingParts(loaders.store.clock.now());
  const candidates = parts
    .take("grants", reading)
    .filter((grant) => fitsKind(grant, query) && fitsPrincipal(grant, query));
  if (query.operations === null && query.targets === null) return parts.finish(candidates);

  const items: Grant[] = [];
  const unknownRoles = new Set<string>();
  for (const grant of candidates) {
    const isPermission = grant.kind === "permission" || grant.kind === "global";
    if (isPermission && fitsOperation(grant.operation, query)) items.push(grant);
    if (grant.kind !== "role") continue;
    const role = await readRoleDefinition(loaders, grant.roleId);
    if (role instanceof SiteError) {
      if (!unknownRoles.has(grant.roleId)) parts.miss(`whether grants of role ${grant.roleId} fit the filter`, role);
      unknownRoles.add(grant.roleId);
    } else if (role.permissions.some((permission) => fitsOperation(permission, query))) items.push(grant);
  }
  const rolesAsOfMs = loaders.of(roleList).readAtMs(onlyOne);
  if (rolesAsOfMs !== undefined) parts.restOn({ gaps: [], asOfMs: rolesAsOfMs, assumptions: [] });
  return parts.finish(items);
}

function fitsKind(grant: Grant, query: GrantQuery): boolean {
  switch (grant.kind) {
    case "membership":
      return query.mayBeMembership;
    case "nesting":
      return query.mayBeNesting;
    case "global":
      return query.mayBeSiteWide;
    case "permission":
      return query.mayBePermission;
    case "role":
      return query.mayBeRole && (query.roleIds === null || query.roleIds.has(grant.roleId));
  }
}

function fitsPrincipal(grant: Grant, query: GrantQuery): boolean {
  return isOneOf(kindNames[principalOf(grant).kind], query.principalKinds);
}

function fitsOperation(operation: Operation, query: GrantQuery): boolean {
  return (
    isOneOf(operation.key.toLowerCase(), query.operations) && isOneOf(operation.target.toLowerCase(), query.targets)
  );
}

/** The grants of a site that a query asks for, ordered by grant key, read with no more calls than the query needs. */
async function readFilteredGrants(loaders: SiteLoaders, query: GrantQuery): Promise<Complete<Grant>> {
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

export interface GrantList extends FilteredList<GrantFilter> {
  readonly missing: string;
  readonly scope: GrantScope;
}

/** The grants of some sites that fit a filter within a scope, ordered by grant key within a site. */
export async function readGrantList(
  context: GraphContext,
  sites: readonly SiteLoaders[],
  { filter, scope }: Pick<GrantList, "filter" | "scope">,
): Promise<Complete<OfSite<Grant>>> {
  const read = (loaders: SiteLoaders) => {
    const query = compileGrantFilter(loaders.store.site, filter);
    return readFilteredGrants(loaders, narrowGrantQuery(query, scope));
  };
  return checkedBy(context, sites, filter, await readAcrossSites(sites, "grants", read));
}

/** A reading in the light of its filter: what that names and nobody knows is refused, or is a gap. */
export function checkedBy<T>(
  context: GraphContext,
  sites: readonly SiteLoaders[],
  filter: GrantFilter | null | undefined,
  reading: Complete<T>,
): Complete<T> {
  const grants = checkOperations(sites, filter, reading);
  const gaps = [...sitesNamedIn(filter)].filter((siteId) => !context.sites.has(siteId)).map(unknownSite);
  return gaps.length === 0 ? grants : { ...grants, gaps: [...grants.gaps, ...gaps] };
}

/** A page of the grants of some sites that fit a filter within a scope. */
export function loadGrantPage(
  context: GraphContext,
  sites: readonly SiteLoaders[],
  request: GrantList,
): Promise<Page<GrantNode>> {
  return loadPage(context, {
    list: [...request.list, request.filter ?? null],
    page: request.page,
    missing: request.missing,
    read: () => readGrantList(context, sites, request),
    orderKeyOf: ({ item }) => `${item.siteId}\u0000${item.key}`,
    nodesOf: (items) => items.map(({ loaders, item }) => new GrantNode(loaders, item)),
  });
}

/** What a site holds that is not configured here is not known here: it is not none. */
function unknownSite(siteId: SiteId): Gap {
  return {
    missing: `grants of site ${siteId}`,
    kind: "NotVisible",
    reason: `An id of the filter is of site "${siteId}", which is not configured here.`,
    call: null,
    retryAfterMs: null,
  };
}
