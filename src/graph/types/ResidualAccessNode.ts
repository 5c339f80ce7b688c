import { Field, ObjectType } from "type-graphql";
import { CompletenessNode } from "../completeness/CompletenessNode.js";
import { GrantNode } from "../grant/GrantNode.js";
import { PermissionNode } from "../space/SpaceRoleNode.js";
import { AccessVerdict } from "./changeEnums.js";

@ObjectType("AccessPath", {
  simpleResolvers: true,
  description: "A chain of grants that gives a permission: the account's memberships, then the space's grant.",
})
export class AccessPathNode {
  @Field(() => [GrantNode], {
    description:
      "The chain. Revoking its last revocable grant ends this path; all paths must end for the access to end.",
  })
  readonly grants: readonly GrantNode[];

  @Field(() => Boolean, {
    description:
      "Whether the path ends in being a super user (Data Center) instead of in a grant of the space: the members of `Site.superGroup` can do everything.",
  })
  readonly isSuperUser: boolean;

  constructor(grants: readonly GrantNode[], isSuperUser: boolean) {
    this.grants = grants;
    this.isSuperUser = isSuperUser;
  }
}

@ObjectType("ResidualPermission", {
  simpleResolvers: true,
  description: "A permission that an account, a group or an access class still has, or may have, in a space.",
})
export class ResidualPermissionNode {
  @Field(() => PermissionNode, { description: "Which permission." })
  readonly permission: PermissionNode;

  @Field(() => AccessVerdict, { description: "Whether it is surely there." })
  readonly decision: string;

  @Field(() => String, { description: "The decision as one plain sentence." })
  readonly explanation: string;

  @Field(() => [AccessPathNode], { description: "Through which grants, shortest first; at most 20." })
  readonly paths: readonly AccessPathNode[];

  constructor(facts: Pick<ResidualPermissionNode, "permission" | "decision" | "explanation" | "paths">) {
    this.permission = facts.permission;
    this.decision = facts.decision;
    this.explanation = facts.explanation;
    this.paths = facts.paths;
  }
}

@ObjectType("ResidualAccess", {
  simpleResolvers: true,
  description:
    "What an account can still do in a space after a revocation; of a group or an access class what it itself still holds there, whoever belongs to it. Empty and complete means that the access ended; empty and incomplete, that nobody knows.",
})
export class ResidualAccessNode {
  @Field(() => [ResidualPermissionNode], { description: "What is left, or may be." })
  readonly permissions: readonly ResidualPermissionNode[];

  @Field(() => CompletenessNode, { description: "Whether everything that decides it was read." })
  readonly completeness: CompletenessNode;

  constructor(permissions: readonly ResidualPermissionNode[], completeness: CompletenessNode) {
    this.permissions = permissions;
    this.completeness = completeness;
  }
}
