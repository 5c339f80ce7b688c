import type { GraphQLResolveInfo } from "graphql";
import { Arg, Args, Ctx, FieldResolver, ID, Info, Query, Resolver, Root } from "type-graphql";
import { principalOf } from "../../domain/Grant.js";
import type { Group, Principal } from "../../domain/Principal.js";
import type { KnownPermissionModel } from "../../domain/Site.js";
import { onlyOne } from "../../loaders/engine/LoaderDeclaration.js";
import { type SiteLoaders, whenRead } from "../../loaders/engine/SiteLoaders.js";
import { group } from "../../loaders/groups.js";
import { permissionModel } from "../../loaders/site.js";
import { readGrant, readRoleDefinition } from "../../readings/grants.js";
import { groupNode } from "../group/GroupNode.js";
import { GrantConnection } from "../paging/connections.js";
import { type PageAnswer, PageArgs } from "../paging/loadPage.js";
import { IrrevocableReason } from "../schema/enums.js";
import { readGlobalId } from "../schema/GlobalId.js";
import { type GraphContext, siteNamed, sitesCovered, sitesWithheld } from "../schema/GraphContext.js";
import { SiteNode } from "../site/SiteNode.js";
import { onlyPermission, PermissionNode, permissionNode, SpaceRoleNode, spaceNode } from "../space/SpaceNode.js";
import {
  Entitlement,
  GrantNode,
  GroupMembershipNode,
  PrincipalUnion,
  principalNode,
  ResourceUnion,
  SitePermissionNode,
  SpacePermissionNode,
  SpaceRoleAssignmentNode,
} from "./GrantNode.js";
import { GrantFilter } from "./grantFilter.js";
import { loadGrantPage } from "./grantLists.js";

@Resolver(() => GrantNode)
export class GrantResolver {
  @Query(() => GrantConnection, {
    nullable: true,
    description:
      "Every grant: group memberships, granular permissions and role assignments of spaces of any status, and permissions on the site as a whole where it tells them. Filters keep calls down: naming spaces, groups or principals reads only what those need. Of all sites unless `siteId` names one.",
  })
  grants(
    @Arg("siteId", () => ID, { nullable: true, description: "Only grants of this site." })
    siteId: string | null | undefined,
    @Args(() => PageArgs) page: PageArgs,
    @Arg("filter", () => GrantFilter, { nullable: true, description: "Which grants." })
    filter: GrantFilter | null | undefined,
    @Ctx() context: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ): PageAnswer<GrantNode> {
    return loadGrantPage(context, sitesCovered(context, siteId), {
      withheld: sitesWithheld(context, siteId, { what: "grants" }),
      list: ["Query.grants", siteId ?? null],
      missing: "grants",
      page,
      filter,
      scope: {},
      info,
    });
  }

  @Query(() => GrantNode, {
    nullable: true,
    description: "One grant by its `id`, read from where it is stored. Null when it is not there (any more).",
  })
  async grant(
    @Arg("id", () => ID, { description: "The `id` of a Grant." }) id: string,
    @Ctx() context: GraphContext,
  ): Promise<GrantNode | null> {
    const wanted = readGlobalId(id, "id", ["Grant"]);
    const loaders = siteNamed(context, wanted.siteId);
    const found = await readGrant(loaders, wanted);
    return found === null ? null : new GrantNode(loaders, found);
  }

  @FieldResolver(() => SiteNode, { description: "The site that stores it." })
  site(@Root() root: GrantNode): SiteNode {
    return new SiteNode(root.loaders);
  }

  @FieldResolver(() => PrincipalUnion, {
    description: "Who holds it. Left-over principals that no longer exist are shown by their id.",
  })
  principal(@Root() root: GrantNode, @Info() info: GraphQLResolveInfo): object {
    return principalNode(root.loaders, principalOf(root.grant), info);
  }

  @FieldResolver(() => ResourceUnion, { description: "What it is on." })
  resource(@Root() root: GrantNode, @Info() info: GraphQLResolveInfo): object {
    const { grant, loaders } = root;
    switch (grant.kind) {
      case "membership":
      case "nesting":
        return groupNode(loaders, grant.groupId, info);
      case "global":
        return new SiteNode(loaders);
      default:
        return spaceNode(loaders, grant.spaceId, info);
    }
  }

