import { parseWorld } from "../../sandbox/src/world/loadWorld.js";
import type { DataCenterSpace, DataCenterUser } from "../../sandbox/src/world/World.js";
import { TtlCache } from "../../src/cache/TtlCache.js";
import type { AccountId, GroupId, SpaceId, SpaceKey } from "../../src/domain/ids.js";
import type { Principal } from "../../src/domain/Principal.js";
import { granted } from "../support/dataCenterWorlds.js";
import { startWatchedSandbox } from "../support/deadFaults.js";
import { ManualClock } from "../support/ManualClock.js";
import { serveConfiguredSite } from "../support/serveConfiguredSite.js";
import type { ExpectedGrant, SiteException, SiteUnderTest } from "./SiteUnderTest.js";

type DataCenterVersion = "8.3.0" | "8.6.0" | "9.2.0" | "10.2.0";

/** What each version cannot do. No version has roles. */
const exceptions: Readonly<Record<DataCenterVersion, readonly SiteException[]>> = {
  "8.3.0": [
    "SPACE_ROLES",
    "ALL_ACCOUNTS",
    "UNLICENSED_GRANTS",
    "GLOBAL_PERMISSIONS",
    "LICENSED_ACCOUNTS",
    "LAST_ACTIVITY",
    "ACCOUNT_UPDATE",
  ],
  "8.6.0": [
    "SPACE_ROLES",
    "UNLICENSED_GRANTS",
    "GLOBAL_PERMISSIONS",
    "LICENSED_ACCOUNTS",
    "LAST_ACTIVITY",
    "ACCOUNT_UPDATE",
  ],
  "9.2.0": ["SPACE_ROLES", "GLOBAL_PERMISSIONS", "LICENSED_ACCOUNTS", "LAST_ACTIVITY"],
  "10.2.0": ["SPACE_ROLES"],
};

function keyOf(number: number): string {
  return `2c958083${String(number).padStart(24, "0")}`;
}

function user(number: number, more: Partial<DataCenterUser> = {}): DataCenterUser {
  return {
    userKey: keyOf(number),
    username: `user-${number}`,
    displayName: `User ${number}`,
    email: `user-${number}@example.com`,
    status: "current",
    ...more,
  };
}

const people = Array.from({ length: 205 }, (_, index) => user(index + 1, { lastLogin: "2026-11-01T08:00:00.000Z" }));
const newcomer = user(900, { displayName: "Newcomer" });
const left = user(901, { displayName: "Left", status: "deactivated" });
const removed = user(902, { displayName: "Removed", status: "externally_deleted" });
const outsider = user(903, { displayName: "Outsider", status: "unlicensed" });
const slashed = user(904, { displayName: "Slashed", username: "ops/night" });
const users = [...people, newcomer, left, removed, outsider, slashed];

const administrators = "confluence-administrators";
const crowd = "crowd";
const nest = "nest";
/** Together with the other groups 1,008, of which an account may list 1,000 at once. */
const nested = Array.from({ length: 1_003 }, (_, index) => `team-${index + 1}`);
const groups = [
  { name: administrators, members: ["user-1"] },
  { name: crowd, members: [...people, newcomer, left].map(({ username }) => username) },
  { name: nest, members: ["user-1"], groups: nested },
  { name: "docs/web", members: ["user-2"] },
  { name: "nobody-yet", members: [] },
  ...nested.map((name) => ({ name, members: ["user-1"] })),
];

const unlicensed = { type: "unlicensed" } as const;
const space = (number: number, more: Partial<DataCenterSpace> = {}): DataCenterSpace => ({
  id: 65_536 + number,
  key: `S${number}`,
  name: `Space ${number}`,
  type: "global",
  status: "current",
  permissions: [],
  ...more,
});
const spaces = [
  space(1, {
    permissions: [
      ...people.flatMap(({ userKey }) => granted({ type: "user", userKey }, "read/space")),
      ...granted({ type: "user", name: "user-2" }, "create/comment"),
      ...granted({ type: "user", userKey: left.userKey }, "read/space", "restrict/space"),
      ...granted({ type: "user", userKey: slashed.userKey }, "delete_own/space"),
      ...granted({ type: "group", name: crowd }, "create/page", "administer/space"),
      ...granted({ type: "group", name: "docs/web" }, "read/space"),
      ...granted({ type: "anonymous" }, "read/space"),
      ...granted(unlicensed, "read/space", "create/comment"),
      // Left over from deletions: by key, by name, and of a group.
      ...granted({ type: "user", userKey: keyOf(999) }, "delete/page"),
      ...granted({ type: "user", name: "left.long.ago" }, "delete/page"),
      ...granted({ type: "group", name: "events-2019" }, "delete/page"),
      // None of the fourteen.
      ...granted({ type: "group", name: crowd }, "export/page"),
    ],
  }),
  // A page of spaces holds 200 when anything is expanded, and 500 otherwise.
  ...Array.from({ length: 505 }, (_, index) => space(index + 2)),
  space(800, { status: "archived" }),
  space(801, { key: "~user-2", type: "personal" }),
];

const account = ({ userKey }: { readonly userKey: string }): Principal => ({
  kind: "account",
  accountId: userKey as AccountId,
});
const group = (name: string): Principal => ({ kind: "group", groupId: name as GroupId });
const anonymous: Principal = { kind: "accessClass", classId: "anonymous-users", reportedType: "anonymous" };
const unlicensedUsers: Principal = { kind: "accessClass", classId: "unlicensed", reportedType: "unlicensed" };
const permission = (principal: Principal, operation: string): ExpectedGrant => ({
  kind: "permission",
  principal,
  operation,
});

