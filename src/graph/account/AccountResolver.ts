import type { GraphQLResolveInfo } from "graphql";
import { GraphQLDateTime } from "graphql-scalars";
import { Arg, Args, Ctx, FieldResolver, ID, Info, Int, Query, Resolver, Root } from "type-graphql";
import type { AccountId, SpaceId, SpaceKey } from "../../domain/ids.js";
import type { DirectoryPerson } from "../../domain/Organization.js";
import { leavesOutSpaces } from "../../domain/Space.js";
import { accountEmail } from "../../loaders/accountEmails.js";
import { account, accountByUsername } from "../../loaders/accounts.js";
import { type SiteLoaders, whenRead } from "../../loaders/engine/SiteLoaders.js";
import { lastActive } from "../../loaders/organization.js";
import { space, spaceByKey } from "../../loaders/spaces.js";
import { readActiveAccount, readDirectoryPerson } from "../../readings/accountFacts.js";
import { readAccountGroups } from "../../readings/groups.js";
import { waitField } from "../access/effective/effectiveLists.js";
import { readLookup } from "../errors/errorCodes.js";
import type { GrantNode } from "../grant/GrantNode.js";
import { GrantFilter } from "../grant/grantFilter.js";
import { loadGrantPage } from "../grant/grantLists.js";
import { loadInheritedGrants } from "../grant/inheritedGrants.js";
import { type GroupNode, groupNodes } from "../group/GroupNode.js";
import { AccountConnection, GrantConnection, GroupConnection } from "../paging/connections.js";
import { orderByField } from "../paging/loadOrderedPage.js";
import { loadPage, type PageAnswer, PageArgs } from "../paging/loadPage.js";
import { readGlobalId } from "../schema/GlobalId.js";
import { type GraphContext, type Readable, siteNamed, sitesCovered, sitesWithheld } from "../schema/GraphContext.js";
import { SiteNode } from "../site/SiteNode.js";
import { SpaceNode, spaceNode } from "../space/SpaceNode.js";
import { AccountNode } from "./AccountNode.js";
import { AccountFilter, loadAccountPage } from "./accountLists.js";
import { AccountOrder } from "./accountOrder.js";

@Resolver(() => AccountNode)
export class AccountResolver {
  @Query(() => AccountConnection, {
    nullable: true,
    description:
      "Everyone, ordered by account id unless `orderBy` says otherwise. Cloud: all whom user search knows (guests included), all members of groups, and all principals of grants, because it has no list of all users. Data Center: all registered users, disabled ones included; before 8.4 the members of groups and the principals of grants, and whoever is in neither is a declared gap. Of all sites unless `siteId` names one.",
  })
  accounts(
    @Arg("siteId", () => ID, { nullable: true, description: "Only accounts of this site." })
    siteId: string | null | undefined,
    @Args(() => PageArgs) page: PageArgs,
    @Arg("filter", () => AccountFilter, { nullable: true, description: "Which accounts." })
    filter: AccountFilter | null | undefined,
    @Arg("orderBy", () => AccountOrder, orderByField("by account id"))
    orderBy: AccountOrder | null | undefined,
    @Ctx() context: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ): PageAnswer<AccountNode> {
    const list = ["Query.accounts", siteId ?? null];
    const scopes = filter?.emails == null ? (["read"] as const) : (["read", "read:personal"] as const);
    const withheld = sitesWithheld(context, siteId, { what: "accounts", scopes });
    return loadAccountPage(context, sitesCovered(context, siteId, scopes), {
      list,
      page,
      filter,
      orderBy,
      withheld,
      info,
    });
  }

