import type { Reply } from "../http/Reply.js";
import type { WorldAccount } from "../world/World.js";
import { mapOrganizationUser } from "./mapOrganizationUser.js";
import type { OrganizationCall, OrganizationRoutes } from "./OrganizationCall.js";
import { listKeyOf, pageOrganization } from "./pageOrganization.js";
import { type FilterRules, type Filters, readBodyFilters, readQueryFilters } from "./readFilters.js";

const rules: FilterRules = {
  accountIds: null,
  groupIds: null,
  resourceIds: null,
  roleIds: null,
  emails: null,
  status: ["active", "suspended", "not_invited", "deactivated", "for_deletion"],
  accountStatus: ["active", "inactive", "closed"],
  membershipStatus: ["active", "suspended", "no_membership"],
  claimStatus: ["managed", "unmanaged"],
  expand: ["platformRoles", "counts.resources", "productAccess", "groups"],
};

/** Many users at once. The GET form is deprecated (it ends on 2027-06-30) and takes the same filters. */
export const userRoutes: OrganizationRoutes = {
  "POST /admin/v2/orgs/{orgId}/directories/{directoryId}/users/search": (call) =>
    search(call, readBodyFilters(call, rules)),
  "GET /admin/v2/orgs/{orgId}/directories/{directoryId}/users": (call) => search(call, readQueryFilters(call, rules)),
};

function search(call: OrganizationCall, filters: Filters): Reply {
  const name = listKeyOf("users", filters);
  const expand = new Set(filters.lists.get("expand"));
  return pageOrganization(name, filters, {
    // Memberships change without any account changing: lists that depend on them are made anew.
    rows: filters.lists.has("groupIds")
      ? select(call, filters)
      : call.directory.select(name, () => select(call, filters)),
    idOf: (account) => account.accountId,
    show: (account) => mapOrganizationUser(call, account, expand),
  });
}

/** Values of one filter are alternatives; filters narrow each other. */
function select(call: OrganizationCall, filters: Filters): readonly WorldAccount[] {
  const { directory, siteResource } = call;
  const { lists, searchTerm } = filters;
  const term = searchTerm?.toLowerCase();
  const members = membersOf(call, lists.get("groupIds"));
  const isWanted = (name: string, value: string): boolean => lists.get(name)?.includes(value) ?? true;
  const roleIds = lists.get("roleIds");
  const isOnSite = lists.get("resourceIds")?.includes(siteResource) ?? true;
  return candidates(call, filters).filter((account) => {
    const roles = directory.rolesOf(account);
    return (
      (members?.has(account.accountId) ?? true) &&
      isOnSite &&
      (!lists.has("resourceIds") || roles.length > 0) &&
      (roleIds === undefined || roles.some((role) => roleIds.includes(role))) &&
      isWanted("status", directory.statusOf(account)) &&
      isWanted("accountStatus", directory.accountStatusOf(account)) &&
      isWanted("membershipStatus", directory.membershipStatusOf(account)) &&
      isWanted("claimStatus", account.managed === true ? "managed" : "unmanaged") &&
      (term === undefined || isNamed(call, account, term))
    );
  });
}

/** Ids and addresses are looked up instead of searched for; nothing but accounts of the organization comes back. */
function candidates({ directory }: OrganizationCall, { lists }: Filters): readonly WorldAccount[] {
  const ids = lists.get("accountIds");
  const emails = lists.get("emails");
  if (ids === undefined && emails === undefined) return directory.all();
  const byId = ids?.flatMap((id) => directory.get(id) ?? []);
  const byEmail = emails?.flatMap((email) => directory.withEmail(email));
  const found =
    byId === undefined ? byEmail : byEmail === undefined ? byId : byId.filter((account) => byEmail.includes(account));
  return [...new Set(found)].sort((a, b) => (a.accountId < b.accountId ? -1 : 1));
}

function membersOf(
  { state }: OrganizationCall,
  groupIds: readonly string[] | undefined,
): ReadonlySet<string> | undefined {
  return groupIds && new Set(groupIds.flatMap((id) => state.groups.get(id)?.members ?? []));
}

function isNamed({ directory }: OrganizationCall, account: WorldAccount, term: string): boolean {
  const email = directory.emailOf(account)?.toLowerCase() ?? "";
  return account.displayName.toLowerCase().includes(term) || email.includes(term);
}
