import type { UntoldField, WorldAccount } from "../world/World.js";
import type { OrganizationCall } from "./OrganizationCall.js";
import { addedToOrganization } from "./OrganizationDirectory.js";

/** A user as the organization shows it. Roles, products, counts and groups come only where they are expanded. */
export function mapOrganizationUser(
  { state, directory, siteResource }: OrganizationCall,
  account: WorldAccount,
  expand: ReadonlySet<string>,
): unknown {
  const isTold = (field: UntoldField) => !account.untold?.includes(field);
  const email = isTold("email") ? directory.emailOf(account) : null;
  const hasProduct = directory.hasProduct(account);
  return {
    accountId: account.accountId,
    accountType: account.accountType,
    status: directory.statusOf(account),
    accountStatus: directory.accountStatusOf(account),
    membershipStatus: directory.membershipStatusOf(account),
    addedToOrg: addedToOrganization,
    name: account.displayName,
    nickname: account.displayName,
    email,
    emailVerified: email !== null,
    claimStatus: account.managed === true ? "managed" : "unmanaged",
    mfaEnabled: false,
    jobTitle: null,
    department: account.department ?? null,
    organization: null,
    location: null,
    timeZone: null,
    ...(expand.has("platformRoles") && isTold("platformRoles")
      ? { platformRoles: showRoles(account, directory.rolesOf(account), siteResource) }
      : {}),
    ...(expand.has("counts.resources") ? { counts: { resources: hasProduct ? 1 : 0 } } : {}),
    ...(expand.has("productAccess") && isTold("productAccess")
      ? { productAccess: hasProduct ? [productAccess(account, siteResource)] : [] }
      : {}),
    ...(expand.has("groups")
      ? { groups: state.groups.groupsOf(account.accountId).map(({ id, name }) => ({ id, name })) }
      : {}),
  };
}

function productAccess({ lastActive }: WorldAccount, id: string): unknown {
  return {
    key: "confluence",
    id,
    ...(lastActive === undefined ? {} : { lastActiveTimestamp: new Date(lastActive).toISOString() }),
  };
}

/** Names alone, as long as they all are about this site or the organization as a whole. */
function showRoles({ rolesElsewhere }: WorldAccount, roles: readonly string[], resource: string): readonly unknown[] {
  if (rolesElsewhere === undefined) return roles;
  return [...roles.map((role) => (isOfOrganization(role) ? { role } : { role, resource })), ...rolesElsewhere];
}

function isOfOrganization(role: string): boolean {
  return role === "atlassian/org-admin";
}