  @Query(() => AccountNode, {
    nullable: true,
    description:
      "One account, by `id`, by `accountId` or, on Data Center, by `username` (with `siteId` where several sites are configured). Null when the site knows no such account.",
  })
  async account(
    @Arg("id", () => ID, { nullable: true, description: "The `id` of an Account." }) id: string | null | undefined,
    @Arg("siteId", () => ID, { nullable: true, description: "The site of `accountId`." })
    siteId: string | null | undefined,
    @Arg("accountId", () => ID, { nullable: true, description: "The account's own id. Example: `712020:6b1c…`." })
    accountId: string | null | undefined,
    @Arg("username", () => String, {
      nullable: true,
      description: "The name it signs in with, in any case. Data Center only.",
    })
    username: string | null | undefined,
    @Ctx() context: GraphContext,
  ): Promise<AccountNode | null> {
    const lookup = readLookup({ id, accountId, username });
    if (lookup.by === "username") {
      const named = siteNamed(context, siteId);
      const found = await named.of(accountByUsername).get(named.store.site.names.username(lookup.value));
      return found === null ? null : new AccountNode(named, found.accountId, found);
    }
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
      "The e-mail address; null where the person hides it, or the site tells none. Never take it for a key. On Data Center one list tells those of licensed accounts from 10.2 on; every other costs a call of its own, so ask for it on short lists.",
  })
  email(@Root() root: AccountNode): Readable<string> | Promise<string | null> {
    const { loaders, accountId, knownEmail } = root;
    if (loaders.store.site.accounts.emailsOf === null) return knownEmail;
    return whenRead(loaders.of(accountEmail).get(accountId), (found) => found?.email ?? null);
  }

  @FieldResolver(() => Boolean, {
    nullable: true,
    description:
      "Whether the account has a Confluence licence on this site: as the organization says (Cloud; a guest is never licensed, whether or not the organization lists the product for them), or whether it is in the list of licensed accounts (Data Center 9.3 and later; the list comes from a search index and lags while that is rebuilt). Null where nobody says: no organization is configured (see `Site.capabilities`), it does not know the account, or its answer leaves the products out. Source on Cloud: `productAccess` of `POST /v2/orgs/{orgId}/directories/{directoryId}/users/search`.",
  })
  isLicensed(@Root() root: AccountNode): Readable<boolean> | Promise<Readable<boolean>> {
    const { loaders, knownLicence } = root;
    if (loaders.store.site.accounts.active === null) return knownLicence;
    return whenRead(readActiveAccount(loaders, root.accountId), (active) =>
      active.isOffered ? active.account !== null : knownLicence,
    );
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
    return whenRead(department, (known) => known ?? root.organizationDepartment);
  }

  @FieldResolver(() => GraphQLDateTime, {
    nullable: true,
    description:
      "When the account last used Confluence on this site. Cloud: as the organization knows; it lags up to a day, and costs nothing more where the organization's search says it (100 accounts a call), else one call an account at about 180 calls a minute. Data Center (10.2 and later): the last sign-in, from one list. Null for never, and where nobody tells: see `Site.capabilities`.",
  })
  lastActiveAt(@Root() root: AccountNode): Date | null | Promise<Date | null> {
    if (root.loaders.store.site.accounts.active !== null) {
      const active = readActiveAccount(root.loaders, root.accountId);
      return whenRead(active, ({ account: known }) => toDate(known?.lastActiveAtMs));
    }
    if (root.loaders.store.site.organization === null) return null;
    return whenRead(root.loaders.of(lastActive).get(root.accountId), (last) => toDate(last?.atMs));
  }

  @FieldResolver(() => SpaceNode, {
    nullable: true,
    description:
      "The account's personal space; null when it has none. On Data Center the space whose key is `~` and the user name.",
  })
  personalSpace(
    @Root() root: AccountNode,
    @Info() info: GraphQLResolveInfo,
  ): SpaceNode | null | Promise<SpaceNode | null> {
    const { loaders, username } = root;
    if (username instanceof Error) throw username;
    if (username !== null) {
      return whenRead(loaders.of(spaceByKey).get(`~${username}` as SpaceKey), (found) =>
        found === null ? null : new SpaceNode(loaders, found.spaceId, found),
      );
    }
    if (root.personalSpaceId instanceof Error) throw root.personalSpaceId;
    if (root.personalSpaceId === null) return null;
    // What may be left out has to be known before its id is told.
    if (leavesOutSpaces(loaders.store.site.leftOut)) return shownSpaceNode(loaders, root.personalSpaceId);
    return spaceNode(loaders, root.personalSpaceId, info);
  }

  @FieldResolver(() => GroupConnection, {
    description:
      "The groups that the account is a direct member of, ordered by group id. Source: the member lists of all groups where they are at hand, otherwise `GET /wiki/rest/api/user/memberof`, on Data Center `GET /rest/api/user/memberof`.",
  })
  groups(
    @Root() root: AccountNode,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() context: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ): PageAnswer<GroupNode> {
    return loadPage(context, {
      list: ["Account.groups", root.id],
      page,
      missing: `groups of account ${root.accountId}`,
      read: () => readAccountGroups(root.loaders, root.accountId),
      orderKeyOf: (groupId) => groupId,
      nodesOf: (groupIds) => groupNodes(root.loaders, groupIds, info),
    });
  }

  @FieldResolver(() => GrantConnection, {
    description:
      "Every grant that the account holds directly: its group memberships, what spaces of any status grant it, and its permissions on the site as a whole. With `includeInherited` also what its groups hold, the groups that those are in, and the access classes that it belongs to: `edges.inheritance` tells the way. What of it takes effect is for `effectiveAccess` to say.",
  })
  grants(
    @Root() root: AccountNode,
    @Args(() => PageArgs) page: PageArgs,
    @Arg("filter", () => GrantFilter, { nullable: true, description: "Which of them." })
    filter: GrantFilter | null | undefined,
    @Arg("includeInherited", () => Boolean, {
      nullable: true,
      defaultValue: false,
      description:
        "True to list what the account holds through groups and access classes as well, out of `Site.index`.",
    })
    includeInherited: boolean | null | undefined,
    @Arg("wait", () => Int, {
      ...waitField,
      description: `With \`includeInherited\`: ${waitField.description}`,
    })
    wait: number | null | undefined,
    @Ctx() context: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ): PageAnswer<GrantNode> {
    const { loaders, accountId, id } = root;
    if (includeInherited === true)
      return loadInheritedGrants(context, { loaders, accountId, id, page, filter, wait, info });
    return loadGrantPage(context, [root.loaders], {
      list: ["Account.grants", root.id],
      missing: `grants of account ${root.accountId}`,
      page,
      filter,
      scope: { principal: { kind: "account", accountId: root.accountId } },
    });
  }
}

function toDate(atMs: number | null | undefined): Date | null {
  return atMs === null || atMs === undefined ? null : new Date(atMs);
}

async function shownSpaceNode(loaders: SiteLoaders, spaceId: SpaceId): Promise<SpaceNode | null> {
  const facts = await loaders.of(space).get(spaceId);
  return facts === null ? null : new SpaceNode(loaders, spaceId, facts);
}

function fromDirectory(
  { loaders, accountId }: AccountNode,
  pick: (person: DirectoryPerson) => string | null,
): string | null | Promise<string | null> {
  return whenRead(readDirectoryPerson(loaders, accountId), (person) => (person === null ? null : pick(person)));
}
