import type { AccountStatus, OrganizationRole, Told } from "../../domain/Account.js";
import type { AccountId } from "../../domain/ids.js";
import type { OrganizationUser } from "../../domain/Organization.js";
import type { OrganizationUserWire } from "./wire/organizationUserWire.js";

/** A row of the organization's user search. */
export function mapOrganizationUser(user: OrganizationUserWire): OrganizationUser {
  return {
    accountId: user.accountId as AccountId,
    email: textOrNull(user.email),
    ...statusOf(user),
    isMember: user.membershipStatus ? user.membershipStatus !== "no_membership" : user.status !== "not_invited",
    isManaged: user.claimStatus === "managed" ? true : user.claimStatus === "unmanaged" ? false : null,
    roles: told(user.platformRoles, roleOf),
    resources: told(user.productAccess, ({ id }) => textOrNull(id)),
    jobTitle: textOrNull(user.jobTitle),
    department: textOrNull(user.department),
  };
}

/**
 * Three fields speak of one thing; whichever says "not active" wins. `not_invited` says nothing about the account itself:
 * it has no product of the organization yet, and Confluence knows whether it is active.
 */
function statusOf(user: OrganizationUserWire): { status: AccountStatus | null; reportedStatus: string | null } {
  const said = (status: AccountStatus, reportedStatus: string | null | undefined) => ({
    status,
    reportedStatus: reportedStatus ?? null,
  });
  if (user.accountStatus === "closed") return said("CLOSED", user.accountStatus);
  if (user.status === "suspended") return said("SUSPENDED", user.status);
  if (user.membershipStatus === "suspended") return said("SUSPENDED", user.membershipStatus);
  if (user.status === "deactivated" || user.status === "for_deletion") return said("DEACTIVATED", user.status);
  if (user.accountStatus === "inactive") return said("INACTIVE", user.accountStatus);
  if (user.status === "active" || user.accountStatus === "active")
    return said("ACTIVE", user.status ?? user.accountStatus);
  return { status: null, reportedStatus: textOrNull(user.status) };
}

/** A list that is left out, or that holds an entry which does not say what it is, is not told whole. */
function told<Row, T>(rows: readonly Row[] | null | undefined, read: (row: Row) => T | null): Told<T> {
  const items = (rows ?? []).flatMap((row) => read(row) ?? []);
  return { items, isWhole: rows !== null && rows !== undefined && items.length === rows.length };
}

function roleOf(role: string | Readonly<Record<string, unknown>>): OrganizationRole | null {
  if (typeof role === "string") return role === "" ? null : { name: role, resource: null };
  const name = firstText(role.role, role.id, role.key, role.name);
  const { resource } = role;
  const owner = typeof resource === "object" && resource !== null && "id" in resource ? resource.id : resource;
  return name === null ? null : { name, resource: firstText(owner, role.resourceId) };
}

function firstText(...values: readonly unknown[]): string | null {
  return values.find((value): value is string => typeof value === "string" && value !== "") ?? null;
}

function textOrNull(text: string | null | undefined): string | null {
  return text === undefined || text === "" ? null : text;
}