const grants: readonly ExpectedGrant[] = [
  ...people.map((each) => permission(account(each), "read/space")),
  permission(account(user(2)), "create/comment"),
  permission(account(left), "read/space"),
  // Two that Data Center names otherwise than Cloud.
  permission(account(left), "restrict_content/space"),
  permission(account(slashed), "delete/space"),
  permission(group(crowd), "create/page"),
  permission(group(crowd), "administer/space"),
  permission(group("docs/web"), "read/space"),
  permission(anonymous, "read/space"),
  permission(account({ userKey: keyOf(999) }), "delete/page"),
  permission(account({ userKey: "left.long.ago" }), "delete/page"),
  permission(group("events-2019"), "delete/page"),
];

/** The Data Center adapter over a sandbox whose lists all take more than one page, with rows of every kind of subject. */
export async function openDataCenterSite(version: DataCenterVersion): Promise<SiteUnderTest> {
  const sandbox = await startWatchedSandbox({
    world: parseWorld({
      dataCenter: {
        version,
        contextPath: "/confluence",
        users,
        groups,
        spaces,
        globalPermissions: [
          ...granted({ type: "group", name: crowd }, "use/application"),
          ...granted({ type: "group", name: administrators }, "administer/system"),
          ...granted({ type: "user", userKey: keyOf(2) }, "create/space"),
          ...granted({ type: "anonymous" }, "use/application"),
          ...granted(unlicensed, "use_unlicensed/application"),
        ],
        administrators: [administrators],
      },
    }),
  });
  if (sandbox.dataCenter === null) throw new Error("the world has no Data Center half");
  const clock = new ManualClock();
  const { site } = serveConfiguredSite({
    env: {
      CONFLUENCE_URL: sandbox.dataCenter.url,
      CONFLUENCE_DEPLOYMENT: "datacenter",
      CONFLUENCE_PERSONAL_ACCESS_TOKEN: sandbox.dataCenter.credentials.personalAccessToken,
    },
    clock,
    cache: new TtlCache({ maxBytes: 1, maxEntries: 1, clock }),
  }).store;
  const idOf = ({ userKey }: DataCenterUser) => userKey as AccountId;
  const addressOf = ({ id, key }: DataCenterSpace) => ({ id: String(id) as SpaceId, key: key as SpaceKey });
  const ofUnlicensed = ["read/space", "create/comment"].map((operation) => permission(unlicensedUsers, operation));
  return {
    site,
    exceptions: new Set(exceptions[version]),
    expected: {
      permissionModel: "PRE_ROLES",
      accounts: new Map([
        [idOf(user(1)), { displayName: "User 1", kind: "HUMAN", status: "ACTIVE" }],
        [idOf(left), { displayName: "Left", kind: "HUMAN", status: "DEACTIVATED" }],
        [idOf(removed), { displayName: "Removed", kind: "HUMAN", status: "CLOSED" }],
        [idOf(outsider), { displayName: "Outsider", kind: "HUMAN", status: "ACTIVE" }],
        [idOf(slashed), { displayName: "Slashed", kind: "HUMAN", status: "ACTIVE" }],
      ]),
      listed: users.map(idOf),
      emails: new Map([
        [idOf(user(1)), "user-1@example.com"],
        [idOf(left), "user-901@example.com"],
      ]),
      usernames: new Map([
        ["USER-3", idOf(user(3))],
        ["Ops/Night", idOf(slashed)],
      ]),
      active: new Map([
        [idOf(user(205)), { email: "user-205@example.com", lastActiveAtMs: Date.parse("2026-11-01T08:00:00.000Z") }],
        [idOf(newcomer), { email: "user-900@example.com", lastActiveAtMs: null }],
      ]),
      groups: new Map(groups.map(({ name }) => [name as GroupId, { name }])),
      crowd: { groupId: crowd as GroupId, members: [...people, newcomer, left].map(idOf) },
      nest: { groupId: nest as GroupId, children: nested as readonly string[] as readonly GroupId[] },
      superGroupId: administrators as GroupId,
      joiner: {
        accountId: idOf(user(1)),
        groupIds: [administrators, crowd, nest, ...nested] as readonly string[] as readonly GroupId[],
      },
      spaces: {
        CURRENT: spaces.filter(({ status }) => status === "current").map(addressOf),
        ARCHIVED: spaces.filter(({ status }) => status === "archived").map(addressOf),
        TRASHED: [],
      },
      granting: {
        spaceId: "65537" as SpaceId,
        // None of the fourteen: REST tells a pair, JSON-RPC one word, and it is one permission.
        grants: [...grants, permission(group(crowd), "export/page")],
        ofUnlicensed,
      },
      globalGrants: [
        permission(group(crowd), "use/application"),
        permission(group(administrators), "administer/system"),
        permission(account(user(2)), "create/space"),
        permission(anonymous, "use/application"),
        permission(unlicensedUsers, "use_unlicensed/application"),
      ],
      roleIds: [],
      nowhere: {
        accountId: keyOf(12_345) as AccountId,
        username: "nobody",
        groupId: "no-such-group" as GroupId,
        spaceId: "99" as SpaceId,
        key: "NONE" as SpaceKey,
      },
    },
    close: async () => {
      await site.close();
      await sandbox.close();
    },
  };
}
