import type { Account } from "../domain/Account.js";
import type { OrganizationRole } from "../domain/OrganizationRole.js";
import type { OrganizationUser } from "../domain/OrganizationUser.js";

/**
 * What Confluence says of an account, completed by the organization. Where they disagree about the status, the one that
 * says "not active" wins: a suspension often shows in one of them only (access rule 2).
 */
export function mergeOrganizationUser(account: Account, user: OrganizationUser, siteResource: string): Account {
  const { items, isWhole } = user.roles;
  return {
    ...account,
    ...statusOf(account, user),
    email: account.email ?? user.email,
    isLicensed: account.isLicensed ?? hasProduct(user, siteResource),
    isManaged: user.isManaged,
    roles: { items: items.map((role) => ({ ...role, isOnThisSite: isOn(role, siteResource) })), isWhole },
    jobTitle: user.jobTitle,
    department: user.department,
  };
}

/** Whether somebody may use a site; `null` where the organization does not say. */
export function hasProduct({ resources }: OrganizationUser, siteResource: string): boolean | null {
  if (resources.items.includes(siteResource)) return true;
  return resources.isWhole ? false : null;
}

/** A role without a resource, or on the organization, counts on each of its sites; one on a site only there. */
function isOn({ resource }: OrganizationRole, siteResource: string): boolean {
  if (resource === null || resource === siteResource || resource.startsWith("ari:cloud:platform::org/")) return true;
  const cloudId = siteResource.slice(siteResource.lastIndexOf("/") + 1);
  return resource === `ari:cloud:platform::site/${cloudId}`;
}

function statusOf(account: Account, user: OrganizationUser): Partial<Account> {
  const isConfluenceSure = account.status !== "ACTIVE" && account.status !== "UNKNOWN";
  if (isConfluenceSure || user.status === null) return {};
  if (user.status === "ACTIVE" && account.status === "ACTIVE") return {};
  return { status: user.status, statusSource: "ORGANIZATION", reportedStatus: user.reportedStatus };
}
