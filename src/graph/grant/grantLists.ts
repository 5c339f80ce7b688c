import type { GraphQLResolveInfo } from "graphql";
import { type Complete, type Gap, knownEmpty, mergeTrust, type Trust } from "../../domain/Complete.js";
import { type Grant, principalOf } from "../../domain/Grant.js";
import type { SiteId } from "../../domain/ids.js";
import { type Principal, principalKey } from "../../domain/Principal.js";
import { outcomeOf } from "../../domain/SiteError.js";
import { compareText } from "../../domain/textOrder.js";
import { LastMade } from "../../loaders/engine/KeptThings.js";
import { onlyOne } from "../../loaders/engine/LoaderDeclaration.js";
import type { SiteLoaders } from "../../loaders/engine/SiteLoaders.js";
import { globalGrants } from "../../loaders/grants.js";
import { readSpaceGrants } from "../../readings/grants.js";
import { readSpaceGrantsOfPrincipal } from "../../readings/lists/holders.js";
import { readAllMemberships } from "../../readings/lists/memberships.js";
import { Joined, type ListReading, type Parts, type Sequence } from "../../readings/lists/Sequence.js";
import { readAllSpaceGrants } from "../../readings/lists/spaceGrants.js";
import {
  readMembershipsOfAccount,
  readMembershipsOfGroup,
  readMembershipsOfGroups,
  type WantedMembers,
} from "../../readings/memberships.js";
import { ReadingParts } from "../../readings/ReadingParts.js";
import { type FilteredList, loadPage, type OfSite, type PageAnswer, readAcrossSites } from "../paging/loadPage.js";
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
import { filterName, keepMatchingGrants, keepMatchingParts } from "./grantMatching.js";
import { readPrincipals } from "./readPrincipals.js";

