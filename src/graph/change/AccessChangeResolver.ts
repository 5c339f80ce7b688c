import type { GraphQLResolveInfo } from "graphql";
import { FieldResolver, Info, Resolver, Root } from "type-graphql";
import { errorFromGap } from "../../domain/Complete.js";
import { type Grant, principalOf } from "../../domain/Grant.js";
import { type Principal, principalKey } from "../../domain/Principal.js";
import { whenRead } from "../../loaders/engine/SiteLoaders.js";
import { spaceGrants } from "../../loaders/grants.js";
import type { AskedChange } from "../../provisioning/Change.js";
import { readMembership } from "../../provisioning/targets/group.js";
import { readRoleDefinition } from "../../readings/grants.js";
import { membershipGrant } from "../../readings/memberships.js";
import { accountNode } from "../account/AccountNode.js";
import { AccessClassNode, GrantNode, PrincipalUnion, ResourceUnion } from "../grant/GrantNode.js";
import { groupNode } from "../group/GroupNode.js";
import { SpaceRoleNode, spaceNode } from "../space/SpaceNode.js";
import {
  AccessChangeFields,
  AccessChangeNode,
  GrantSpaceAccessPayload,
  RevokeSpaceAccessPayload,
} from "./AccessChangeNode.js";
import { ResidualAccessNode, residualAccessNode } from "./residualAccess.js";

/** What every change of access is asked for. */
@Resolver(() => AccessChangeFields)
export class AccessChangeFieldsResolver {
  @FieldResolver(() => PrincipalUnion, {
    nullable: true,
    description:
      "Whom the change is about; null where the input could not be understood, and for a stored row that is not there.",
  })
  principal(@Root() { source }: AccessChangeFields, @Info() info: GraphQLResolveInfo): object | null {
    const principal = subjectOf(source?.change ?? null);
    if (source === null || principal === null) return null;
    const { loaders } = source;
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
  resource(@Root() { source }: AccessChangeFields, @Info() info: GraphQLResolveInfo): object | null {
    const change = source?.change ?? null;
    if (source === null || change === null) return null;
    const { loaders } = source;
    return "groupId" in change ? groupNode(loaders, change.groupId, info) : spaceNode(loaders, change.spaceId, info);
  }

  @FieldResolver(() => [GrantNode], {
    nullable: true,
    description:
      "What the principal holds there directly, as read back after the change; a membership also where no list shows it, because Cloud leaves people out who are suspended. Null with an error where it could not be read whole; null without one where the input could not be understood, for a stored row, a group or a space that is not there. An empty list is said of what was read.",
  })
  async grants(@Root() { source, outcome }: AccessChangeFields): Promise<GrantNode[] | null> {
    const change = source?.change ?? null;
    if (source === null || change === null || change.kind === "revokeRow") return null;
    const { loaders } = source;
    if ("groupId" in change) {
      const { groupId, accountId } = change;
      // Who is in it by a group below holds nothing there itself, although some lists show it.
      if (source.isFound && outcome === "INHERITED") return [];
      const isOut = source.isFound && (outcome === "REMOVED" || outcome === "NOT_PRESENT");
      const found = await readMembership({ store: loaders.store, loaders }, { groupId, accountId, isOut });
      if (found === null) return null;
      return found.isMember ? [new GrantNode(loaders, membershipGrant(loaders, groupId, accountId, found.asOfMs))] : [];
    }
    const list = await loaders.of(spaceGrants).get(change.spaceId);
    if (list === null) return null;
    const [gap] = list.gaps;
    if (gap !== undefined) throw errorFromGap(gap);
    const key = principalKey(change.principal);
    const held: readonly Grant[] = list.items.filter((grant) => principalKey(principalOf(grant)) === key);
    return held.map((grant) => new GrantNode(loaders, grant));
  }
}

const otherRoleField = {
  nullable: true,
  description:
    "Where a role was to be granted: the other role that the principal held in the space. It was replaced (`REPLACED`), is still there (`KEPT`, or `FAILED` with `OTHER_ROLE_HELD`), or would be replaced (`PLANNED`). Null where there was none.",
} as const;

const residualAccessField = {
  nullable: true,
  description:
    "After a revocation from a space: what the account can still do there, and through which grants; of a group or an access class what it itself still holds there. Read when the whole request is through, past every cache; in a dry run as it would be. Null for memberships, for other changes, and where nothing was read. Example of an access that ended: no `permissions`, and `completeness { isComplete }` true.",
} as const;

/** A change of any kind may be a grant or a revocation. */
@Resolver(() => AccessChangeNode)
export class AccessChangeResolver {
  @FieldResolver(() => SpaceRoleNode, otherRoleField)
  otherRole(@Root() change: AccessChangeNode): SpaceRoleNode | null | Promise<SpaceRoleNode> {
    return otherRoleOf(change);
  }

  @FieldResolver(() => ResidualAccessNode, residualAccessField)
  residualAccess(@Root() change: AccessChangeNode): Promise<ResidualAccessNode> | null {
    return residualAccessOf(change);
  }
}

@Resolver(() => GrantSpaceAccessPayload)
export class GrantSpaceAccessResolver {
  @FieldResolver(() => SpaceRoleNode, otherRoleField)
  otherRole(@Root() change: GrantSpaceAccessPayload): SpaceRoleNode | null | Promise<SpaceRoleNode> {
    return otherRoleOf(change);
  }
}

@Resolver(() => RevokeSpaceAccessPayload)
export class RevokeSpaceAccessResolver {
  @FieldResolver(() => ResidualAccessNode, residualAccessField)
  residualAccess(@Root() change: RevokeSpaceAccessPayload): Promise<ResidualAccessNode> | null {
    return residualAccessOf(change);
  }
}

function otherRoleOf({ source }: AccessChangeFields): SpaceRoleNode | null | Promise<SpaceRoleNode> {
  if (source === null || source.otherRoleId === null) return null;
  const { loaders, otherRoleId } = source;
  const definition = readRoleDefinition(loaders, otherRoleId);
  return whenRead(definition, (read) => new SpaceRoleNode(loaders, otherRoleId, read));
}

function residualAccessOf({ source }: AccessChangeFields): Promise<ResidualAccessNode> | null {
  const change = source?.change ?? null;
  if (source === null || source.after === null) return null;
  if (change?.kind !== "revokePermissions" && change?.kind !== "revokeRole") return null;
  return residualAccessNode({ ...source, after: source.after }, change.principal, change.spaceId);
}

function subjectOf(change: AskedChange | null): Principal | null {
  if (change === null || change.kind === "revokeRow") return null;
  return "groupId" in change ? { kind: "account", accountId: change.accountId } : change.principal;
}
