import type { AccountId, GroupId, RoleId, SiteId, SpaceId } from "./ids.js";
import type { Operation } from "./Operation.js";
import { type Principal, principalKey } from "./Principal.js";

/**
 * Principal × entitlement × resource, as the site stores it: a membership of a group, something a space grants, or a
 * permission on the site as a whole.
 */
export type Grant = MembershipGrant | NestingGrant | SiteWideGrant | StoredSpaceGrant;

interface GrantFacts {
  readonly siteId: SiteId;
  /** Names the grant within its site; lists of grants are ordered by it. Made by the functions below. */
  readonly key: string;
  /** When it was read, in milliseconds since the epoch. */
  readonly asOfMs: number;
}

/** That an account is a direct member of a group. */
export interface MembershipGrant extends GrantFacts {
  readonly kind: "membership";
  readonly accountId: AccountId;
  readonly groupId: GroupId;
}

/** That a group is a direct member of a group, and its members with it (Data Center). */
export interface NestingGrant extends GrantFacts {
  readonly kind: "nesting";
  readonly memberGroupId: GroupId;
  readonly groupId: GroupId;
}

/** A permission on the site as a whole (Data Center). */
export interface SiteWideGrant extends GrantFacts, GlobalGrant {
  readonly kind: "global";
}

/** A permission on the site as a whole, as Data Center has them: `use/application`, `create/space`. */
export interface GlobalGrant {
  readonly principal: Principal;
  readonly operation: Operation;
}

/** Something that a space grants. */
export type StoredSpaceGrant = SpaceGrant & GrantFacts & { readonly spaceId: SpaceId };

/** A granular row. */
export interface PermissionGrant {
  readonly kind: "permission";
  /** The id of the stored row: what a revocation names. */
  readonly permissionId: string;
  readonly principal: Principal;
  readonly operation: Operation;
}

/** One thing that a space grants, exactly as Confluence stores it. */
export type SpaceGrant =
  | PermissionGrant
  | { readonly kind: "role"; readonly principal: Principal; readonly roleId: RoleId };

/** A named bundle of permissions that a Cloud site with roles can assign in a space. */
export interface SpaceRole {
  readonly roleId: RoleId;
  readonly name: string;
  readonly description: string | null;
  /** `SYSTEM`, `CUSTOM`, or a word to come. */
  readonly reportedType: string;
  readonly permissions: readonly Operation[];
}

/** What a space grants, with where and when it was read: one shape a kind, since there are very many. */
export function storedSpaceGrant(
  siteId: SiteId,
  spaceId: SpaceId,
  grant: SpaceGrant,
  asOfMs: number,
): StoredSpaceGrant {
  const { kind, principal } = grant;
  const key = grantKey(spaceId, grant);
  if (kind === "role") return { kind, principal, roleId: grant.roleId, siteId, spaceId, key, asOfMs };
  const { permissionId, operation } = grant;
  return { kind, permissionId, principal, operation, siteId, spaceId, key, asOfMs };
}

/** Who holds a grant: the account or group of a membership, the principal of any other. */
export function principalOf(grant: Grant): Principal {
  switch (grant.kind) {
    case "membership":
      return { kind: "account", accountId: grant.accountId };
    case "nesting":
      return { kind: "group", groupId: grant.memberGroupId };
    default:
      return grant.principal;
  }
}

/** One string for one membership within its site; see `Grant.key`. */
export function membershipKey(groupId: GroupId, accountId: AccountId): string {
  return `group\u0000${groupId}\u0000${accountId}`;
}

/** One string for one group in a group within its site; see `Grant.key`. */
export function nestingKey(groupId: GroupId, memberGroupId: GroupId): string {
  return `nesting\u0000${groupId}\u0000${memberGroupId}`;
}

/** One string for one permission on the site as a whole; see `Grant.key`. */
export function globalGrantKey({ principal, operation }: GlobalGrant): string {
  return `global\u0000${operation.key}/${operation.target}\u0000${principalKey(principal)}`;
}

/** One string for one grant of a space within its site; see `Grant.key`. */
export function grantKey(spaceId: SpaceId, grant: SpaceGrant): string {
  return `space\u0000${spaceId}\u0000${spaceGrantKey(grant)}`;
}

/** One string for one grant within its space: a granular row by its id, an assignment by who holds which role. */
export function spaceGrantKey(grant: SpaceGrant): string {
  return grant.kind === "permission"
    ? `permission\u0000${grant.permissionId}`
    : `role\u0000${grant.roleId}\u0000${principalKey(grant.principal)}`;
}
