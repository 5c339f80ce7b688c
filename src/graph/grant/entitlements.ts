import { createUnionType, Field, ObjectType } from "type-graphql";
import { GroupNode } from "../group/GroupNode.js";
import { PermissionNode, SpaceRoleNode } from "../space/SpaceRoleNode.js";

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
