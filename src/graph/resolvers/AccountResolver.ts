import type { GraphQLResolveInfo } from "graphql";
import { GraphQLDateTime } from "graphql-scalars";
import { Arg, Args, Ctx, FieldResolver, ID, Info, Query, Resolver, Root } from "type-graphql";
import type { LastActive } from "../../confluence/organizationPort.js";
import type { DirectoryPerson } from "../../domain/DirectoryPerson.js";
import type { AccountId } from "../../domain/ids.js";
import { account } from "../../loaders/account.js";
import { lastActive } from "../../loaders/lastActive.js";
import { readAccountGroups } from "../../loaders/readAccountGroups.js";
import { readDirectoryPerson } from "../../loaders/readDirectoryPerson.js";
import type { GraphContext } from "../GraphContext.js";
import { readGlobalId } from "../ids/readGlobalId.js";
import { AccountFilter } from "../inputs/AccountFilter.js";
import { GrantFilter } from "../inputs/GrantFilter.js";
import { PageArgs } from "../inputs/PageArgs.js";
import { groupNodes } from "../nodes/groupNodes.js";
import { spaceNode } from "../nodes/spaceNode.js";
import { loadPage } from "../paging/loadPage.js";
import type { Page } from "../paging/Page.js";
import type { Readable } from "../Readable.js";
import { siteNamed, sitesCovered } from "../siteScope.js";
import { AccountNode } from "../types/AccountNode.js";
import { AccountConnection, GrantConnection, GroupConnection } from "../types/connections.js";
import type { GrantNode } from "../types/GrantNode.js";
import type { GroupNode } from "../types/GroupNode.js";
import { SiteNode } from "../types/SiteNode.js";
import { SpaceNode } from "../types/SpaceNode.js";
import { loadAccountPage } from "./loadAccountPage.js";
import { loadGrantPage } from "./loadGrantPage.js";
import { readLookup } from "./readLookup.js";

