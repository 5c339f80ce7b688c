import { describe, expect, it } from "vitest";
import { parseWorld } from "../../../sandbox/src/world/loadWorld.js";
import { InvalidWorld } from "../../../sandbox/src/world/World.js";
import { person, row, smallWorld, space } from "../support/smallWorld.js";

function faultsOf(json: unknown): readonly string[] {
  try {
    parseWorld(json);
  } catch (error) {
    if (error instanceof InvalidWorld) return error.faults;
    throw error;
  }
  return [];
}

const copy = (): Record<string, Record<string, unknown>> => JSON.parse(JSON.stringify(smallWorld()));
const withCloud = (changes: Record<string, unknown>): unknown => ({ cloud: { ...copy().cloud, ...changes } });

const dataCenter = {
  version: "9.2.0",
  contextPath: "/confluence",
  users: [
    { userKey: "k1", username: "ann", displayName: "Ann", email: "", status: "current", lastLogin: "2026-10-01" },
  ],
  groups: [{ name: "staff", members: ["ann"], groups: ["child"] }],
  spaces: [
    {
      id: 131073,
      key: "ds",
      name: "Demo",
      type: "global",
      status: "current",
      creator: "k1",
      permissions: [{ subject: { type: "anonymous" }, operation: { operationKey: "read", targetType: "space" } }],
    },
  ],
  globalPermissions: [
    { subject: { type: "group", name: "staff" }, operation: { operationKey: "use", targetType: "application" } },
  ],
  administrators: ["confluence-administrators"],
};

describe("a world file", () => {
  it("is taken with either half or both, and comes back as it was", () => {
    expect(parseWorld(copy())).toEqual(copy());
    expect(parseWorld({ dataCenter })).toEqual({ dataCenter });
    expect(parseWorld({ ...copy(), dataCenter })).toEqual({ ...copy(), dataCenter });
  });

  it("takes every optional key", () => {
    const account = {
      ...person("x"),
      isExternalCollaborator: false,
      orgStatus: "for_deletion",
      productRoles: ["atlassian/user"],
      lastActive: "2026-10-01",
      managed: true,
      givenName: "X",
      familyName: "Y",
      department: "Z",
      externalId: "E1",
    };
    expect(faultsOf(withCloud({ accounts: [account], siteUrl: "https://x.atlassian.net" }))).toEqual([]);
  });

  it("may name principals, members, authors and roles that do not exist", () => {
    expect(faultsOf(withCloud({ accounts: [], roles: [] }))).toEqual([]);
  });

  it("is refused with the path of every fault at once", () => {
    const spaces = [
      space("1"),
      space("2"),
      space("3"),
      {
        ...space("x4"),
        status: "gone",
        createdAt: "yesterday",
        permissions: [{ principal: { type: "user", id: "u" }, operation: { targetType: "space" } }, 5],
        roleAssignments: [{ principal: { principalType: "APP", principalId: "" } }],
      },
    ];
    expect(faultsOf({ ...(withCloud({ spaces, mode: "MAYBE", colour: "red" }) as object), clouds: {} })).toEqual([
      'cloud.mode: must be one of PRE_ROLES, ROLES_TRANSITION, ROLES, not "MAYBE"',
      "cloud.spaces[3].id: must be decimal digits, at most 19",
      'cloud.spaces[3].status: must be one of current, archived, trashed, not "gone"',
      'cloud.spaces[3].createdAt: must be an ISO 8601 date, not "yesterday"',
      "cloud.spaces[3].permissions[0].operation.key: missing",
      "cloud.spaces[3].permissions[1]: must be an object, not a number",
      'cloud.spaces[3].roleAssignments[0].principal.principalType: must be one of USER, GROUP, ACCESS_CLASS, not "APP"',
      "cloud.spaces[3].roleAssignments[0].principal.principalId: must not be empty",
      "cloud.spaces[3].roleAssignments[0].roleId: missing",
      "cloud.colour: unknown key",
      "clouds: unknown key",
    ]);
  });

  it.each([
    ["accounts", [person("a"), person("a")], 'cloud.accounts[1].accountId: duplicate "a"'],
    [
      "groups",
      [
        { id: "g", name: "g", members: [] },
        { id: "g", name: "h", members: [] },
      ],
      "cloud.groups[1].id: duplicate",
    ],
    ["groups", [{ id: "g", name: "g", members: ["a", 7] }], "cloud.groups[0].members[1]: must be a string"],
    ["spaces", [space("1"), space("1", { key: "B" })], "cloud.spaces[1].id: duplicate"],
    ["spaces", [space("1"), space("2", { key: "K1" })], "cloud.spaces[1].key: duplicate"],
    [
      "spaces",
      [
        space("1", {
          permissions: [
            { ...row("user", "u", "read/space"), id: "9" },
            { ...row("user", "v", "read/space"), id: "9" },
          ],
        }),
      ],
      "cloud.spaces[0].permissions[1].id: duplicate",
    ],
    [
      "spaces",
      [
        space("1", {
          roleAssignments: [
            { principal: { principalType: "USER", principalId: "u" }, roleId: "r" },
            { principal: { principalType: "USER", principalId: "u" }, roleId: "q" },
          ],
        }),
      ],
      "cloud.spaces[0].roleAssignments[1].principal: duplicate",
    ],
    ["accounts", [{ ...person("a"), email: undefined }], "cloud.accounts[0].email: missing"],
    ["accounts", [{ ...person("a"), orgStatus: "asleep" }], "cloud.accounts[0].orgStatus: must be one of"],
    ["accounts", {}, "cloud.accounts: must be a list"],
    ["cloudId", "a/b", "cloud.cloudId: must be usable as one segment"],
  ])("is refused for bad %s: one line, with the path", (key, value, line) => {
    const faults = faultsOf(JSON.parse(JSON.stringify(withCloud({ [key]: value }))));
    expect(faults).toEqual([expect.stringContaining(line)]);
  });

  it("takes equal rows, which Confluence may hold", () => {
    const permissions = [row("user", "u", "read/space"), row("user", "u", "read/space")];
    expect(faultsOf(withCloud({ spaces: [space("1", { permissions })] }))).toEqual([]);
  });

  it("has its Data Center half checked just as well", () => {
    const wrong = {
      ...dataCenter,
      version: "nine",
      contextPath: "confluence/",
      users: [...dataCenter.users, { userKey: "k1", username: "ANN", displayName: "", email: "", status: "away" }],
      spaces: [{ ...dataCenter.spaces[0], id: "131073" }],
      globalPermissions: [{ subject: { type: "user" }, operation: { operationKey: "use" } }],
      extra: 1,
    };
    expect(faultsOf({ dataCenter: wrong })).toEqual([
      "dataCenter.version: must look like 9.2.0",
      "dataCenter.contextPath: must be empty or a path like /confluence, of letters, digits, . _ ~ and -",
      'dataCenter.users[1].status: must be one of current, deactivated, externally_deleted, unlicensed, not "away"',
      'dataCenter.users[1].userKey: duplicate "k1", already at dataCenter.users[0].userKey',
      'dataCenter.users[1].username: duplicate "ann", already at dataCenter.users[0].username',
      "dataCenter.spaces[0].id: must be a whole number that is not negative",
      "dataCenter.globalPermissions[0].subject.userKey: missing (a user needs userKey or name)",
      "dataCenter.globalPermissions[0].operation.targetType: missing",
      "dataCenter.extra: unknown key",
    ]);
  });

  it.each([null, [], "x", 3, {}])("is refused when it is %j", (json) => {
    expect(faultsOf(json)).toHaveLength(1);
  });
});
