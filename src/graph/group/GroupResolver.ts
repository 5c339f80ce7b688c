import type { GraphQLResolveInfo } from "graphql";
import { Arg, Args, Ctx, FieldResolver, ID, Info, Query, Resolver, Root } from "type-graphql";
import type { Complete } from "../../domain/Complete.js";
import type { AccountId, GroupId } from "../../domain/ids.js";
import { SiteError } from "../../domain/SiteError.js";
import type { SiteLoaders } from "../../loaders/engine/SiteLoaders.js";
import { group, groupChildren } from "../../loaders/groups.js";
import { readGroupMembers, readNestedMembers } from "../../readings/groupMembers.js";
import { readGroupByName } from "../../readings/groups.js";
import { type AccountNode, accountNodes } from "../account/AccountNode.js";
import { AccountFilter, checkAccountFilter, readFilteredAccounts } from "../account/accountLists.js";
import { readLookup } from "../errors/errorCodes.js";
import type { GrantNode } from "../grant/GrantNode.js";
import { GrantFilter } from "../grant/grantFilter.js";
import { loadGrantPage } from "../grant/grantLists.js";
import { AccountConnection, GrantConnection, GroupConnection, GroupMemberConnection } from "../paging/connections.js";
import { orderByField } from "../paging/loadOrderedPage.js";
import { loadPage, type PageAnswer, PageArgs } from "../paging/loadPage.js";
import { readGlobalId } from "../schema/GlobalId.js";
import { type GraphContext, siteNamed, sitesCovered, sitesWithheld } from "../schema/GraphContext.js";
import { SiteNode } from "../site/SiteNode.js";
import { type GroupMemberNode, GroupNode, groupMemberNodes, groupNodes } from "./GroupNode.js";
import { GroupFilter, loadGroupPage } from "./groupLists.js";
import { GroupOrder } from "./groupOrder.js";

@Resolver(() => GroupNode)
export class GroupResolver {
  @Query(() => GroupConnection, {
    nullable: true,
    description:
      "Every group, ordered by name unless `orderBy` says otherwise. Of all sites unless `siteId` names one. Source: `GET /wiki/rest/api/group` on Cloud, `GET /rest/api/group` on Data Center.",
  })
  groups(
    @Arg("siteId", () => ID, { nullable: true, description: "Only groups of this site." })
    siteId: string | null | undefined,
    @Args(() => PageArgs) page: PageArgs,
    @Arg("filter", () => GroupFilter, { nullable: true, description: "Which groups." })
    filter: GroupFilter | null | undefined,
    @Arg("orderBy", () => GroupOrder, orderByField("by name as it is written"))
    orderBy: GroupOrder | null | undefined,
    @Ctx() context: GraphContext,
  ): PageAnswer<GroupNode> {
    const list = ["Query.groups", siteId ?? null];
    const withheld = sitesWithheld(context, siteId, { what: "groups" });
    return loadGroupPage(context, sitesCovered(context, siteId), { list, page, filter, orderBy, withheld });
  }

  @Query(() => GroupNode, {
    nullable: true,
    description:
      "One group, by `id`, by `groupId` or by its `name` (with `siteId` where several sites are configured). Null when the site has no such group.",
  })
  async group(
    @Arg("id", () => ID, { nullable: true, description: "The `id` of a Group." }) id: string | null | undefined,
    @Arg("siteId", () => ID, { nullable: true, description: "The site of `groupId` or `name`." })
    siteId: string | null | undefined,
    @Arg("groupId", () => ID, {
      nullable: true,
      description: "The group's own id: a UUID on Cloud, its name on Data Center, in any letter case.",
    })
    groupId: string | null | undefined,
    @Arg("name", () => String, { nullable: true, description: "The group's name. Example: `confluence-users`." })
    name: string | null | undefined,
    @Ctx() context: GraphContext,
  ): Promise<GroupNode | null> {
    const lookup = readLookup({ id, groupId, name });
    if (lookup.by === "name") {
      const loaders = siteNamed(context, siteId);
      const found = await readGroupByName(loaders, lookup.value);
      return found === null ? null : new GroupNode(loaders, found.groupId, found);
    }
    const wanted =
      lookup.by === "id" ? readGlobalId(lookup.value, "id", ["Group"]) : { siteId, groupId: lookup.value as GroupId };
    const loaders = siteNamed(context, wanted.siteId);
    const facts = await loaders.of(group).get(loaders.store.site.names.groupId(wanted.groupId));
    return facts === null ? null : new GroupNode(loaders, facts.groupId, facts);
  }