@Resolver(() => AccountNode)
export class AccountResolver {
  @Query(() => AccountConnection, {
    description:
      "Everyone, ordered by account id: all whom user search knows (guests included), all members of groups, and all principals of grants, because Confluence has no list of all users. Of all sites unless `siteId` names one.",
  })
  accounts(
    @Arg("siteId", () => ID, { nullable: true, description: "Only accounts of this site." })
    siteId: string | null | undefined,
    @Args(() => PageArgs) page: PageArgs,
    @Arg("filter", () => AccountFilter, { nullable: true, description: "Which accounts." })
    filter: AccountFilter | null | undefined,
    @Ctx() context: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Page<AccountNode>> {
    const list = ["Query.accounts", siteId ?? null];
    return loadAccountPage(context, sitesCovered(context, siteId), { list, page, filter, info });
  }

  @Query(() => AccountNode, {
    nullable: true,
    description:
      "One account, by `id` or by `accountId` (with `siteId` where several sites are configured). Null when the site knows no such account.",
  })
  async account(
    @Arg("id", () => ID, { nullable: true, description: "The `id` of an Account." }) id: string | null | undefined,
    @Arg("siteId", () => ID, { nullable: true, description: "The site of `accountId`." })
    siteId: string | null | undefined,
    @Arg("accountId", () => ID, { nullable: true, description: "The account's own id. Example: `712020:6b1c…`." })
    accountId: string | null | undefined,
    @Ctx() context: GraphContext,
  ): Promise<AccountNode | null> {
    const lookup = readLookup({ id, accountId });
    const wanted =
      lookup.by === "id"
        ? readGlobalId(lookup.value, "id", ["Account"])
        : { siteId, accountId: lookup.value as AccountId };
    const loaders = siteNamed(context, wanted.siteId);
    const facts = await loaders.of(account).get(wanted.accountId);
    return facts === null ? null : new AccountNode(loaders, wanted.accountId, facts);
  }

  @FieldResolver(() => SiteNode, { description: "The site this account is of." })
  site(@Root() root: AccountNode): SiteNode {
    return new SiteNode(root.loaders);
  }

  @FieldResolver(() => String, {
    nullable: true,
    description:
      "The first name, from the directory that an identity provider synchronises (SCIM). Null without one: names are never guessed by splitting a display name.",
  })
  givenName(@Root() root: AccountNode): string | null | Promise<string | null> {
    return fromDirectory(root, (person) => person.givenName);
  }

  @FieldResolver(() => String, { nullable: true, description: "The last name, from the same directory." })
  familyName(@Root() root: AccountNode): string | null | Promise<string | null> {
    return fromDirectory(root, (person) => person.familyName);
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: "The identity provider's own id for the person, from the same directory.",
  })
  externalId(@Root() root: AccountNode): string | null | Promise<string | null> {
    return fromDirectory(root, (person) => person.externalId);
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: "The department, from the synchronised directory, or else as the organization has it.",
  })
  department(@Root() root: AccountNode): Readable<string> | Promise<Readable<string>> {
    const department = fromDirectory(root, (person) => person.department);
    if (department instanceof Promise) return department.then((known) => known ?? root.organizationDepartment);
    return department ?? root.organizationDepartment;
  }

  @FieldResolver(() => GraphQLDateTime, {
    nullable: true,
    description:
      "When the account last used Confluence on this site, as the organization knows: it lags up to a day. Costs one call an account at about 180 calls a minute, so ask for it on short lists. Null for never, and where no organization is configured.",
  })
  lastActiveAt(@Root() root: AccountNode): Date | null | Promise<Date | null> {
    if (root.loaders.store.site.organization === null) return null;
    const dateOf = (last: LastActive | null) => (last === null || last.atMs === null ? null : new Date(last.atMs));
    const known = root.loaders.of(lastActive).get(root.accountId);
    return known instanceof Promise ? known.then(dateOf) : dateOf(known);
  }

  @FieldResolver(() => SpaceNode, {
    nullable: true,
    description: "The account's personal space; null when it has none.",
  })
  personalSpace(@Root() root: AccountNode, @Info() info: GraphQLResolveInfo): SpaceNode | null | Promise<SpaceNode> {
    if (root.personalSpaceId instanceof Error) throw root.personalSpaceId;
    return root.personalSpaceId === null ? null : spaceNode(root.loaders, root.personalSpaceId, info);
  }

  @FieldResolver(() => GroupConnection, {
    description:
      "The groups that the account is a direct member of, ordered by group id. Source: the member lists of all groups where they are at hand, otherwise `GET /wiki/rest/api/user/memberof`.",
  })
  groups(
    @Root() root: AccountNode,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() context: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Page<GroupNode>> {
    return loadPage(context, {
      list: ["Account.groups", root.id],
      page,
      missing: `groups of account ${root.accountId}`,
      read: async () =>
        (await readAccountGroups(root.loaders, root.accountId)) ?? { items: [], gaps: [], asOfMs: context.clock.now() },
      orderKeyOf: (groupId) => groupId,
      nodesOf: (groupIds) => groupNodes(root.loaders, groupIds, info),
    });
  }

  @FieldResolver(() => GrantConnection, {
    description:
      "Every grant that the account holds directly: its group memberships, and what spaces of any status grant it. What it has through groups and access classes is not here.",
  })
  grants(
    @Root() root: AccountNode,
    @Args(() => PageArgs) page: PageArgs,
    @Arg("filter", () => GrantFilter, { nullable: true, description: "Which of them." })
    filter: GrantFilter | null | undefined,
    @Ctx() context: GraphContext,
  ): Promise<Page<GrantNode>> {
    return loadGrantPage(context, [root.loaders], {
      list: ["Account.grants", root.id],
      missing: `grants of account ${root.accountId}`,
      page,
      filter,
      scope: { principal: { kind: "account", accountId: root.accountId } },
    });
  }
}

function fromDirectory(
  { loaders, accountId }: AccountNode,
  pick: (person: DirectoryPerson) => string | null,
): string | null | Promise<string | null> {
  const person = readDirectoryPerson(loaders, accountId);
  if (person instanceof Promise) return person.then((known) => (known === null ? null : pick(known)));
  return person === null ? null : pick(person);
}
