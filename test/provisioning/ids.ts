import type { AccountId, GroupId, RoleId, SiteId, SpaceId } from "../../src/domain/ids.js";
import { encodeGlobalId } from "../../src/graph/schema/GlobalId.js";
import { human } from "../support/worlds.js";

/** The global ids of one site's things, as the graph would answer them. */
export function idsOf(site: string) {
  const siteId = site as SiteId;
  const accountIdOf = (number: number) => human(number).accountId as AccountId;
  return {
    /** Of `space(number)`. */
    space: (number: number) => encodeGlobalId({ type: "Space", siteId, spaceId: String(1000 + number) as SpaceId }),
    /** Of `human(number)`. */
    account: (number: number) => encodeGlobalId({ type: "Account", siteId, accountId: accountIdOf(number) }),
    group: (id: string) => encodeGlobalId({ type: "Group", siteId, groupId: id as GroupId }),
    accessClass: (classId: string) =>
      encodeGlobalId({ type: "AccessClass", siteId, reportedType: "access-class", classId }),
    role: (id: string) => encodeGlobalId({ type: "SpaceRole", siteId, roleId: id as RoleId }),
    membership: (groupId: string, number: number) =>
      encodeGlobalId({
        type: "Grant",
        siteId,
        kind: "membership",
        groupId: groupId as GroupId,
        accountId: accountIdOf(number),
      }),
    permissionRow: (spaceNumber: number, permissionId: string) =>
      encodeGlobalId({
        type: "Grant",
        siteId,
        kind: "permission",
        spaceId: String(1000 + spaceNumber) as SpaceId,
        permissionId,
      }),
    roleGrant: (spaceNumber: number, roleId: string, accountNumber: number) =>
      encodeGlobalId({
        type: "Grant",
        siteId,
        kind: "role",
        spaceId: String(1000 + spaceNumber) as SpaceId,
        roleId: roleId as RoleId,
        principal: { kind: "account", accountId: accountIdOf(accountNumber) },
      }),
  };
}
