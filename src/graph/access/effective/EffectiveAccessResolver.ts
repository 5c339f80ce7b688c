import type { GraphQLResolveInfo } from "graphql";
import { Arg, Args, Ctx, FieldResolver, Info, Int, Resolver, Root } from "type-graphql";
import type { Member } from "../../../access/index/listing/members.js";
import type { AccountId } from "../../../domain/ids.js";
import { AccountNode, accountNodes } from "../../account/AccountNode.js";
import { AccessClassNode } from "../../grant/GrantNode.js";
import { PageArgs } from "../../paging/loadPage.js";
import type { PageEdge } from "../../paging/Page.js";
import type { GraphContext } from "../../schema/GraphContext.js";
import { connectionPaths } from "../../schema/selection.js";
import { SpaceNode, spaceNode } from "../../space/SpaceNode.js";
import { unheardBy } from "../unheard.js";
import {
  AccessClassMemberConnection,
  ClassMemberEdge,
  type CountedPage,
  EffectiveAccountConnection,
  EffectiveSpaceConnection,
} from "./EffectiveAccessNodes.js";
import {
  EffectiveAccountFilter,
  EffectiveSpaceFilter,
  explainable,
  loadIndexPage,
  readWhatCan,
  readWhoCan,
  waitField,
} from "./effectiveLists.js";
import { EffectiveAccountOrder, EffectiveSpaceOrder, orderField, readOrder } from "./effectiveOrder.js";

// Out of the site's access index: no call beside what the nodes' own fields need, and those in batches.

@Resolver(() => SpaceNode)
export class SpaceEffectiveAccessResolver {
  @FieldResolver(() => EffectiveAccountConnection, {
    description:
      "Who can do something in this space, or may be able to: read it, unless `filter` asks for something else. Groups, groups in groups, roles and access classes are expanded; accounts that are not active or not licensed can do nothing and are left out. Accounts only: what people can do without signing in stands in `grants`. Answered out of `Site.index`, so it costs no call beside what the accounts' own fields need.",
  })
  effectiveAccess(
    @Root() root: SpaceNode,
    @Args(() => PageArgs) page: PageArgs,
    @Arg("filter", () => EffectiveAccountFilter, { nullable: true, description: "Who, and what they can do." })
    filter: EffectiveAccountFilter | null | undefined,
    @Arg("orderBy", () => EffectiveAccountOrder, orderField("account"))
    orderBy: EffectiveAccountOrder | null | undefined,
    @Arg("wait", () => Int, waitField) wait: number | null | undefined,
    @Ctx() context: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<CountedPage<AccountNode>> {
    const { loaders, spaceId } = root;
    const { mayBeBehind: isNothingSure } = context;
    const order = readOrder(orderBy);
    return loadIndexPage(context, loaders, {
      list: ["Space.effectiveAccess", root.id, filter ?? null, order],
      info,
      missing: `who has access to space ${spaceId}`,
      page,
      wait,
      prepare: (index) => index.ordering("accounts", order.by),
      find: (index, place) => {
        const { narrowed, asked, checked } = readWhoCan(loaders, index, filter);
        const found = index.whoCan(spaceId, { ...narrowed, isNothingSure }, { ...place, ...order });
        return explainable(checked(found), { loaders, index, asked, unheard: unheardBy(context) });
      },
      orderKeyOf: ({ orderKey }) => orderKey,
      nodesOf: (rows) =>
        accountNodes(
          rows.map(({ accountId }) => ({ loaders, id: accountId })),
          info,
        ),
    });
  }
}

@Resolver(() => AccountNode)
export class AccountEffectiveAccessResolver {
  @FieldResolver(() => EffectiveSpaceConnection, {
    description:
      "Where this account can do something, or may be able to: read, unless `filter` asks for something else. Through its own grants, its groups, groups in groups, roles and access classes. Nothing for one that is not active or not licensed: what it holds in vain stands in `grants`. Answered out of `Site.index`, so it costs no call beside what the spaces' own fields need.",
  })
  effectiveAccess(
    @Root() root: AccountNode,
    @Args(() => PageArgs) page: PageArgs,
    @Arg("filter", () => EffectiveSpaceFilter, {
      nullable: true,
      description: "Which spaces, and what it can do there.",
    })
    filter: EffectiveSpaceFilter | null | undefined,
    @Arg("orderBy", () => EffectiveSpaceOrder, orderField("space"))
    orderBy: EffectiveSpaceOrder | null | undefined,
    @Arg("wait", () => Int, waitField) wait: number | null | undefined,
    @Ctx() context: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<CountedPage<SpaceNode>> {
    const { loaders, accountId } = root;
    const { mayBeBehind: isNothingSure } = context;
    const order = readOrder(orderBy);
    return loadIndexPage(context, loaders, {
      list: ["Account.effectiveAccess", root.id, filter ?? null, order],
      info,
      missing: `where account ${accountId} has access`,
      page,
      wait,
      prepare: (index) => index.ordering("spaces", order.by),
      find: (index, place) => {
        const { narrowed, asked, checked } = readWhatCan(loaders, index, filter);
        const found = index.whatCan(accountId, { ...narrowed, isNothingSure }, { ...place, ...order });
        return explainable(checked(found), { loaders, index, asked, unheard: unheardBy(context) });
      },
      orderKeyOf: ({ orderKey }) => orderKey,
      nodesOf: (rows) => Promise.all(rows.map(({ spaceId }) => spaceNode(loaders, spaceId, info, connectionPaths))),
    });
  }
}

@Resolver(() => AccessClassNode)
export class AccessClassMembersResolver {
  @FieldResolver(() => AccessClassMemberConnection, {
    description:
      "Whom the class stands for, ordered by account id: active accounts, with a licence where the class asks for one. A grant to the class reaches them all. Anonymous visitors are no accounts, and not here. Answered out of `Site.index`.",
  })
  members(
    @Root() { loaders, id, principal }: AccessClassNode,
    @Args(() => PageArgs) page: PageArgs,
    @Arg("wait", () => Int, waitField) wait: number | null | undefined,
    @Ctx() context: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<CountedPage<AccountNode>> {
    return loadIndexPage(context, loaders, {
      list: ["AccessClass.members", id],
      info,
      missing: `whom ${principal.classId} stands for`,
      page,
      wait,
      find: (index, { first, after }) => ({
        ...index.membersOf(principal, { first, after: after as AccountId | null, isNothingSure: context.mayBeBehind }),
        edgeOf: (edge: PageEdge<AccountNode>, { decision }: Member) => new ClassMemberEdge(edge, decision),
      }),
      orderKeyOf: ({ accountId }) => accountId,
      nodesOf: (rows) =>
        accountNodes(
          rows.map(({ accountId }) => ({ loaders, id: accountId })),
          info,
        ),
    });
  }
}
