import type { WorldAccount } from "../../world/World.js";

const licensingRoles: ReadonlySet<string> = new Set(["atlassian/user", "atlassian/admin"]);

/**
 * Whether a person can use the site, as a licensed user or as a guest. Where the world names no product roles, an active
 * person has a licence.
 */
export function hasSiteAccess(account: WorldAccount): boolean {
  if (account.accountType !== "atlassian" || account.accountStatus !== "active") return false;
  if ((account.orgStatus ?? "active") !== "active") return false;
  if (account.isExternalCollaborator === true) return true;
  return account.productRoles === undefined || account.productRoles.some((role) => licensingRoles.has(role));
}
