import { inTurn } from "../../callers/Turns.js";
import type { Complete, Trust } from "../../domain/Complete.js";
import { type Grant, principalOf, type StoredSpaceGrant } from "../../domain/Grant.js";
import type { RoleId } from "../../domain/ids.js";
import type { Operation } from "../../domain/Operation.js";
import { SiteError } from "../../domain/SiteError.js";
import { LastMade } from "../../loaders/engine/KeptThings.js";
import { onlyOne } from "../../loaders/engine/LoaderDeclaration.js";
import type { SiteLoaders } from "../../loaders/engine/SiteLoaders.js";
import { roleList } from "../../loaders/site.js";
import { readRoleDefinition } from "../../readings/grants.js";
import type { PartedReading, Parts } from "../../readings/lists/Sequence.js";
import { ReadingParts } from "../../readings/ReadingParts.js";
import { isOneOf } from "../paging/loadPage.js";
import { PrincipalKind } from "../schema/enums.js";
import type { GrantQuery } from "./grantFilter.js";

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
  const roles = loaders.of(roleList);
  if (roles.known(onlyOne) !== undefined) parts.restOn(roles.trustOf(onlyOne, loaders.store.clock.now()));
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

/** Names what of a query is about what grants are: two queries of one name keep the same. */
export function filterName(query: GrantQuery): string {
  const { principals: _principals, spaceIds: _spaces, groupIds: _groups, roleIds, ...kinds } = query;
  return JSON.stringify([kinds, roleIds === null ? null : [...roleIds].sort()]);
}

/** Whether everything that spaces grant fits, so that nothing has to be looked through. */
function takesAll(query: GrantQuery): boolean {
  const { mayBePermission, mayBeRole, roleIds, principalKinds, operations, targets } = query;
  return (
    mayBePermission && mayBeRole && [roleIds, principalKinds, operations, targets].every((wanted) => wanted === null)
  );
}

/**
 * The same of all that spaces grant, a part a space. What of a part fits is kept with the part; only parts that are new are
 * looked through, a few at a time.
 */
export async function keepMatchingParts(
  loaders: SiteLoaders,
  query: GrantQuery,
  parts: Parts<StoredSpaceGrant>,
): Promise<PartedReading<StoredSpaceGrant>> {
  const reading = new ReadingParts(loaders.store.clock.now());
  if (takesAll(query)) return { ...reading.trust, parts };
  const kept = loaders.store.kept.of(`parts that fit ${filterName(query)}`, () => new FittingParts(query));
  const { fitting, roleIds } = await kept.candidatesOf(parts);
  if (roleIds.size === 0) return { ...trustOf(loaders, reading, query), parts: fitting };
  const fittingRoles = new Set<RoleId>();
  for (const roleId of roleIds) {
    const role = await readRoleDefinition(loaders, roleId);
    if (role instanceof SiteError) reading.miss(`whether grants of role ${roleId} fit the filter`, role);
    else if (role.permissions.some((permission) => fitsOperation(permission, query))) fittingRoles.add(roleId);
  }
  const decided = await kept.withRoles(fitting, fittingRoles);
  return { ...trustOf(loaders, reading, query), parts: decided };
}

/** How old the definitions of roles are counts wherever they could have told something. */
function trustOf(loaders: SiteLoaders, reading: ReadingParts, query: GrantQuery): Trust {
  const roles = loaders.of(roleList);
  const asksForOperations = query.operations !== null || query.targets !== null;
  if (asksForOperations && roles.known(onlyOne) !== undefined)
    reading.restOn(roles.trustOf(onlyOne, loaders.store.clock.now()));
  return reading.trust;
}

interface Candidates {
  readonly fitting: Parts<StoredSpaceGrant>;
  /** Roles whose definitions say whether their assignments fit. */
  readonly roleIds: ReadonlySet<RoleId>;
}

/** Parts that are looked through in one piece of work. */
const partsAtOnce = 64;

/** What of all parts fits one query, kept as long as the parts stay. */
class FittingParts {
  readonly #query: GrantQuery;
  readonly #candidates = new LastMade<Promise<Candidates>>();
  readonly #decided = new LastMade<Promise<Parts<StoredSpaceGrant>>>();
  /** By the part: so that one space that changes costs its own grants alone. */
  readonly #ofPart = new WeakMap<readonly StoredSpaceGrant[], readonly StoredSpaceGrant[]>();

  constructor(query: GrantQuery) {
    this.#query = query;
  }

  candidatesOf(parts: Parts<StoredSpaceGrant>): Promise<Candidates> {
    return this.#candidates.get([parts], async () => {
      const roleIds = new Set<RoleId>();
      const asksForOperations = this.#query.operations !== null || this.#query.targets !== null;
      const fitting = await mapSome(parts, (part) => {
        const found = this.#candidatesIn(part);
        if (asksForOperations) for (const grant of found) if (grant.kind === "role") roleIds.add(grant.roleId);
        return found;
      });
      return { fitting, roleIds };
    });
  }

  withRoles(candidates: Parts<StoredSpaceGrant>, roleIds: ReadonlySet<RoleId>): Promise<Parts<StoredSpaceGrant>> {
    const fits = (grant: StoredSpaceGrant) => grant.kind !== "role" || roleIds.has(grant.roleId);
    return this.#decided.get([candidates, [...roleIds].sort().join()], () =>
      mapSome(candidates, (part) => (part.every(fits) ? part : part.filter(fits))),
    );
  }

  #candidatesIn(part: readonly StoredSpaceGrant[]): readonly StoredSpaceGrant[] {
    const known = this.#ofPart.get(part);
    if (known !== undefined) return known;
    const isCandidate = (grant: StoredSpaceGrant) =>
      fitsKind(grant, this.#query) &&
      fitsPrincipal(grant, this.#query) &&
      (grant.kind === "role" || fitsOperation(grant.operation, this.#query));
    const found = part.every(isCandidate) ? part : part.filter(isCandidate);
    this.#ofPart.set(part, found);
    return found;
  }
}

async function mapSome<T, R>(items: readonly T[], map: (item: T) => R): Promise<readonly R[]> {
  const mapped: R[] = [];
  for (let start = 0; start < items.length; start += partsAtOnce) {
    await inTurn(() => {
      for (const item of items.slice(start, start + partsAtOnce)) mapped.push(map(item));
    });
  }
  return mapped;
}