  @FieldResolver(() => SiteNode, { description: "The site this group is of." })
  site(@Root() root: GroupNode): SiteNode {
    return new SiteNode(root.loaders);
  }

  @FieldResolver(() => AccountConnection, {
    description:
      "The direct members, ordered by account id. Cloud leaves people whom the organization suspended or deactivated out of its own list: with an organization configured they are asked for and are here, without one `completeness.assumptions` says `SUSPENDED_MEMBERS_HIDDEN`. On Data Center some directories list the members of child groups as well. Source: `GET /wiki/rest/api/group/{groupId}/membersByGroupId` on Cloud, completed by the organization's user search and one `GET /wiki/rest/api/user/memberof` for each suspended person; `GET /rest/api/group/{name}/member` on Data Center.",
  })
  members(
    @Root() root: GroupNode,
    @Args(() => PageArgs) page: PageArgs,
    @Arg("filter", () => AccountFilter, { nullable: true, description: "Which of them." })
    filter: AccountFilter | null | undefined,
    @Ctx() context: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ): PageAnswer<AccountNode> {
    const { loaders } = root;
    return loadPage(context, {
      list: ["Group.members", root.id, filter ?? null],
      page,
      missing: `members of group ${root.groupId}`,
      read: async () => {
        checkAccountFilter(filter);
        return readFilteredAccounts(context, loaders, await readMembers(loaders, root.groupId), filter);
      },
      orderKeyOf: (accountId) => accountId,
      nodesOf: (ids) =>
        accountNodes(
          ids.map((id) => ({ loaders, id })),
          info,
        ),
    });
  }

  @FieldResolver(() => GroupConnection, {
    description:
      "The groups that are direct members of this one, ordered by group id. None on Cloud, where groups hold accounts only. Source: `GET /rest/api/group/{name}/groupmember`.",
  })
  memberGroups(
    @Root() root: GroupNode,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() context: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ): PageAnswer<GroupNode> {
    const { loaders, groupId } = root;
    return loadPage(context, {
      list: ["Group.memberGroups", root.id],
      page,
      missing: `groups in group ${groupId}`,
      read: async () => (await loaders.of(groupChildren).get(groupId)) ?? notThere(loaders, groupId),
      orderKeyOf: (childId) => childId,
      nodesOf: (childIds) => groupNodes(loaders, childIds, info),
    });
  }

  @FieldResolver(() => GroupMemberConnection, {
    description:
      "Everyone whom the group reaches, by itself and through the groups in it, ordered by account id, each once with the way there. Cycles of groups are harmless. Costs two calls a group below this one on Data Center; on Cloud it is `members`.",
  })
  allMembers(
    @Root() root: GroupNode,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() context: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ): PageAnswer<GroupMemberNode> {
    const { loaders, groupId } = root;
    return loadPage(context, {
      list: ["Group.allMembers", root.id],
      page,
      missing: `members of group ${groupId} and of the groups in it`,
      // Of every group that is shown often: the members of those that accounts have in common, one account after the other.
      read: () => loaders.onceRead(`all members of ${groupId}`, () => readNestedMembers(loaders, groupId)),
      orderKeyOf: ({ accountId }) => accountId,
      nodesOf: (members) => groupMemberNodes(loaders, members, info),
    });
  }

  @FieldResolver(() => GrantConnection, {
    description:
      "Every grant that the group holds: on spaces of any status, on the site as a whole, and its membership of other groups. Each reaches every member.",
  })
  grants(
    @Root() root: GroupNode,
    @Args(() => PageArgs) page: PageArgs,
    @Arg("filter", () => GrantFilter, { nullable: true, description: "Which of them." })
    filter: GrantFilter | null | undefined,
    @Ctx() context: GraphContext,
  ): PageAnswer<GrantNode> {
    return loadGrantPage(context, [root.loaders], {
      list: ["Group.grants", root.id],
      missing: `grants of group ${root.groupId}`,
      page,
      filter,
      scope: { principal: { kind: "group", groupId: root.groupId } },
    });
  }
}

/** A group that is not there has no known members: that is not the same as an empty group. */
async function readMembers(loaders: SiteLoaders, groupId: GroupId): Promise<Complete<AccountId>> {
  const [members] = await readGroupMembers(loaders, [groupId]);
  if (members instanceof Error) throw members;
  return members ?? notThere(loaders, groupId);
}

function notThere({ store }: SiteLoaders, groupId: GroupId): never {
  throw new SiteError("NotVisible", `The site has no group ${groupId}, or hides it from this credential.`, {
    call: store.site.groups.byIdCall,
    status: 404,
  });
}
