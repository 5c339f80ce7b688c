import type { GraphQLResolveInfo } from "graphql";
import { Arg, Args, Ctx, FieldResolver, ID, Info, Query, Resolver, Root } from "type-graphql";
import type { KnownPermissionModel, PermissionModel as Model } from "../../domain/Site.js";
import { SiteError, shown } from "../../domain/SiteError.js";
import { onlyOne } from "../../loaders/engine/LoaderDeclaration.js";
import { whenRead } from "../../loaders/engine/SiteLoaders.js";
import { capabilities, permissionModel, roleList } from "../../loaders/site.js";
import type { AccountNode } from "../account/AccountNode.js";
import { AccountFilter, loadAccountPage } from "../account/accountLists.js";
import { AccountOrder } from "../account/accountOrder.js";
import type { GrantNode } from "../grant/GrantNode.js";
import { GrantFilter } from "../grant/grantFilter.js";
import { loadGrantPage } from "../grant/grantLists.js";
import { GroupNode, groupNode } from "../group/GroupNode.js";
import { GroupFilter, loadGroupPage } from "../group/groupLists.js";
import { GroupOrder } from "../group/groupOrder.js";
import {
  AccountConnection,
  GrantConnection,
  GroupConnection,
  SpaceConnection,
  SpaceRoleConnection,
} from "../paging/connections.js";
import { orderByField } from "../paging/loadOrderedPage.js";
import { loadPage, type PageAnswer, PageArgs } from "../paging/loadPage.js";
import { PermissionModel } from "../schema/enums.js";
import { readGlobalId } from "../schema/GlobalId.js";
import { type GraphContext, siteNamed, sitesWithheld } from "../schema/GraphContext.js";
import { type SpaceNode, SpaceRoleNode } from "../space/SpaceNode.js";
import { loadSpacePage, SpaceFilter } from "../space/spaceLists.js";
import { SpaceOrder } from "../space/spaceOrder.js";
import {
  LeftOutNode,
  SiteCapabilityNode,
  SiteNode,
  SiteOperationNode,
  siteOperations,
  UpstreamBudgetNode,
} from "./SiteNode.js";

@Resolver(() => SiteNode)
export class SiteResolver {
  @Query(() => [SiteNode], {
    nullable: true,
    description: "Every Confluence site that this graph is configured for.",
  })
  sites(@Ctx() context: GraphContext, @Info() { path, fieldNodes }: GraphQLResolveInfo): SiteNode[] {
    const { sites, caller, gaps } = context;
    // The list has no place of its own to say so.
    for (const { reason } of sitesWithheld(context, null, { what: "facts" })) {
      gaps.addUnread({ path: [path.key], field: fieldNodes[0] }, new SiteError("NotPermitted", reason, { call: "" }));
    }
    return [...sites].flatMap(([siteId, loaders]) => (caller.may("read", siteId) ? [new SiteNode(loaders)] : []));
  }

  @Query(() => SiteNode, {
    nullable: true,
    description: "One site, by `id` or by `siteId`; the only one when neither is given.",
  })
  site(
    @Arg("id", () => ID, { nullable: true, description: "The `id` of a Site." }) id: string | null | undefined,
    @Arg("siteId", () => ID, { nullable: true, description: "The site's short name. Example: `acme`." })
    siteId: string | null | undefined,
    @Ctx() context: GraphContext,
  ): SiteNode {
    const named = id === null || id === undefined ? siteId : readGlobalId(id, "id", ["Site"]).siteId;
    return new SiteNode(siteNamed(context, named));
  }

  @FieldResolver(() => PermissionModel, {
    nullable: true,
    description:
      "How this site stores space access; `UNKNOWN` where it does not tell, also when its spaces show that it has roles. Source: `GET /wiki/api/v2/space-role-mode` on Cloud; where that is not shown, whether a space answers for its role assignments; Data Center has no roles.",
  })
  permissionModel(@Root() site: SiteNode): Model | null | Promise<Model | null> {
    return whenRead(site.loaders.of(permissionModel).get(onlyOne), shownModel);
  }

  @FieldResolver(() => [SiteCapabilityNode], {
    nullable: true,
    description: "What this site can and cannot do, and why not.",
  })
  async capabilities(@Root() site: SiteNode): Promise<SiteCapabilityNode[]> {
    const ofDeployment = (await site.loaders.of(capabilities).get(onlyOne)) ?? [];
    const { organization, organizationCapabilities } = site.loaders.store.site;
    return [...ofDeployment, ...organizationCapabilities(organization)].map(
      (capability) => new SiteCapabilityNode(capability),
    );
  }

  @FieldResolver(() => [SiteOperationNode], {
    description:
      "The operations that are known of this site: a catalogue, and what else was seen in role definitions and grants read so far. What `GrantFilter.operations` may name. Costs no call.",
  })
  operations(@Root() site: SiteNode): SiteOperationNode[] {
    return siteOperations(site.loaders);
  }

