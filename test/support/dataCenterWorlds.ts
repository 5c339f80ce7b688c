import type {
  DataCenterPermission,
  DataCenterSpace,
  DataCenterUser,
  DataCenterWorld,
} from "../../sandbox/src/world/World.js";

/** A Data Center site small enough to know by heart. */

type Subject = DataCenterPermission["subject"];

function keyNumber(number: number): string {
  return `2c958083${String(number).padStart(24, "0")}`;
}

/** The user keys, by what the person is here for. */
export const dcUsers = {
  /** The administrator, in `confluence-administrators`. */
  admin: keyNumber(1),
  /** In `a` directly. */
  ben: keyNumber(2),
  /** In `c` alone, and so in `b` and `a`. */
  cara: keyNumber(3),
  /** In `d`, which holds `e`. */
  dan: keyNumber(4),
  /** In `e`, which holds `d`. */
  eve: keyNumber(5),
  /** Deactivated, still a member, still granted, and the only administrator of `OLD`. */
  fay: keyNumber(6),
  /** Has no licence. */
  gus: keyNumber(7),
  /** Deleted in the directory outside. */
  hal: keyNumber(8),
  /** Named `Ida@Example.com`; its membership is written in lower case. */
  ida: keyNumber(9),
  /** Named `jo/ops`: a path cannot hold it. */
  jo: keyNumber(10),
  /** Named `support`, as a group is. */
  support: keyNumber(11),
  /** In no group and without `use/application`; holds `read` in `ENG`. */
  kim: keyNumber(12),
  /** In no group and in no space; holds `use/application` itself. */
  lee: keyNumber(13),
  /** Nobody's key: a user whose deletion left its rows behind. */
  gone: keyNumber(99),
} as const;

/** The group names, which are their ids. */
export const dcGroups = {
  users: "confluence-users",
  administrators: "confluence-administrators",
  /** Holds `b`, which holds `c`. */
  a: "a",
  /** Has no direct members. */
  b: "b",
  c: "c",
  /** Holds `e`, which holds it. */
  d: "d",
  e: "e",
  /** A user has the same name. */
  support: "support",
  /** A path cannot hold it. */
  slash: "docs/web",
  empty: "empty",
  /** No group's name: deleting it left its rows behind. */
  gone: "events-2019",
} as const;

/** The ids of the spaces, by key. */
export const dcSpaces = { ENG: 131_073, DOCS: 131_074, "~ben": 131_075, OLD: 131_076 } as const;

/** All fourteen permissions of a space. */
export const dcSpacePermissions = [
  "read/space",
  "create/page",
  "delete/page",
  "create/blogpost",
  "delete/blogpost",
  "create/comment",
  "delete/comment",
  "create/attachment",
  "delete/attachment",
  "delete_own/space",
  "delete_mail/space",
  "export/space",
  "restrict/space",
  "administer/space",
] as const;

/** Rows of one subject: `granted({ type: "anonymous" }, "read/space")`. */
export function granted(subject: Subject, ...operations: readonly string[]): DataCenterPermission[] {
  return operations.map((operation) => {
    const [operationKey = "", targetType = ""] = operation.split("/");
    return { subject, operation: { operationKey, targetType } };
  });
}

const user = (userKey: string): Subject => ({ type: "user", userKey });
const group = (name: string): Subject => ({ type: "group", name });
const anonymous: Subject = { type: "anonymous" };
const unlicensed: Subject = { type: "unlicensed" };

function person(
  userKey: string,
  username: string,
  displayName: string,
  more: Partial<DataCenterUser> = {},
): DataCenterUser {
  return { userKey, username, displayName, email: `${username}@example.com`, status: "current", ...more };
}

const users: readonly DataCenterUser[] = [
  person(dcUsers.admin, "admin", "Ann Admin", { lastLogin: "2026-11-20T08:00:00.000Z" }),
  person(dcUsers.ben, "ben", "Ben Boateng", { lastLogin: "2026-11-01T08:00:00.000Z" }),
  // Long ago.
  person(dcUsers.cara, "cara", "Cara Castro", { lastLogin: "2025-02-03T08:00:00.000Z" }),
  // Never there: no last login.
  person(dcUsers.dan, "dan", "Dan Dang"),
  person(dcUsers.eve, "eve", "Eve Eze", { lastLogin: "2026-11-19T08:00:00.000Z" }),
  person(dcUsers.fay, "fay", "Fay Fischer", { status: "deactivated", lastLogin: "2024-06-05T08:00:00.000Z" }),
  person(dcUsers.gus, "gus", "Gus Garcia", { status: "unlicensed" }),
  person(dcUsers.hal, "hal", "Hal Hansen", { status: "externally_deleted" }),
  person(dcUsers.ida, "Ida@Example.com", "Ida Ivanova", { email: "ida@example.com" }),
  person(dcUsers.jo, "jo/ops", "Jo Jansen", { email: "jo@example.com" }),
  person(dcUsers.support, "support", "Support desk"),
  person(dcUsers.kim, "kim", "Kim Khan"),
  person(dcUsers.lee, "lee", "Lee Larsen"),
];

