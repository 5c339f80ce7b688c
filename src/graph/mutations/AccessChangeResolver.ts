import type { GraphQLResolveInfo } from "graphql";
import { FieldResolver, Info, Resolver, Root } from "type-graphql";
import type { Grant } from "../../domain/Grant.js";
import type { Principal } from "../../domain/Principal.js";
import { principalKey } from "../../domain/principalKey.js";
import { principalOf } from "../../domain/principalOf.js";
import { groupMembers } from "../../loaders/groupMembers.js";
import { spaceGrants } from "../../loaders/spaceGrants.js";
import { membershipGrant } from "../../readings/readMemberships.js";
import { accountNode } from "../nodes/accountNodes.js";
import { groupNode } from "../nodes/groupNode.js";
import { spaceNode } from "../nodes/spaceNode.js";
import { AccessChangeNode } from "../types/AccessChangeNode.js";
import { AccessClassNode } from "../types/AccessClassNode.js";
import { GrantNode } from "../types/GrantNode.js";
import { PrincipalUnion } from "../types/PrincipalUnion.js";
import { ResidualAccessNode } from "../types/ResidualAccessNode.js";
import { ResourceUnion } from "../types/ResourceUnion.js";
import { residualAccessNode } from "./residualAccessNode.js";

@Resolver(() => AccessChangeNode)
export class AccessChangeResolver {
  @FieldResolver(() => PrincipalUnion, {
    nullable: true,
    description: "Whom the change is about; null where the input could not be understood.",
  })
  principal(@Root() { loaders, change }: AccessChangeNode, @Info() info: GraphQLResolveInfo): object | null {
    if (loaders === null || change === null) return null;
    const principal = subjectOf(change);
    switch (principal.kind) {
      case "account":
        return accountNode(loaders, principal.accountId, info);
      case "group":
        return groupNode(loaders, principal.groupId, info);
      case "accessClass":
        return new AccessClassNode(loaders, principal);
    }
  }

  @FieldResolver(() => ResourceUnion, {
    nullable: true,
    description: "Where: the group or the space; null where the input could not be understood.",
  })
  resource(@Root() { loaders, change }: AccessChangeNode, @Info() info: GraphQLResolveInfo): object | null {
    if (loaders === null || change === null) return null;
    return "groupId" in change ? groupNode(loaders, change.groupId, info) : spaceNode(loaders, change.spaceId, info);
  }

  @FieldResolver(() => ResidualAccessNode, {
    nullable: true,
    description:
      "After a revocation from an account: what it can still do in the space, and through which grants. Null for other principals, other changes, and dry runs.",
  })
  residualAccess(@Root() { loaders, change, outcome }: AccessChangeNode): Promise<ResidualAccessNode> | null {
    if (loaders === null || change === null || "groupId" in change || outcome === "PLANNED") return null;
    const isRevocation = change.kind === "revokePermissions" || change.kind === "revokeRole";
    const { principal, spaceId } = change;
    return isRevocation && principal.kind === "account"
      ? residualAccessNode(loaders, principal.accountId, spaceId)
      : null;
  }

  @FieldResolver(() => [GrantNode], {
    nullable: true,
    description:
      "What the principal holds there directly, as read back after the change. Null where the input could not be understood.",
  })
  async grants(@Root() { loaders, change }: AccessChangeNode): Promise<GrantNode[] | null> {
    if (loaders === null || change === null) return null;
    if ("groupId" in change) {
      const members = await loaders.of(groupMembers).get(change.groupId);
      if (!members?.items.includes(change.accountId)) return [];
      return [new GrantNode(loaders, membershipGrant(loaders, change.groupId, change.accountId, members.asOfMs))];
    }
    const list = await loaders.of(spaceGrants).get(change.spaceId);
    const key = principalKey(change.principal);
    const held: readonly Grant[] = list?.items.filter((grant) => principalKey(principalOf(grant)) === key) ?? [];
    return held.map((grant) => new GrantNode(loaders, grant));
  }
}

function subjectOf(change: NonNullable<AccessChangeNode["change"]>): Principal {
  return "groupId" in change ? { kind: "account", accountId: change.accountId } : change.principal;
}
