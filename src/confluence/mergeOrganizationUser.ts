import type { Account } from "../domain/Account.js";
import type { OrganizationUser } from "../domain/OrganizationUser.js";

/**
 * What Confluence says of an account, completed by the organization. Where they disagree about the status, the one that
 * says "not active" wins: a suspension often shows in one of them only (access rule 2).
 */
export function mergeOrganizationUser(account: Account, user: OrganizationUser, siteResource: string): Account {
  return {
    ...account,
    ...statusOf(account, user),
    email: account.email ?? user.email,
    isLicensed: user.resources.includes(siteResource),
    isManaged: user.isManaged,
    roles: user.roles,
    jobTitle: user.jobTitle,
    department: user.department,
  };
}

function statusOf(account: Account, user: OrganizationUser): Partial<Account> {
  const isConfluenceSure = account.status !== "ACTIVE" && account.status !== "UNKNOWN";
  if (isConfluenceSure || user.status === null) return {};
  if (user.status === "ACTIVE" && account.status === "ACTIVE") return {};
  return { status: user.status, statusSource: "ORGANIZATION", reportedStatus: user.reportedStatus };
}
