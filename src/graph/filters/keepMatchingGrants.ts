import type { Complete } from "../../domain/Complete.js";
import { type Grant, principalOf } from "../../domain/Grant.js";
import type { Operation } from "../../domain/Operation.js";
import { SiteError } from "../../domain/SiteError.js";
import { onlyOne } from "../../loaders/engine/LoaderDeclaration.js";
import type { SiteLoaders } from "../../loaders/engine/SiteLoaders.js";
import { roleList } from "../../loaders/roles.js";
import { readRoleDefinition } from "../../readings/grants.js";
import { ReadingParts } from "../../readings/ReadingParts.js";
import { PrincipalKind } from "../types/enums.js";
import type { GrantQuery } from "./compileGrantFilter.js";
import { isOneOf } from "./isOneOf.js";

const kindNames = {
  account: PrincipalKind.ACCOUNT,
  group: PrincipalKind.GROUP,
  accessClass: PrincipalKind.ACCESS_CLASS,
} as const;

/** Keeps the grants that fit a query. A role whose definition cannot be read may or may not fit: that is a gap. */
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
  if (rolesAsOfMs !== undefined) parts.rest({ gaps: [], asOfMs: rolesAsOfMs, assumptions: [] });
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
