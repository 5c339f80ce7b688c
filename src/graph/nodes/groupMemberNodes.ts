import type { GraphQLResolveInfo } from "graphql";
import type { SiteLoaders } from "../../loaders/engine/SiteLoaders.js";
import type { NestedMember } from "../../readings/groupMembers.js";
import { connectionPaths } from "../selection/connectionPaths.js";
import { GroupMemberNode } from "../types/GroupMemberNode.js";
import { accountNodes } from "./accountNodes.js";
import { groupNode } from "./groupNode.js";

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
  return Promise.all(
    accounts.map(async (account, index) => {
      const path = members[index]?.path ?? [];
      const groups = await Promise.all(path.map((groupId) => groupNode(loaders, groupId, info, groupPaths)));
      return new GroupMemberNode(account, groups);
    }),
  );
}
