import type { GlobalGrant, SpaceGrant } from "../../../src/domain/Grant.js";
import { operationName } from "../../../src/domain/Operation.js";
import { type Principal, principalKey } from "../../../src/domain/Principal.js";
import { makeWorld, type SiteWorld, type WorldAccount } from "../../access/index/indexWorlds.js";
import { human, permission, space } from "../../support/worlds.js";
import type { Deployment } from "../deployments.js";

/** A small site in a sandbox, and what of it a reader can learn. */
export interface SandboxedSite {
  readonly deployment: Deployment;
  readonly site: SiteWorld;
}

/** A site of which a sandbox can hold everything, the same for the same seed: in turn the modes of Cloud and Data Center. */
export function makeSandboxedSite(seed: number): SandboxedSite {
  const made = withoutUnlisted(makeWorld(seed));
  return made.kind === "DATA_CENTER" ? onDataCenter(made, seed) : onCloud(made, seed);
}

function onCloud(made: SiteWorld, seed: number): SandboxedSite {
  // Sites with roles and without, each with an organization and without.
  const hasOrganization = seed % 8 < 4;
  const site = withoutLoose({
    ...made,
    accounts: made.accounts.map((account) => (hasOrganization ? toldByOrganization(account) : toldBySite(account))),
    spaces: made.spaces.map((each) => ({ ...each, status: each.status === "UNKNOWN" ? "CURRENT" : each.status })),
  });
  const world = {
    cloud: {
      cloudId: "11111111-2222-3333-4444-555555555555",
      mode: site.model,
      accounts: site.accounts.map((account) => cloudAccount(account, hasOrganization)),
      groups: site.groups
        .filter(({ isGone }) => !isGone)
        .map(({ groupId, members }) => ({
          id: groupId,
          name: groupId,
          ...(site.adminGroups.includes(groupId) && { accessType: "admin" }),
          members,
        })),
      roles: site.roles.map(({ roleId, name, permissions }) => ({
        id: roleId,
        type: "CUSTOM",
        name,
        description: "",
        spacePermissions: permissions.map(operationName),
      })),
      spaces: site.spaces.map(({ spaceId, status, grants }) => ({
        ...space(Number(spaceId)),
        id: spaceId,
        authorId: "ann",
        status: status.toLowerCase(),
        permissions: grants.flatMap((grant) =>
          grant.kind === "role" ? [] : [permission(...cloudHolder(grant.principal), operationName(grant.operation))],
        ),
        roleAssignments: grants.flatMap((grant) => {
          if (grant.kind !== "role" || site.model === "PRE_ROLES") return [];
          const [type, principalId] = cloudHolder(grant.principal);
          const principalType = type.toUpperCase().replace("-", "_");
          return [{ principal: { principalType, principalId }, roleId: grant.roleId }];
        }),
      })),
    },
  };
  const organization = hasOrganization ? "organization" : "none";
  return {
    site,
    deployment: { name: `cloud ${site.model} ${organization}`, world, credential: "api-token", organization },
  };
}

/** What only an organization knows is not known; who is out is inactive to the site itself. */
function toldBySite(account: WorldAccount): WorldAccount {
  const status = account.status === "SUSPENDED" ? "INACTIVE" : account.status;
  return { ...account, status, isLicensed: account.kind === "GUEST" ? false : null, hasAdminRole: null };
}

/** The organization tells everything of people, and knows nobody else; who administers the site has a licence. */
function toldByOrganization(account: WorldAccount): WorldAccount {
  if (account.kind === "APP" || account.kind === "CUSTOMER") return toldBySite(account);
  const kind = account.kind === "UNKNOWN" ? "HUMAN" : account.kind;
  const hasAdminRole = kind === "HUMAN" && account.hasAdminRole === true;
  return {
    ...account,
    kind,
    status: account.status === "UNKNOWN" ? "ACTIVE" : account.status,
    isLicensed: kind === "HUMAN" && (hasAdminRole || account.isLicensed !== false),
    hasAdminRole,
  };
}

function cloudAccount(account: WorldAccount, hasOrganization: boolean): Record<string, unknown> {
  const { accountId, kind, status, isLicensed, hasAdminRole } = account;
  const types: Partial<Record<string, string>> = { APP: "app", CUSTOMER: "customer", UNKNOWN: "unknown" };
  const roles = [
    ...(isLicensed === true ? ["atlassian/user"] : []),
    ...(hasAdminRole === true ? ["atlassian/admin"] : []),
    ...(kind === "GUEST" ? ["atlassian/guest"] : []),
  ];
  return {
    ...human(1),
    accountId,
    displayName: `Person ${accountId}`,
    email: `${accountId}@example.com`,
    accountType: types[kind] ?? "atlassian",
    accountStatus: status === "INACTIVE" || status === "UNKNOWN" ? status.toLowerCase() : "active",
    ...(kind === "GUEST" && { isExternalCollaborator: true }),
    ...(hasOrganization && {
      managed: true,
      productRoles: roles,
      orgStatus: status === "SUSPENDED" ? "suspended" : "active",
    }),
  };
}