  @FieldResolver(() => GroupNode, {
    nullable: true,
    description:
      "The group whose members can do everything in every space, whatever its permissions say (Data Center): as configured, `confluence-administrators` unless told otherwise. Null on Cloud, where administrators can give themselves access but do not have it until they do.",
  })
  superGroup(@Root() site: SiteNode, @Info() info: GraphQLResolveInfo): GroupNode | null | Promise<GroupNode> {
    const { superGroupId } = site.loaders.store.site.groups;
    return superGroupId === null ? null : groupNode(site.loaders, superGroupId, info);
  }

  @FieldResolver(() => UpstreamBudgetNode, {
    description: "What the site last said about its rate limits, and how our calls to it stand. Costs no call.",
  })
  upstreamBudget(@Root() site: SiteNode): UpstreamBudgetNode {
    const { site: of } = site.loaders.store;
    return new UpstreamBudgetNode(of.upstreamState(), of.sharing());
  }

  @FieldResolver(() => LeftOutNode, {
    nullable: true,
    description: "What the configuration leaves out of every answer about this site; null when nothing is.",
  })
  leftOut(@Root() site: SiteNode): LeftOutNode | null {
    const { leftOut } = site.loaders.store.site;
    const isWhole = leftOut.spaceKeys.length + leftOut.permissions.length === 0 && !leftOut.hasPersonalSpaces;
    return isWhole ? null : new LeftOutNode(leftOut);
  }

  @FieldResolver(() => SpaceRoleConnection, {
    description: "The role definitions of this site, ordered by name. Source: `GET /wiki/api/v2/space-roles`.",
  })
  spaceRoles(
    @Root() site: SiteNode,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() context: GraphContext,
  ): PageAnswer<SpaceRoleNode> {
    return loadPage(context, {
      list: ["Site.spaceRoles", site.siteId],
      page,
      missing: `role definitions of site ${site.siteId}`,
      read: async () => shown("role definitions", await site.loaders.of(roleList).get(onlyOne)),
      orderKeyOf: (role) => `${role.name}\u0000${role.roleId}`,
      nodesOf: (roles) => roles.map((role) => new SpaceRoleNode(site.loaders, role.roleId, role)),
    });
  }

  @FieldResolver(() => AccountConnection, { description: "Every account of this site: see `Query.accounts`." })
  accounts(
    @Root() site: SiteNode,
    @Args(() => PageArgs) page: PageArgs,
    @Arg("filter", () => AccountFilter, { nullable: true, description: "Which accounts." })
    filter: AccountFilter | null | undefined,
    @Arg("orderBy", () => AccountOrder, orderByField("by account id"))
    orderBy: AccountOrder | null | undefined,
    @Ctx() context: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ): PageAnswer<AccountNode> {
    return loadAccountPage(context, [site.loaders], {
      list: ["Site.accounts", site.siteId],
      page,
      filter,
      orderBy,
      info,
    });
  }

  @FieldResolver(() => GroupConnection, { description: "Every group of this site: see `Query.groups`." })
  groups(
    @Root() site: SiteNode,
    @Args(() => PageArgs) page: PageArgs,
    @Arg("filter", () => GroupFilter, { nullable: true, description: "Which groups." })
    filter: GroupFilter | null | undefined,
    @Arg("orderBy", () => GroupOrder, orderByField("by name as it is written"))
    orderBy: GroupOrder | null | undefined,
    @Ctx() context: GraphContext,
  ): PageAnswer<GroupNode> {
    return loadGroupPage(context, [site.loaders], { list: ["Site.groups", site.siteId], page, filter, orderBy });
  }

  @FieldResolver(() => SpaceConnection, { description: "The spaces of this site: see `Query.spaces`." })
  spaces(
    @Root() site: SiteNode,
    @Args(() => PageArgs) page: PageArgs,
    @Arg("filter", () => SpaceFilter, { nullable: true, description: "Which spaces. Default: those in use." })
    filter: SpaceFilter | null | undefined,
    @Arg("orderBy", () => SpaceOrder, orderByField("by key as it is written"))
    orderBy: SpaceOrder | null | undefined,
    @Ctx() context: GraphContext,
  ): PageAnswer<SpaceNode> {
    return loadSpacePage(context, [site.loaders], { list: ["Site.spaces", site.siteId], page, filter, orderBy });
  }

  @FieldResolver(() => GrantConnection, { description: "Every grant of this site: see `Query.grants`." })
  grants(
    @Root() site: SiteNode,
    @Args(() => PageArgs) page: PageArgs,
    @Arg("filter", () => GrantFilter, { nullable: true, description: "Which grants." })
    filter: GrantFilter | null | undefined,
    @Ctx() context: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ): PageAnswer<GrantNode> {
    return loadGrantPage(context, [site.loaders], {
      list: ["Site.grants", site.siteId],
      missing: `grants of site ${site.siteId}`,
      page,
      filter,
      scope: {},
      info,
    });
  }
}

/** That there are roles does not tell whether single permissions count beside them: only the site says which of two modes it is in. */
function shownModel(known: KnownPermissionModel | null): Model | null {
  if (known === null) return null;
  return known.isInferred && known.model !== "PRE_ROLES" ? "UNKNOWN" : known.model;
}
