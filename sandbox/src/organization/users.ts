import { Refusal, type Reply } from "../http/service.js";
import type { UntoldField, WorldAccount } from "../world/World.js";
import { addedToOrganization } from "./directory.js";
import {
  adminErrorBody,
  type FilterRules,
  type Filters,
  findUser,
  listKeyOf,
  type OrganizationCall,
  type OrganizationRoutes,
  pageOrganization,
  readBodyFilters,
  readQueryFilters,
} from "./requests.js";

const users = "/admin/v2/orgs/{orgId}/directories/{directoryId}/users";

/** Many users at once, when one was last active, and who is in. */
export const userRoutes: OrganizationRoutes = {
  [`POST ${users}/search`]: (call) => search(call, readBodyFilters(call, userFilters)),
  // Deprecated (it ends on 2027-06-30); it takes the same filters.
  [`GET ${users}`]: (call) => search(call, readQueryFilters(call, userFilters)),
  "GET /admin/v1/orgs/{orgId}/directory/users/{accountId}/last-active-dates": tellLastActive,
  [`POST ${users}/{accountId}/suspend`]: suspend,
  [`POST ${users}/{accountId}/restore`]: restore,
  [`DELETE ${users}/{accountId}`]: remove,
};

const userFilters: FilterRules = {
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

/** A user as the organization shows it. Roles, products, counts and groups come only where they are expanded. */
function mapOrganizationUser(
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

/** One call an account, and only so many a minute. In the real organization it lags up to a day; here it does not. */
function tellLastActive(call: OrganizationCall): Reply {
  const waitSeconds = call.lastActive.take(call.now);
  if (waitSeconds > 0) {
    const body = adminErrorBody(429, "Too many calls for last-active dates in this organization.");
    return { status: 429, body, headers: { "Retry-After": String(waitSeconds) } };
  }
  const { lastActive } = findUser(call);
  const timestamp = lastActive === undefined ? undefined : new Date(lastActive).toISOString();
  const confluence = { id: call.siteResource, key: "confluence" };
  return {
    status: 200,
    body: {
      data: {
        // Empty for those who never came. This call writes names with underscores, unlike its siblings.
        product_access:
          timestamp === undefined
            ? []
            : [{ ...confluence, last_active: timestamp.slice(0, 10), last_active_timestamp: timestamp }],
        added_to_org: addedToOrganization.slice(0, 10),
        added_to_org_timestamp: addedToOrganization,
      },
      links: {},
    },
  };
}

/** What a suspension of the suspended answers is documented nowhere; a 409 is what clients find hardest. */
function suspend(call: OrganizationCall): Reply {
  const account = findUser(call);
  const status = call.directory.statusOf(account);
  if (status !== "active") throw new Refusal(409, `The user is ${status}: only active users can be suspended.`);
  call.state.accounts.put({ ...account, orgStatus: "suspended" });
  return { status: 204 };
}

function restore(call: OrganizationCall): Reply {
  const account = findUser(call);
  const status = call.directory.statusOf(account);
  if (status !== "suspended") throw new Refusal(409, `The user is ${status}: only suspended users can be restored.`);
  call.state.accounts.put({ ...account, orgStatus: "active" });
  return { status: 204 };
}

/**
 * Groups and roles survive a suspension, not this (2026-11-20, test "keeps groups and roles through a suspension and loses them
 * with a deletion").
 */
function remove(call: OrganizationCall): Reply {
  const account = findUser(call);
  if (account.orgStatus === "not_invited") throw new Refusal(404, "The user has left the organization already.");
  for (const group of call.state.groups.groupsOf(account.accountId)) {
    call.state.groups.removeMember(group.id, account.accountId);
  }
  // The account lives on, as the author of what it wrote; the organization only lets go of it.
  call.state.accounts.put({
    ...account,
    orgStatus: "not_invited",
    productRoles: [],
    ...(account.isExternalCollaborator === undefined ? {} : { isExternalCollaborator: false }),
  });
  return { status: 204 };
}
