import { parseWorld } from "../../sandbox/src/world/loadWorld.js";
import { TtlCache } from "../../src/cache/TtlCache.js";
import type { AccountId, GroupId, RoleId, SpaceId, SpaceKey } from "../../src/domain/ids.js";
import type { PermissionModel } from "../../src/domain/Site.js";
import { startWatchedSandbox } from "../support/deadFaults.js";
import { ManualClock } from "../support/ManualClock.js";
import { serveTestSite } from "../support/serveTestSite.js";
import { cloudWorld, human, permission, space } from "../support/worlds.js";
import type { ExpectedGrant, SiteException, SiteUnderTest } from "./SiteUnderTest.js";

type RoleMode = Exclude<PermissionModel, "UNKNOWN">;

const people = Array.from({ length: 205 }, (_, index) => human(index + 1));
const guest = { ...human(900), displayName: "Guest", isExternalCollaborator: true };
const left = { ...human(901), displayName: "Left", accountStatus: "closed" };
const app = { ...human(902), displayName: "Build bot", accountType: "app" };
const memberIds = people.map(({ accountId }) => accountId as AccountId);
const joinerId = memberIds[0] ?? ("" as AccountId);

const groups = Array.from({ length: 203 }, (_, index) => ({
  id: `g-${String(index + 1).padStart(3, "0")}`,
  name: `Group ${index + 1}`,
  members: index === 0 ? memberIds : [joinerId],
}));
const roles = ["viewer", "writer"].map((id) => ({
  id,
  type: "SYSTEM",
  name: id,
  description: "",
  spacePermissions: ["read/space"],
}));

const accountPrincipals = memberIds.map((accountId) => ({ kind: "account" as const, accountId }));
const groupPrincipal = { kind: "group" as const, groupId: "g-001" as GroupId };
const everyone = { kind: "accessClass" as const, classId: "all-licensed-users", reportedType: "access-class" };

/** 207 granular rows in every mode: what people, a group and an access class may do. */
const rows = [
  ...memberIds.map((id) => permission("user", id)),
  permission("group", groupPrincipal.groupId, "create/page"),
  permission("access-class", everyone.classId, "export_content/space"),
];
const granted: readonly ExpectedGrant[] = [
  ...accountPrincipals.map((principal) => ({ kind: "permission" as const, principal, operation: "read/space" })),
  { kind: "permission", principal: groupPrincipal, operation: "create/page" },
  { kind: "permission", principal: everyone, operation: "export_content/space" },
];
/** 257 rows are two pages; each is held by somebody who need not exist. */
const leftOver = Array.from({ length: 50 }, (_, index) => `712020:gone-${index}` as AccountId);
const leftOverGrants: readonly ExpectedGrant[] = leftOver.map((accountId) => ({
  kind: "permission",
  principal: { kind: "account", accountId },
  operation: "delete/page",
}));

/** No Cloud site can do these, whatever its mode. */
const exceptions: readonly SiteException[] = [
  "NESTED_GROUPS",
  "GLOBAL_PERMISSIONS",
  "UNLICENSED_GRANTS",
  "ALL_ACCOUNTS",
  "ACCOUNT_UPDATE",
  "USERNAMES",
  "LICENSED_ACCOUNTS",
];
/** What the mode takes away. In `ROLES` granular rows are still told: only writing them is refused. */
const exceptionsOfMode: Readonly<Record<RoleMode, readonly SiteException[]>> = {
  PRE_ROLES: ["SPACE_ROLES"],
  ROLES_TRANSITION: [],
  ROLES: ["GRANULAR_SPACE_PERMISSIONS"],
};

/** The Cloud adapter over a sandbox whose lists of people, groups, members and grants all take more than one page. */
export async function openCloudSite(mode: RoleMode): Promise<SiteUnderTest> {
  const hasRoles = mode !== "PRE_ROLES";
  const sandbox = await startWatchedSandbox({
    world: parseWorld(
      cloudWorld({
        mode,
        accounts: [...people, guest, left, app],
        groups,
        roles,
        spaces: [
          space(1, {
            permissions: [...rows, ...leftOver.map((id) => permission("user", id, "delete/page"))],
            roleAssignments: [
              { principal: { principalType: "GROUP", principalId: groupPrincipal.groupId }, roleId: "writer" },
              { principal: { principalType: "ACCESS_CLASS", principalId: everyone.classId }, roleId: "viewer" },
            ],
          }),
          space(2),
          space(3, { status: "archived" }),
          space(4, { status: "trashed" }),
          space(5, { key: "~712020abc", type: "personal" }),
        ],
      }),
    ),
  });
  const clock = new ManualClock();
  const { site } = serveTestSite({
    url: sandbox.url,
    ...sandbox.credential,
    clock,
    cache: new TtlCache({ maxBytes: 1, maxEntries: 1, clock }),
  }).store;
  const spaceNamed = (id: number, key = `S${id}`) => ({ id: String(1000 + id) as SpaceId, key: key as SpaceKey });
  const roleGrants: readonly ExpectedGrant[] = [
    { kind: "role", principal: groupPrincipal, roleId: "writer" as RoleId },
    { kind: "role", principal: everyone, roleId: "viewer" as RoleId },
  ];
  return {
    site,
    expected: {
      permissionModel: mode,
      accounts: new Map([
        [joinerId, { displayName: "Human 1", kind: "HUMAN", status: "ACTIVE" }],
        [guest.accountId as AccountId, { displayName: "Guest", kind: "GUEST", status: "ACTIVE" }],
        [left.accountId as AccountId, { displayName: "Left", kind: "HUMAN", status: "CLOSED" }],
        [app.accountId as AccountId, { displayName: "Build bot", kind: "APP", status: "ACTIVE" }],
      ]),
      listed: [...memberIds, guest.accountId as AccountId],
      emails: new Map([
        [joinerId, "human-1@example.com"],
        [guest.accountId as AccountId, "human-900@example.com"],
      ]),
      usernames: new Map(),
      active: new Map(),
      groups: new Map(groups.map(({ id, name }) => [id as GroupId, { name }])),
      crowd: { groupId: "g-001" as GroupId, members: memberIds },
      nest: { groupId: "g-001" as GroupId, children: [] },
      superGroupId: null,
      joiner: { accountId: joinerId, groupIds: groups.map(({ id }) => id as GroupId) },
      spaces: {
        CURRENT: [spaceNamed(1), spaceNamed(2), spaceNamed(5, "~712020abc")],
        ARCHIVED: [spaceNamed(3)],
        TRASHED: [spaceNamed(4)],
      },
      granting: {
        spaceId: "1001" as SpaceId,
        grants: [...granted, ...leftOverGrants, ...(hasRoles ? roleGrants : [])],
        ofUnlicensed: [],
      },
      globalGrants: [],
      roleIds: hasRoles ? roles.map(({ id }) => id as RoleId) : [],
      nowhere: {
        accountId: "712020:nobody" as AccountId,
        username: "nobody",
        groupId: "g-none" as GroupId,
        spaceId: "99" as SpaceId,
        key: "NONE" as SpaceKey,
      },
    },
    exceptions: new Set([...exceptions, ...exceptionsOfMode[mode]]),
    close: async () => {
      await site.close();
      await sandbox.close();
    },
  };
}
