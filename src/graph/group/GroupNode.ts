import type { GraphQLResolveInfo } from "graphql";
import { Directive, Field, ID, ObjectType } from "type-graphql";
import type { GroupId, SiteId } from "../../domain/ids.js";
import type { Group } from "../../domain/Principal.js";
import { allOf, readTogether, type SiteLoaders } from "../../loaders/engine/SiteLoaders.js";
import { group } from "../../loaders/groups.js";
import type { NestedMember } from "../../readings/groupMembers.js";
import { AccountNode, accountNodes } from "../account/AccountNode.js";
import { GroupManager, GroupUsage } from "../schema/enums.js";
import type { Readable } from "../schema/GraphContext.js";
import { Node } from "../schema/nodes/Node.js";
import { SharedNodes } from "../schema/nodes/SharedNodes.js";
import { groupGlobalId } from "../schema/recentIds.js";
import { connectionPaths, nodeOf, selectsBeyond } from "../schema/selection.js";

@Directive('@key(fields: "id")')
@Directive('@key(fields: "siteId groupId")')
@ObjectType("Group", {
  implements: Node,
  simpleResolvers: true,
  description: "A named set of accounts. A group that only a left-over grant still names is here too, without a name.",
})
export class GroupNode {
  readonly __typename = "Group";
  readonly loaders: SiteLoaders;

  readonly #failure: Error | null;

  @Field(() => ID, { description: "Opaque global id: type, site and group in one." })
  get id(): string {
    return groupGlobalId(this.siteId, this.groupId);
  }

  @Field(() => ID, { description: "The site this group is of, as in `Site.siteId`." })
  readonly siteId: SiteId;

  @Field(() => ID, {
    description:
      "The group's own id on its site. Cloud: a UUID. Data Center: the group's name in lower case, however lists and rows spell it; `name` is as the site spells it.",
  })
  readonly groupId: GroupId;

  @Field(() => String, { nullable: true, description: "The group's name; null when the group no longer exists." })
  readonly name: Readable<string>;

  @Field(() => GroupManager, {
    description:
      "Who decides about its members. Decides whether memberships can be changed here. `UNKNOWN` on Data Center, which does not tell.",
  })
  readonly managedBy: string;

  @Field(() => String, { nullable: true, description: "The site's own word for who manages it." })
  readonly managedByAsReported: Readable<string>;

  @Field(() => GroupUsage, { description: "What the group is for." })
  readonly usage: string;

  @Field(() => String, { nullable: true, description: "The site's own word for what it is for." })
  readonly usageAsReported: Readable<string>;

  /** `facts`: `null` when the group does not exist (any more), an `Error` when they could not be read. */
  constructor(loaders: SiteLoaders, groupId: GroupId, facts: Group | null | Error) {
    const siteId = loaders.store.site.siteId;
    this.#failure = facts instanceof Error ? facts : null;
    this.loaders = loaders;
    this.siteId = siteId;
    this.groupId = groupId;
    const known = facts instanceof Error ? null : facts;
    const read = <T>(value: T | null | undefined): Readable<T> => (facts instanceof Error ? facts : (value ?? null));
    this.name = read(known?.name);
    this.managedBy = known?.managedBy ?? GroupManager.UNKNOWN;
    this.managedByAsReported = read(known?.reportedManager);
    this.usage = known?.usage ?? GroupUsage.UNKNOWN;
    this.usageAsReported = read(known?.reportedUsage);
  }

  /** Why a field that is never null says `UNKNOWN`, where that is because a read failed. */
  unread(_field: string): Error | null {
    return this.#failure;
  }
}

@ObjectType("GroupMember", {
  simpleResolvers: true,
  description: "Somebody whom a group reaches, and the way by which it does.",
})
export class GroupMemberNode {
  readonly __typename = "GroupMember";

  @Field(() => AccountNode, { description: "Who." })
  readonly account: AccountNode;