function cloudHolder(principal: Principal): ["user" | "group" | "access-class", string] {
  if (principal.kind === "account") return ["user", principal.accountId];
  return principal.kind === "group" ? ["group", principal.groupId] : ["access-class", principal.classId];
}

/** Classes that Data Center has. */
const dataCenterClasses = new Map([
  ["anonymous-users", "anonymous"],
  ["unlicensed", "unlicensed"],
]);
/** Signs in, and is asked nothing about. */
const administrator = "the administrator";

function onDataCenter(made: SiteWorld, seed: number): SandboxedSite {
  const isHeld = ({ principal }: SpaceGrant | GlobalGrant) =>
    principal.kind !== "accessClass" || dataCenterClasses.has(principal.classId);
  const site = withoutLoose({
    ...made,
    accounts: made.accounts.map(({ accountId, status }) => ({
      accountId,
      kind: "HUMAN",
      status: status === "SUSPENDED" ? "DEACTIVATED" : "ACTIVE",
      isLicensed: null,
      hasAdminRole: null,
    })),
    globals: made.globals && distinct(made.globals.filter(isHeld)),
    spaces: made.spaces.map((each) => ({
      ...each,
      status: each.status === "ARCHIVED" ? "ARCHIVED" : "CURRENT",
      grants: distinct(each.grants.filter(isHeld).flatMap((grant) => (grant.kind === "permission" ? [grant] : []))),
    })),
  });
  const username = (accountId: string) => `user-${accountId}`;
  const user = (userKey: string, status: string) => ({
    userKey,
    username: username(userKey.replaceAll(" ", "-")),
    displayName: userKey,
    email: `${userKey.replaceAll(" ", "-")}@example.com`,
    status,
  });
  const rows = (grants: readonly GlobalGrant[]) =>
    grants.map(({ principal, operation: { key, target } }) => ({
      subject: dataCenterSubject(principal),
      operation: { operationKey: key, targetType: target },
    }));
  const world = {
    dataCenter: {
      version: site.globals === null ? "9.2.0" : ["9.4.0", "10.2.0"][(seed >> 3) % 2],
      contextPath: "/confluence",
      users: [
        user(administrator, "current"),
        ...site.accounts.map(({ accountId, status }) =>
          user(accountId, status === "ACTIVE" ? "current" : "deactivated"),
        ),
      ],
      groups: [
        { name: "administrators", members: [username(administrator.replaceAll(" ", "-"))] },
        ...site.groups
          .filter(({ isGone }) => !isGone)
          .map(({ groupId, members, children }) => ({
            name: groupId,
            members: members.map(username),
            groups: children,
          })),
      ],
      spaces: site.spaces.map(({ spaceId, status, grants }) => ({
        id: Number(spaceId),
        key: `S${spaceId}`,
        name: `Space ${spaceId}`,
        type: "global",
        status: status.toLowerCase(),
        permissions: rows(grants.flatMap((grant) => (grant.kind === "permission" ? [grant] : []))),
      })),
      globalPermissions: rows(site.globals ?? []),
      administrators: ["administrators"],
    },
  };
  const deployment: Deployment = {
    name: `datacenter ${world.dataCenter.version}`,
    world,
    credential: "personal-access-token",
    organization: "none",
  };
  return { site, deployment };
}

function dataCenterSubject(principal: Principal): Record<string, unknown> {
  if (principal.kind === "account") return { type: "user", userKey: principal.accountId };
  if (principal.kind === "group") return { type: "group", name: principal.groupId };
  return { type: dataCenterClasses.get(principal.classId) };
}

/** Data Center has no two equal rows. */
function distinct<G extends GlobalGrant>(grants: readonly G[]): G[] {
  const keyOf = ({ principal, operation }: G) => `${principalKey(principal)} ${operationName(operation)}`;
  return [...new Map(grants.map((grant) => [keyOf(grant), grant])).values()];
}

/** No list of a Cloud site tells apps and the like whom nothing names: they are people here. */
function withoutUnlisted(site: SiteWorld): SiteWorld {
  const holders = site.spaces.flatMap(({ grants }) => grants.map(({ principal }) => principal));
  const named = new Set<string>([
    ...site.groups.flatMap(({ members }) => members),
    ...holders.flatMap((holder) => (holder.kind === "account" ? [holder.accountId] : [])),
  ]);
  return {
    ...site,
    accounts: site.accounts.map((account) =>
      account.kind === "GUEST" || named.has(account.accountId) ? account : { ...account, kind: "HUMAN" },
    ),
  };
}

/** A group that is gone stands in no other, and gives nobody a role. */
function withoutLoose(site: SiteWorld): SiteWorld {
  const gone = new Set(site.groups.filter(({ isGone }) => isGone).map(({ groupId }) => groupId));
  return {
    ...site,
    groups: site.groups.map((group) => ({ ...group, children: group.children.filter((child) => !gone.has(child)) })),
    adminGroups: site.adminGroups.filter((groupId) => !gone.has(groupId)),
  };
}