  @FieldResolver(() => Entitlement, { description: "What is granted." })
  entitlement(@Root() root: GrantNode, @Info() info: GraphQLResolveInfo): object {
    const { grant, loaders } = root;
    switch (grant.kind) {
      case "membership":
      case "nesting":
        return new GroupMembershipNode(groupNode(loaders, grant.groupId, info, [["group"]]));
      case "global":
        return new SitePermissionNode(permissionNode(grant.operation));
      case "permission":
        return new SpacePermissionNode(grant.permissionId, permissionNode(grant.operation));
      case "role": {
        const { roleId } = grant;
        return whenRead(
          readRoleDefinition(loaders, roleId),
          (role) => new SpaceRoleAssignmentNode(new SpaceRoleNode(loaders, roleId, role)),
        );
      }
    }
  }

  @FieldResolver(() => [PermissionNode], {
    nullable: true,
    description:
      "What it gives in its space or on its site, roles expanded. Empty for a membership. Null, with an error, when the role's definition could not be read.",
  })
  permissions(@Root() root: GrantNode): readonly PermissionNode[] | Error | Promise<readonly PermissionNode[] | Error> {
    const { grant, loaders } = root;
    if (grant.kind === "membership" || grant.kind === "nesting") return [];
    if (grant.kind === "permission" || grant.kind === "global") return onlyPermission(grant.operation);
    return whenRead(readRoleDefinition(loaders, grant.roleId), (role) =>
      role instanceof Error ? role : role.permissions.map(permissionNode),
    );
  }

  @FieldResolver(() => Boolean, {
    nullable: true,
    description:
      "Whether this graph could revoke it, by what is known of the site and the group. Null, with an error, when that could not be read.",
  })
  isRevocable(@Root() root: GrantNode): boolean | Promise<boolean> {
    return whenRead(irrevocableReason(root), (reason) => reason === null);
  }

  @FieldResolver(() => IrrevocableReason, {
    nullable: true,
    description: "Why it cannot be revoked; null when it can.",
  })
  irrevocableReason(@Root() root: GrantNode): string | null | Promise<string | null> {
    return irrevocableReason(root);
  }
}

/** Synchronously where what decides it is known: it is asked for every grant of a list. */
function irrevocableReason({ grant, loaders }: GrantNode): string | null | Promise<string | null> {
  switch (grant.kind) {
    case "membership": {
      if (loaders.store.site.writer.objectionToGroup(grant.groupId) !== null) return IrrevocableReason.NOT_ADDRESSABLE;
      return whenRead(loaders.of(group).get(grant.groupId), reasonOfGroup);
    }
    case "nesting":
      return IrrevocableReason.NESTING_NOT_WRITABLE;
    case "global":
      return IrrevocableReason.SITE_WIDE;
    case "permission": {
      const reason = reasonOfPrincipal(grant.principal, loaders);
      if (reason !== null) return reason;
      return whenRead(loaders.of(permissionModel).get(onlyOne), reasonOfModel);
    }
    case "role":
      return null;
  }
}

function reasonOfGroup(facts: Group | null): string | null {
  return facts?.managedBy === "EXTERNAL" ? IrrevocableReason.GROUP_MANAGED_EXTERNALLY : null;
}

/** Where rows are written by whom they are held, there is no way to write for some; where by their id, there is for all. */
function reasonOfPrincipal(principal: Principal, { store }: SiteLoaders): null | string | Promise<string | null> {
  const { writer } = store.site;
  if (writer.objectionTo === null || principal.kind === "account") return null;
  if (principal.kind === "accessClass") {
    return writer.grantableClasses.has(principal.classId) ? null : IrrevocableReason.NOT_ADDRESSABLE;
  }
  // A name that no path takes can still be written by JSON-RPC: the site has to be asked which of the two it has.
  if (writer.objectionToGroup(principal.groupId) === null) return null;
  return writer.objectionTo(principal).then((objection) => objection && IrrevocableReason.NOT_ADDRESSABLE);
}

function reasonOfModel(known: KnownPermissionModel | null): string | null {
  return known?.model === "ROLES" ? IrrevocableReason.GRANULAR_WRITES_REFUSED : null;
}