  @Field(() => [GroupNode], {
    description:
      "From the group that holds the account directly up to the group asked for. One group for a direct member. Of several ways this is the shortest; of equally short ones the first by group ids.",
  })
  readonly path: readonly GroupNode[];

  @Field(() => Boolean, { description: "Whether the account is a direct member, whatever other ways there are." })
  readonly isDirect: boolean;

  constructor(account: AccountNode, path: readonly GroupNode[]) {
    this.account = account;
    this.path = path;
    this.isDirect = path.length === 1;
  }
}

/** The fields of a Group that are known from its id alone. */
const freeGroupFields: ReadonlySet<string> = new Set([
  "__typename",
  "id",
  "siteId",
  "groupId",
  "site",
  "members",
  "memberGroups",
  "allMembers",
  "grants",
]);

/** One group; its facts are read only when the query selects any, synchronously where they are known. */
export function groupNode(
  loaders: SiteLoaders,
  id: GroupId,
  info: GraphQLResolveInfo,
  paths?: readonly (readonly string[])[],
): GroupNode | Promise<GroupNode> {
  return named.of(loaders, id, info, paths);
}

const named = new SharedNodes({ typeName: "Group", free: freeGroupFields, facts: group, make: knownAs });

/** A name that is an id compares whatever its case: what the site has is what names the group. */
function knownAs(loaders: SiteLoaders, id: GroupId, facts: Group | null | Error): GroupNode {
  return new GroupNode(loaders, (facts instanceof Error ? null : facts?.groupId) ?? id, facts);
}

/** One group, with its facts unless it is said that they are not wanted. */
export function groupNodeWithFacts(
  loaders: SiteLoaders,
  id: GroupId,
  wantsFacts = true,
): GroupNode | Promise<GroupNode> {
  return nodeOf(
    wantsFacts,
    () => loaders.of(group).get(id),
    (facts) => knownAs(loaders, id, facts),
  );
}

/** The groups of one page of a connection; their facts are read together, and only when the query selects any. */
export function groupNodes(
  loaders: SiteLoaders,
  ids: readonly GroupId[],
  info: GraphQLResolveInfo,
): GroupNode[] | Promise<GroupNode[]> {
  const wantsFacts = selectsBeyond(info, "Group", freeGroupFields, connectionPaths);
  return allOf(ids.map((id) => groupNodeWithFacts(loaders, id, wantsFacts)));
}

/** Has the facts of many groups be read together where the query selects any: each is a node at once then. */
export function readGroupFacts(
  items: readonly { loaders: SiteLoaders; id: GroupId }[],
  info: GraphQLResolveInfo,
  paths: readonly (readonly string[])[],
): undefined | Promise<undefined> {
  return selectsBeyond(info, "Group", freeGroupFields, paths) ? readTogether(group, items) : undefined;
}

const accountPaths = connectionPaths.map((path) => [...path, "account"]);
const groupPaths = connectionPaths.map((path) => [...path, "path"]);

/** The members of one page of `Group.allMembers`; facts are read together, and only when the query selects any. */
export async function groupMemberNodes(
  loaders: SiteLoaders,
  members: readonly NestedMember[],
  info: GraphQLResolveInfo,
): Promise<GroupMemberNode[]> {
  const accounts = await accountNodes(
    members.map(({ accountId }) => ({ loaders, id: accountId })),
    info,
    accountPaths,
  );
  const wantsFacts = selectsBeyond(info, "Group", freeGroupFields, groupPaths);
  // No promise for what is known: a page in each of hundreds of pages would be one turn of the event loop, most of it garbage.
  const nodes = accounts.map((account, index) => {
    const path = (members[index]?.path ?? []).map((groupId) => groupNodeWithFacts(loaders, groupId, wantsFacts));
    const groups = allOf(path);
    return groups instanceof Promise
      ? groups.then((read) => new GroupMemberNode(account, read))
      : new GroupMemberNode(account, groups);
  });
  return allOf(nodes);
}
