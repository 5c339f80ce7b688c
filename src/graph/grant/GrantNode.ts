import type { GraphQLResolveInfo } from "graphql";
import { GraphQLDateTime } from "graphql-scalars";
import { createUnionType, Directive, Field, ID, ObjectType } from "type-graphql";
import type { Grant } from "../../domain/Grant.js";
import type { SiteId } from "../../domain/ids.js";
import type { Principal } from "../../domain/Principal.js";
import type { SiteLoaders } from "../../loaders/engine/SiteLoaders.js";
import { AccountNode, accountNode } from "../account/AccountNode.js";
import { AccessVerdict } from "../change/changeEnums.js";
import { GroupNode, groupNode } from "../group/GroupNode.js";
import { encodeGlobalId } from "../schema/GlobalId.js";
import { Node } from "../schema/nodes/Node.js";
import { grantGlobalId } from "../schema/recentIds.js";
import { SiteNode } from "../site/SiteNode.js";
import { PermissionNode, SpaceNode, SpaceRoleNode } from "../space/SpaceNode.js";

@ObjectType("GroupMembership", { simpleResolvers: true, description: "Membership of a group." })
export class GroupMembershipNode {
  readonly __typename = "GroupMembership";

  @Field(() => GroupNode, { description: "The group." })
  readonly group: GroupNode | Promise<GroupNode>;

  constructor(group: GroupNode | Promise<GroupNode>) {
    this.group = group;
  }
}

@ObjectType("SpacePermission", {
  simpleResolvers: true,
  description: "One granular permission on a space, as one stored row.",
})
export class SpacePermissionNode {
  readonly __typename = "SpacePermission";

  @Field(() => String, {
    description:
      "The id of the stored row on its site. Data Center gives its rows none: there it is made of what is granted and to whom.",
  })
  readonly permissionId: string;

  @Field(() => PermissionNode, { description: "What it gives." })
  readonly permission: PermissionNode;

  constructor(permissionId: string, permission: PermissionNode) {
    this.permissionId = permissionId;
    this.permission = permission;
  }
}

@ObjectType("SitePermission", {
  simpleResolvers: true,
  description: "A permission on the site as a whole (Data Center).",
})
export class SitePermissionNode {
  readonly __typename = "SitePermission";

  @Field(() => PermissionNode, { description: "What it gives." })
  readonly permission: PermissionNode;

  constructor(permission: PermissionNode) {
    this.permission = permission;
  }
}

@ObjectType("SpaceRoleAssignment", { simpleResolvers: true, description: "A role on a space." })
export class SpaceRoleAssignmentNode {
  readonly __typename = "SpaceRoleAssignment";

  @Field(() => SpaceRoleNode, { description: "The role." })
  readonly role: SpaceRoleNode;

  constructor(role: SpaceRoleNode) {
    this.role = role;
  }
}

export const Entitlement = createUnionType({
  name: "Entitlement",
  description: "What is granted.",
  types: () => [GroupMembershipNode, SpacePermissionNode, SpaceRoleAssignmentNode, SitePermissionNode] as const,
});

@Directive('@key(fields: "id")')
@ObjectType("Grant", {
  implements: Node,
  simpleResolvers: true,
  description:
    "Principal × entitlement × resource, exactly as Confluence stores it. Granular permissions, role assignments and group memberships stand side by side.",
})
export class GrantNode {
  readonly __typename = "Grant";
  readonly loaders: SiteLoaders;
  readonly grant: Grant;

  @Field(() => ID, {
    description:
      "Opaque global id. Changes when what is granted changes. Of a single permission on Cloud it names the stored row; where Confluence stores no id (Data Center, roles, memberships) it names who holds what and where, so that what is granted anew has the id it had.",
  })
  get id(): string {
    return grantGlobalId(this.grant);
  }

  @Field(() => ID, { description: "The site that stores it, as in `Site.siteId`." })
  get siteId(): SiteId {
    return this.grant.siteId;
  }

  @Field(() => GraphQLDateTime, { description: "When it was read from the site." })
  get asOf(): Date {
    return new Date(this.grant.asOfMs);
  }

  /** One for every row of every answer: it holds the row, and makes only what it is asked for. */
  constructor(loaders: SiteLoaders, grant: Grant) {
    this.loaders = loaders;
    this.grant = grant;
  }
}