const groups: DataCenterWorld["groups"] = [
  {
    name: dcGroups.users,
    members: ["admin", "ben", "cara", "dan", "eve", "fay", "ida@example.com", "jo/ops", "support"],
  },
  { name: dcGroups.administrators, members: ["admin"] },
  { name: dcGroups.a, members: ["ben"], groups: [dcGroups.b] },
  { name: dcGroups.b, members: [], groups: [dcGroups.c] },
  { name: dcGroups.c, members: ["cara"] },
  { name: dcGroups.d, members: ["dan", "fay"], groups: [dcGroups.e] },
  { name: dcGroups.e, members: ["eve"], groups: [dcGroups.d] },
  { name: dcGroups.support, members: ["ben"] },
  { name: dcGroups.slash, members: ["ben", "jo/ops"] },
  { name: dcGroups.empty, members: [] },
];

const spaces: readonly DataCenterSpace[] = [
  {
    id: dcSpaces.ENG,
    key: "ENG",
    name: "Engineering",
    type: "global",
    status: "current",
    creator: dcUsers.admin,
    permissions: [
      ...granted(user(dcUsers.admin), ...dcSpacePermissions),
      ...granted(group(dcGroups.a), "read/space", "create/page"),
      ...granted(group(dcGroups.d), "read/space"),
      // A file may name a user by the user name alone.
      ...granted({ type: "user", name: "ben" }, "create/comment"),
      ...granted(user(dcUsers.fay), "read/space", "delete/page"),
      ...granted(user(dcUsers.kim), "read/space"),
      // Held in vain: without `read` it gives nothing.
      ...granted(user(dcUsers.jo), "create/page"),
    ],
  },
  {
    id: dcSpaces.DOCS,
    key: "DOCS",
    name: "Documentation",
    type: "global",
    status: "current",
    creator: dcUsers.ben,
    permissions: [
      ...granted(anonymous, "read/space"),
      ...granted(unlicensed, "read/space", "create/comment"),
      ...granted(group(dcGroups.users), "read/space", "create/comment"),
      // The user and the group of one name hold different things.
      ...granted(user(dcUsers.support), "read/space", "create/page"),
      ...granted(group(dcGroups.support), "read/space", "administer/space"),
      // The second is none of the fourteen.
      ...granted(group(dcGroups.slash), "read/space", "export/page"),
      ...granted(user(dcUsers.jo), "read/space"),
      // Left over from deletions.
      ...granted(user(dcUsers.gone), "read/space"),
      ...granted(group(dcGroups.gone), "read/space", "create/page"),
    ],
  },
  {
    id: dcSpaces["~ben"],
    key: "~ben",
    name: "Ben Boateng",
    type: "personal",
    status: "current",
    creator: dcUsers.ben,
    permissions: granted(user(dcUsers.ben), ...dcSpacePermissions),
  },
  {
    id: dcSpaces.OLD,
    key: "OLD",
    name: "Old intranet",
    type: "global",
    status: "archived",
    permissions: [
      ...granted(user(dcUsers.fay), "read/space", "administer/space"),
      ...granted(group(dcGroups.c), "read/space"),
    ],
  },
];

const globalPermissions: readonly DataCenterPermission[] = [
  ...granted(group(dcGroups.users), "use/application", "create/personal_space"),
  ...granted(
    group(dcGroups.administrators),
    "use/application",
    "create/space",
    "administer/application",
    "administer/system",
  ),
  ...granted(user(dcUsers.lee), "use/application"),
  ...granted(anonymous, "use/application"),
  ...granted(unlicensed, "use_unlicensed/application"),
];

/**
 * Thirteen users, ten groups (`a` > `b` > `c`, `d` <-> `e`) and four spaces: nesting, a cycle, a clash of names, names with a
 * slash, anonymous and unlicensed access, left-over rows. `changes` replace whole lists.
 */
export function smallDataCenterWorld(
  version = "10.2.0",
  changes: Partial<DataCenterWorld> = {},
): { dataCenter: DataCenterWorld } {
  return {
    dataCenter: {
      version,
      contextPath: "/confluence",
      users,
      groups,
      spaces,
      globalPermissions,
      administrators: [dcGroups.administrators],
      ...changes,
    },
  };
}
