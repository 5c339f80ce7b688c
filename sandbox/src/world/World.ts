/** A world file, parsed: everything that a Confluence and its organization hold. Never changed in place. */
export interface World {
  readonly cloud?: CloudWorld;
  readonly dataCenter?: DataCenterWorld;
}

export interface CloudWorld {
  readonly cloudId: string;
  /** Kept for the reader of the file. Links in answers name the address the sandbox really listens on. */
  readonly siteUrl?: string;
  readonly mode: SpaceRoleMode;
  /** What adding somebody to a group answers who is in it already, which is documented nowhere; 400 by default. */
  readonly addingMemberTwice?: 201 | 400;
  /** Whether what a group was granted goes with it, which is documented nowhere either; by default it stays behind. */
  readonly deletedGroupsLoseGrants?: boolean;
  readonly accounts: readonly WorldAccount[];
  readonly groups: readonly WorldGroup[];
  readonly spaces: readonly WorldSpace[];
  readonly roles: readonly WorldRole[];
}

export type SpaceRoleMode = "PRE_ROLES" | "ROLES_TRANSITION" | "ROLES";

export interface WorldAccount {
  readonly accountId: string;
  readonly accountType: "atlassian" | "app" | "customer" | "unknown";
  readonly accountStatus: "active" | "inactive" | "closed" | "unknown";
  readonly displayName: string;
  /** Null or empty where privacy hides it. */
  readonly email: string | null;
  /** Confluence answers the address empty although the world tells it. Where the account is managed, its organization shows it. */
  readonly hiddenEmail?: boolean;
  readonly isExternalCollaborator?: boolean;
  readonly orgStatus?: "active" | "suspended" | "not_invited" | "deactivated" | "for_deletion";
  readonly productRoles?: readonly string[];
  /** ISO 8601 date or date-time. */
  readonly lastActive?: string;
  readonly managed?: boolean;
  readonly givenName?: string;
  readonly familyName?: string;
  readonly department?: string;
  readonly externalId?: string;
  /** What its row in the organization's user search leaves out, although it was asked for. Searching by address still finds it. */
  readonly untold?: readonly UntoldField[];
  /** Roles on other resources of the organization. With any, its row tells each role as an object with its resource. */
  readonly rolesElsewhere?: readonly WorldRoleElsewhere[];
}

export type UntoldField = "productAccess" | "platformRoles" | "email";

export interface WorldRoleElsewhere {
  readonly role: string;
  /** Example: `ari:cloud:confluence::site/another-cloud-id`. */
  readonly resource: string;
}

export interface WorldGroup {
  readonly id: string;
  readonly name: string;
  readonly usageType?: string;
  readonly managedBy?: "ADMINS" | "EXTERNAL" | "TEAM_MEMBERS" | "OPEN";
  readonly accessType?: "admin" | "user" | "site-admin";
  /** Account ids; one may name an account that the world does not hold. */
  readonly members: readonly string[];
  /** Of the members, those whom the member list shows once more at its end, as when it moves while it is being paged. */
  readonly listedTwice?: readonly string[];
}

export interface WorldSpace {
  /** Decimal digits. */
  readonly id: string;
  readonly key: string;
  /** What stands in its address instead of the key; the key where it is left out. */
  readonly alias?: string;
  readonly name: string;
  readonly type: string;
  readonly status: "current" | "archived" | "trashed";
  readonly authorId: string;
  readonly spaceOwnerId?: string;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly permissions: readonly WorldPermission[];
  readonly roleAssignments: readonly WorldRoleAssignment[];
}

export interface WorldPermission {
  /** Decimal digits, one of a kind in the whole site; the sandbox numbers rows that have none. */
  readonly id?: string;
  readonly principal: { readonly type: "user" | "group" | "role" | "access-class"; readonly id: string };
  readonly operation: { readonly key: string; readonly targetType: string };
}

export interface WorldRoleAssignment {
  readonly principal: { readonly principalType: RolePrincipalType; readonly principalId: string };
  readonly roleId: string;
}

export type RolePrincipalType = "USER" | "GROUP" | "ACCESS_CLASS";

export interface WorldRole {
  readonly id: string;
  readonly type: "SYSTEM" | "CUSTOM";
  readonly name: string;
  readonly description: string;
  readonly spacePermissions: readonly string[];
}

export interface DataCenterWorld {
  readonly version: string;
  readonly contextPath: string;
  readonly users: readonly DataCenterUser[];
  readonly groups: readonly DataCenterGroup[];
  readonly spaces: readonly DataCenterSpace[];
  readonly globalPermissions: readonly DataCenterPermission[];
  readonly administrators: readonly string[];
}

export interface DataCenterUser {
  readonly userKey: string;
  readonly username: string;
  readonly displayName: string;
  readonly email: string;
  readonly status: "current" | "deactivated" | "externally_deleted" | "unlicensed";
  readonly lastLogin?: string;
}

export interface DataCenterGroup {
  readonly name: string;
  readonly members: readonly string[];
  readonly groups?: readonly string[];
}

export interface DataCenterSpace {
  readonly id: number;
  readonly key: string;
  readonly name: string;
  readonly type: "global" | "personal";
  readonly status: "current" | "archived";
  readonly creator?: string;
  readonly permissions: readonly DataCenterPermission[];
}

export interface DataCenterPermission {
  readonly subject: {
    readonly type: "user" | "group" | "anonymous" | "unlicensed";
    readonly name?: string;
    readonly userKey?: string;
  };
  readonly operation: { readonly operationKey: string; readonly targetType: string };
}

/** A world file or a world description that is refused. */
export class InvalidWorld extends Error {
  override readonly name = "InvalidWorld";

  /** Every fault, each beginning with its path: `cloud.spaces[3].permissions[0].operation.key: missing`. */
  constructor(readonly faults: readonly string[]) {
    super(`The world is not valid:\n${faults.join("\n")}`);
  }
}