/** What people call the access classes that Atlassian documents, and those of Data Center. Others are shown under their id. */
export const accessClassNames: ReadonlyMap<string, string> = new Map([
  ["anonymous-users", "Anyone, without signing in"],
  ["authenticated-users", "Everyone who has signed in"],
  ["all-licensed-users", "Everyone with a Confluence licence"],
  ["all-product-admins", "All Confluence administrators"],
  ["unlicensed", "People without a Confluence licence"],
  ["jsm-project-admins", "Administrators of the linked service project"],
]);

@ObjectType("AccessClass", {
  implements: Node,
  simpleResolvers: true,
  description:
    "A principal that stands for many: anonymous users, all licensed users, a principal of a type this version does not know. A grant to it reaches everyone it stands for.",
})
export class AccessClassNode {
  readonly __typename = "AccessClass";
  readonly loaders: SiteLoaders;
  readonly principal: Extract<Principal, { kind: "accessClass" }>;

  @Field(() => ID, { description: "Opaque global id: type, site and class in one." })
  readonly id: string;

  @Field(() => ID, { description: "The site this class is of, as in `Site.siteId`." })
  readonly siteId: SiteId;

  @Field(() => ID, { description: "The class as the site names it. Example: `anonymous-users`, `all-licensed-users`." })
  readonly classId: string;

  // Nullable like `Group.name`, beside which it stands in queries on a Principal: fields of one name must be of one type.
  @Field(() => String, {
    nullable: true,
    description:
      "What people call it; the class id where nobody has given it a name. Example: `Anyone, without signing in`.",
  })
  readonly name: string;

  @Field(() => String, {
    description: "The site's own word for this type of principal. Example: `access-class`, `ACCESS_CLASS`, `role`.",
  })
  readonly typeAsReported: string;

  constructor(loaders: SiteLoaders, principal: Extract<Principal, { kind: "accessClass" }>) {
    const siteId = loaders.store.site.siteId;
    const { classId, reportedType } = principal;
    this.loaders = loaders;
    this.principal = principal;
    this.id = encodeGlobalId({ type: "AccessClass", siteId, classId, reportedType });
    this.siteId = siteId;
    this.classId = classId;
    this.name = accessClassNames.get(classId) ?? classId;
    this.typeAsReported = reportedType;
  }
}

export const PrincipalUnion = createUnionType({
  name: "Principal",
  description: "Who holds a grant.",
  types: () => [AccountNode, GroupNode, AccessClassNode] as const,
});

/** Who a principal is, as a node; facts are read only when the query selects any. */
export function principalNode(loaders: SiteLoaders, principal: Principal, info: GraphQLResolveInfo): object {
  switch (principal.kind) {
    case "account":
      return accountNode(loaders, principal.accountId, info);
    case "group":
      return groupNode(loaders, principal.groupId, info);
    case "accessClass":
      return new AccessClassNode(loaders, principal);
  }
}

export const ResourceUnion = createUnionType({
  name: "Resource",
  description: "What a grant is on: the group of a membership, a space, or the site as a whole.",
  types: () => [GroupNode, SpaceNode, SiteNode] as const,
});

@ObjectType("GrantInheritance", {
  simpleResolvers: true,
  description: "By which way an account comes by a grant that it does not hold itself.",
})
export class GrantInheritanceNode {
  @Field(() => [GrantNode], {
    description:
      "The memberships from the account to the group that holds the grant, the shortest way; or those by which it belongs to the access class that does. Empty where what it is itself makes it belong to the class.",
  })
  readonly memberships: readonly GrantNode[];

  @Field(() => AccessVerdict, {
    description: "Whether it surely reaches the account: whether that belongs to an access class may not be known.",
  })
  readonly decision: string;

  constructor({ memberships, decision }: GrantInheritanceNode) {
    this.memberships = memberships;
    this.decision = decision;
  }
}

/** What the edge of a grant tells beside its cursor. */
@ObjectType({ simpleResolvers: true })
export class GrantEdgeFields {
  @Field(() => GrantInheritanceNode, {
    nullable: true,
    description:
      "By which way the account comes by it, in a list of `Account.grants` with `includeInherited`. Null where it holds it itself, and in every other list.",
  })
  readonly inheritance!: GrantInheritanceNode | null;
}
