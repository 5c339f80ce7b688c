import type { AccountId, GroupId, SiteId, SpaceId } from "../../src/domain/ids.js";
import { encodeGlobalId } from "../../src/graph/schema/GlobalId.js";
import { dcSpaces } from "../support/dataCenterWorlds.js";

/** The global ids of the things of a small Data Center world, as the graph would answer them. */
export function dataCenterIds(site: string) {
  const siteId = site as SiteId;
  return {
    space: (key: keyof typeof dcSpaces) =>
      encodeGlobalId({ type: "Space", siteId, spaceId: String(dcSpaces[key]) as SpaceId }),
    account: (userKey: string) => encodeGlobalId({ type: "Account", siteId, accountId: userKey as AccountId }),
    group: (name: string) => encodeGlobalId({ type: "Group", siteId, groupId: name as GroupId }),
  };
}
