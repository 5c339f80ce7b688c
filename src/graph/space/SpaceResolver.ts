import type { GraphQLResolveInfo } from "graphql";
import { Arg, Args, Ctx, FieldResolver, ID, Info, Query, Resolver, Root } from "type-graphql";
import type { AccountId, SpaceId, SpaceKey } from "../../domain/ids.js";
import type { SiteLoaders } from "../../loaders/engine/SiteLoaders.js";
import { space, spaceByKey } from "../../loaders/spaces.js";
import { AccountNode, accountNode } from "../account/AccountNode.js";
import { readLookup } from "../errors/errorCodes.js";
import type { GrantNode } from "../grant/GrantNode.js";
import { GrantFilter } from "../grant/grantFilter.js";
import { loadGrantPage } from "../grant/grantLists.js";
import { GrantConnection, SpaceConnection } from "../paging/connections.js";
import { orderByField } from "../paging/loadOrderedPage.js";
import { type PageAnswer, PageArgs } from "../paging/loadPage.js";
import { EntitlementKind } from "../schema/enums.js";
import { readGlobalId } from "../schema/GlobalId.js";
import { type GraphContext, type Readable, siteNamed, sitesCovered, sitesWithheld } from "../schema/GraphContext.js";
import { SiteNode } from "../site/SiteNode.js";
import { SpaceNode } from "./SpaceNode.js";
import { loadSpacePage, SpaceFilter } from "./spaceLists.js";
import { SpaceOrder } from "./spaceOrder.js";

@Resolver(() => SpaceNode)
export class SpaceResolver {
  @Query(() => SpaceConnection, {
    nullable: true,
    description:
      "The spaces, ordered by key unless `orderBy` says otherwise: those in use, unless `filter.statuses` asks for archived or trashed ones. Of all sites unless `siteId` names one. Source: `GET /wiki/api/v2/spaces` on Cloud, `GET /rest/api/space` on Data Center.",
  })
  spaces(
    @Arg("siteId", () => ID, { nullable: true, description: "Only spaces of this site." })
    siteId: string | null | undefined,
    @Args(() => PageArgs) page: PageArgs,
    @Arg("filter", () => SpaceFilter, { nullable: true, description: "Which spaces. Default: those in use." })
    filter: SpaceFilter | null | undefined,
    @Arg("orderBy", () => SpaceOrder, orderByField("by key as it is written"))
    orderBy: SpaceOrder | null | undefined,
    @Ctx() context: GraphContext,
  ): PageAnswer<SpaceNode> {
    const list = ["Query.spaces", siteId ?? null];
    const withheld = sitesWithheld(context, siteId, { what: "spaces" });
    return loadSpacePage(context, sitesCovered(context, siteId), { list, page, filter, orderBy, withheld });
  }

  @Query(() => SpaceNode, {
    nullable: true,
    description:
      "One space of any status, by `id`, by `spaceId` or by `key` (with `siteId` where several sites are configured). Null when it is missing or hidden from the credential: Confluence does not tell which.",
  })
  async space(
    @Arg("id", () => ID, { nullable: true, description: "The `id` of a Space." }) id: string | null | undefined,
    @Arg("siteId", () => ID, { nullable: true, description: "The site of `spaceId` or `key`." })
    siteId: string | null | undefined,
    @Arg("spaceId", () => ID, { nullable: true, description: "The space's numeric id on its site." })
    spaceId: string | null | undefined,
    @Arg("key", () => String, { nullable: true, description: "The space's key. Example: `ENG`." })
    key: string | null | undefined,
    @Ctx() context: GraphContext,
  ): Promise<SpaceNode | null> {
    const lookup = readLookup({ id, spaceId, key });
    if (lookup.by === "key") {
      const loaders = siteNamed(context, siteId);
      const found = await loaders.of(spaceByKey).get(lookup.value as SpaceKey);
      return found === null ? null : new SpaceNode(loaders, found.spaceId, found);
    }
    const wanted =
      lookup.by === "id" ? readGlobalId(lookup.value, "id", ["Space"]) : { siteId, spaceId: lookup.value as SpaceId };
    const loaders = siteNamed(context, wanted.siteId);
    const facts = await loaders.of(space).get(wanted.spaceId);
    return facts === null ? null : new SpaceNode(loaders, wanted.spaceId, facts);
  }

  @FieldResolver(() => SiteNode, { description: "The site this space is of." })
  site(@Root() root: SpaceNode): SiteNode {
    return new SiteNode(root.loaders);
  }

  @FieldResolver(() => AccountNode, {
    nullable: true,
    description: "Who created the space; null when the site does not say.",
  })
  createdBy(@Root() root: SpaceNode, @Info() info: GraphQLResolveInfo): AccountNode | null | Promise<AccountNode> {
    return accountNamed(root.loaders, root.authorId, info);
  }

  @FieldResolver(() => AccountNode, {
    nullable: true,
    description: "Who owns the space; null when the site does not say.",
  })
  owner(@Root() root: SpaceNode, @Info() info: GraphQLResolveInfo): AccountNode | null | Promise<AccountNode> {
    return accountNamed(root.loaders, root.ownerId, info);
  }

  @FieldResolver(() => GrantConnection, {
    description:
      "What the space grants, to whom: granular permissions and role assignments side by side, as stored. Sources: `GET /wiki/api/v2/spaces/{id}/permissions` and `…/role-assignments` on Cloud; on Data Center `GET /rest/api/space/{key}/permissions`, before 9.1 JSON-RPC's `getSpacePermissionSets`.",
  })
  grants(
    @Root() root: SpaceNode,
    @Args(() => PageArgs) page: PageArgs,
    @Arg("filter", () => GrantFilter, { nullable: true, description: "Which of them." })
    filter: GrantFilter | null | undefined,
    @Ctx() context: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ): PageAnswer<GrantNode> {
    return loadGrantPage(context, [root.loaders], {
      list: ["Space.grants", root.id],
      missing: `what space ${root.spaceId} grants`,
      page,
      filter,
      scope: { spaceId: root.spaceId },
      info,
    });
  }

  @FieldResolver(() => GrantConnection, {
    description:
      "The role assignments among `grants`; none on Data Center. Source: `GET /wiki/api/v2/spaces/{id}/role-assignments`.",
  })
  roleAssignments(
    @Root() root: SpaceNode,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() context: GraphContext,
  ): PageAnswer<GrantNode> {
    return loadGrantPage(context, [root.loaders], {
      list: ["Space.roleAssignments", root.id],
      missing: `role assignments of space ${root.spaceId}`,
      page,
      filter: { entitlements: [EntitlementKind.SPACE_ROLE] },
      scope: { spaceId: root.spaceId },
    });
  }
}

function accountNamed(
  loaders: SiteLoaders,
  id: Readable<AccountId>,
  info: GraphQLResolveInfo,
): AccountNode | null | Promise<AccountNode> {
  if (id instanceof Error) throw id;
  return id === null ? null : accountNode(loaders, id, info);
}
