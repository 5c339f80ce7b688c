import type { ConfluenceSite } from "../../confluence/port.js";
import type { GroupId, RoleId, SiteId, SpaceId } from "../../domain/ids.js";
import type { Principal } from "../../domain/Principal.js";
import { readGlobalId } from "../ids/readGlobalId.js";
import type { GrantFilter } from "../inputs/GrantFilter.js";
import { EntitlementKind, PrincipalKind } from "../types/enums.js";

/** A grant filter for one site: ids read, sets made. `null` means "any". */
export interface GrantQuery {
  readonly principals: readonly Principal[] | null;
  readonly principalKinds: readonly string[] | null;
  readonly spaceIds: readonly SpaceId[] | null;
  readonly groupIds: readonly GroupId[] | null;
  readonly roleIds: ReadonlySet<RoleId> | null;
  /** In lower case, as grants are compared with them. */
  readonly operations: readonly string[] | null;
  readonly targets: readonly string[] | null;
  /** Membership of an account. */
  readonly mayBeMembership: boolean;
  /** Membership of a group, where groups hold groups. */
  readonly mayBeNesting: boolean;
  /** A permission on the site as a whole. */
  readonly mayBeSiteWide: boolean;
  readonly mayBePermission: boolean;
  readonly mayBeRole: boolean;
}

/** Reads the ids of a filter and keeps those of one site. Throws `BAD_USER_INPUT` for an id of another type. */
export function compileGrantFilter(
  { siteId, names }: Pick<ConfluenceSite, "siteId" | "names">,
  filter: GrantFilter | null | undefined,
): GrantQuery {
  const ids = <T>(texts: readonly string[] | null | undefined, read: (text: string) => T & { siteId: SiteId }) =>
    texts?.map(read).filter((id) => id.siteId === siteId) ?? null;
  const principals = ids(filter?.principals, readPrincipalId);
  const spaces = ids(filter?.spaces, (text) => readGlobalId(text, "spaces", ["Space"]));
  const groups = ids(filter?.groups, (text) => readGlobalId(text, "groups", ["Group"]));
  const roles = ids(filter?.roles, (text) => readGlobalId(text, "roles", ["SpaceRole"]));
  const may = (kind: string) => filter?.entitlements?.includes(kind) ?? true;
  const namesResource = spaces !== null || groups !== null;
  const asksForPermission = filter?.operations != null || filter?.targets != null;
  const mayHold = (kind: string) => filter?.principalKinds?.includes(kind) ?? true;
  const mayJoin =
    may(EntitlementKind.GROUP_MEMBERSHIP) &&
    !asksForPermission &&
    roles === null &&
    (!namesResource || groups !== null);
  return {
    principals: principals?.map((id) => names.principal(principalNamed(id))) ?? null,
    principalKinds: filter?.principalKinds ?? null,
    spaceIds: spaces?.map((id) => id.spaceId) ?? null,
    groupIds: groups?.map((id) => names.groupId(id.groupId)) ?? null,
    roleIds: roles === null ? null : new Set(roles.map((id) => id.roleId)),
    operations: filter?.operations?.map((operation) => operation.toLowerCase()) ?? null,
    targets: filter?.targets?.map((target) => target.toLowerCase()) ?? null,
    mayBeMembership: mayJoin && mayHold(PrincipalKind.ACCOUNT),
    mayBeNesting: mayJoin && mayHold(PrincipalKind.GROUP),
    mayBeSiteWide: may(EntitlementKind.SITE_PERMISSION) && roles === null && !namesResource,
    mayBePermission: may(EntitlementKind.SPACE_PERMISSION) && roles === null && (!namesResource || spaces !== null),
    mayBeRole: may(EntitlementKind.SPACE_ROLE) && (!namesResource || spaces !== null),
  };
}

/** The sites that the ids of a filter name, each once. Throws `BAD_USER_INPUT` for an id of another type. */
export function sitesNamedIn(filter: GrantFilter | null | undefined): ReadonlySet<SiteId> {
  const ids = [
    ...(filter?.principals?.map(readPrincipalId) ?? []),
    ...(filter?.spaces?.map((text) => readGlobalId(text, "spaces", ["Space"])) ?? []),
    ...(filter?.groups?.map((text) => readGlobalId(text, "groups", ["Group"])) ?? []),
    ...(filter?.roles?.map((text) => readGlobalId(text, "roles", ["SpaceRole"])) ?? []),
  ];
  return new Set(ids.map(({ siteId }) => siteId));
}

function principalNamed(id: ReturnType<typeof readPrincipalId>): Principal {
  switch (id.type) {
    case "Account":
      return { kind: "account", accountId: id.accountId };
    case "Group":
      return { kind: "group", groupId: id.groupId };
    case "AccessClass":
      return { kind: "accessClass", classId: id.classId, reportedType: id.reportedType };
  }
}

function readPrincipalId(text: string) {
  return readGlobalId(text, "principals", ["Account", "Group", "AccessClass"]);
}
