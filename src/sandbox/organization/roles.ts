import type { WorldAccount } from "../world/World.js";

/** The roles that an organization gives. */
export const roleIds: readonly string[] = [
  "atlassian/user",
  "atlassian/admin",
  "atlassian/guest",
  "atlassian/user-access-admin",
  "atlassian/org-admin",
  "atlassian/site-admin",
];

/** An account with other roles: a guest is who has the guest's role and no licence. */
export function giveRoles(account: WorldAccount, roles: readonly string[]): WorldAccount {
  const isLicensed = roles.includes("atlassian/user") || roles.includes("atlassian/admin");
  const isGuest = roles.includes("atlassian/guest") && !isLicensed;
  const { isExternalCollaborator, ...rest } = account;
  return {
    ...rest,
    ...(isGuest || isExternalCollaborator !== undefined ? { isExternalCollaborator: isGuest } : {}),
    productRoles: [...new Set(roles)],
  };
}