/** The grants of a site that a query asks for, ordered by grant key, read with no more calls than the query needs. */
async function readFilteredGrants(loaders: SiteLoaders, query: GrantQuery): Promise<ListReading<Grant>> {
  if (query.principals === null && query.groupIds === null && query.spaceIds === null) {
    return readFromAll(loaders, query);
  }
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

/**
 * From all grants of the site: parts that stand in order one behind the other. They are kept from request to request, and with
 * them what of them fits which filter, so that a page costs what it holds.
 */
async function readFromAll(loaders: SiteLoaders, query: GrantQuery): Promise<ListReading<Grant>> {
  const wanted = wantedMembers(loaders, query);
  const isOfSpaces = query.mayBePermission || query.mayBeRole;
  const isSiteWide = mayBeSiteWide(loaders, query);
  const [memberships, spaces, siteWide] = await Promise.all([
    wanted === null ? null : outcomeOf(readAllMemberships(loaders, wanted)),
    isOfSpaces ? outcomeOf(readAllSpaceGrants(loaders)) : null,
    isSiteWide ? outcomeOf(readSiteWide(loaders)) : null,
  ]);
  const parts = new ReadingParts(loaders.store.clock.now());
  const ofGroups = take(parts, "group memberships", memberships);
  const ofSpaces = take(parts, "what spaces grant", spaces);
  const ofSite = siteWide === null ? [] : parts.take("permissions on the site as a whole", siteWide);
  parts.finish([]);
  const { accounts, groups } = ofGroups ?? { accounts: none, groups: none };
  const fittingOnSite = await keepMatchingGrants(loaders, query, { ...parts.trust, items: ofSite });
  const fitting = await keepMatchingParts(loaders, query, ofSpaces?.parts ?? none);
  const kept = loaders.store.kept.of(`grants ${filterName(query)}`, () => new LastMade<Sequence<Grant>>());
  // In the order of the keys of grants: `global`, `group`, `nesting`, `space`.
  const siteGrants = [...fittingOnSite.items].sort((left, right) => compareText(left.key, right.key));
  const ofParts = kept.get(
    [accounts, groups, fitting.parts],
    () => new Joined<Grant>([...accounts, ...groups, ...fitting.parts]),
  );
  const items = siteGrants.length === 0 ? ofParts : new Joined<Grant>([siteGrants, ofParts]);
  return { ...mergeTrust([fittingOnSite, fitting], loaders.store.clock.now()), items };
}

const none: Parts<never> = [];

/** A reading whose trust counts; `null` where it was not wanted or failed. */
function take<R extends Trust>(parts: ReadingParts, missing: string, reading: R | Error | null): R | null {
  if (reading instanceof Error) parts.miss(missing, reading);
  else if (reading !== null) parts.restOn(reading);
  return reading instanceof Error ? null : reading;
}

interface Reading {
  /** What is missing when it fails. */
  readonly what: string;
  readonly reading: Promise<Complete<Grant>>;
}

/** Whose memberships a query asks for; `null` where nobody's. */
function wantedMembers(loaders: SiteLoaders, query: GrantQuery): WantedMembers | null {
  const groups = query.mayBeNesting && loaders.store.site.groups.childrenOf !== null;
  return query.mayBeMembership || groups ? { accounts: query.mayBeMembership, groups } : null;
}

function membershipReadings(loaders: SiteLoaders, query: GrantQuery): Reading[] {
  const wanted = wantedMembers(loaders, query);
  if (wanted === null) return [];
  if (query.groupIds !== null) {
    const reading = readMembershipsOfGroups(loaders, query.groupIds, wanted);
    return [{ what: "memberships of the groups asked for", reading }];
  }
  return (query.principals ?? []).flatMap((principal) => {
    const what = `groups of ${nameOf(principal)}`;
    if (principal.kind === "account" && query.mayBeMembership) {
      return [{ what, reading: readMembershipsOfAccount(loaders, principal.accountId) }];
    }
    return principal.kind === "group" && wanted.groups
      ? [{ what, reading: readMembershipsOfGroup(loaders, principal.groupId) }]
      : [];
  });
}

function mayBeSiteWide(loaders: SiteLoaders, query: GrantQuery): boolean {
  return query.mayBeSiteWide && loaders.store.site.globalGrants !== null;
}

function siteWideReadings(loaders: SiteLoaders, query: GrantQuery): Reading[] {
  if (!mayBeSiteWide(loaders, query)) return [];
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
  return (query.principals ?? []).map((principal) => ({
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
  /** Of a field whose grants are held by many: they are read together then. */
  readonly info?: GraphQLResolveInfo;
}

/** The grants of some sites that fit a filter within a scope, ordered by grant key within a site. */
export async function readGrantList(
  context: GraphContext,
  sites: readonly SiteLoaders[],
  { filter, scope }: Pick<GrantList, "filter" | "scope">,
): Promise<ListReading<OfSite<Grant>>> {
  const read = (loaders: SiteLoaders) => {
    const query = compileGrantFilter(loaders.store.site, filter);
    return readFilteredGrants(loaders, narrowGrantQuery(query, scope));
  };
  return checkedBy(context, sites, filter, await readAcrossSites(sites, "grants", read));
}

/** A reading in the light of its filter: what that names and nobody knows is refused, or is a gap. */
export function checkedBy<R extends Trust>(
  context: GraphContext,
  sites: readonly SiteLoaders[],
  filter: GrantFilter | null | undefined,
  reading: R,
): R {
  const grants = checkOperations(sites, filter, reading);
  const gaps = [...sitesNamedIn(filter)].filter((siteId) => !context.sites.has(siteId)).map(unknownSite);
  return gaps.length === 0 ? grants : { ...grants, gaps: [...grants.gaps, ...gaps] };
}

/** A page of the grants of some sites that fit a filter within a scope. */
export function loadGrantPage(
  context: GraphContext,
  sites: readonly SiteLoaders[],
  request: GrantList,
): PageAnswer<GrantNode> {
  const { info } = request;
  const nodes = (items: readonly OfSite<Grant>[]) => items.map(({ loaders, item }) => new GrantNode(loaders, item));
  return loadPage(context, {
    list: [...request.list, request.filter ?? null],
    page: request.page,
    withheld: request.withheld,
    missing: request.missing,
    read: () => readGrantList(context, sites, request),
    orderKeyOf: ({ item }) => `${item.siteId}\u0000${item.key}`,
    nodesOf: (items) => {
      const reading = info && readPrincipals(items, info);
      return reading === undefined ? nodes(items) : reading.then(() => nodes(items));
    },
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
