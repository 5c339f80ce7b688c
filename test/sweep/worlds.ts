import type { DataCenterPermission } from "../../sandbox/src/world/World.js";
import { dcGroups, dcUsers, smallDataCenterWorld } from "../support/dataCenterWorlds.js";
import { human, permission, space } from "../support/worlds.js";

const group = (number: number) => `group-${number}`;
const assigned = (principalType: string, principalId: string, roleId: string) => ({
  principal: { principalType, principalId },
  roleId,
});
const everybody = ["all-licensed-users", "anonymous-users"];

/** A Cloud site with more than one page of everything, where a page has two rows. */
export function cloudSweepWorld(mode: string): unknown {
  const accounts = [
    { ...human(1), email: "admin@sandbox.test", lastActive: "2026-11-02", department: "Research", managed: true },
    { ...human(2), lastActive: "2026-10-01", givenName: "Hu", familyName: "Man", managed: true },
    { ...human(3), isExternalCollaborator: true, productRoles: ["atlassian/guest"] },
    { ...human(4), orgStatus: "suspended", managed: true },
    { ...human(5), accountStatus: "inactive" },
    { ...human(6), orgStatus: "deactivated", managed: true },
    { ...human(7), productRoles: [], managed: true },
    { ...human(8), accountType: "app", email: null },
    // Known by a grant alone.
    { ...human(9), managed: true },
  ];
  const id = (number: number) => human(number).accountId;
  const hasRoles = mode !== "PRE_ROLES";
  const rows = (...all: readonly (readonly [string, string, string])[]) =>
    all.map(([type, holder, operation]) => permission(type, holder, operation));
  const roles = (...all: ReturnType<typeof assigned>[]) => (hasRoles ? all : []);
  return {
    cloud: {
      cloudId: "11111111-2222-3333-4444-555555555555",
      mode,
      accounts,
      groups: [
        { id: group(1), name: "engineering", members: [id(1), id(2), id(4), id(5)] },
        { id: group(2), name: "directory", managedBy: "EXTERNAL", members: [id(1), id(2), id(3)] },
        { id: group(3), name: "confluence-users", accessType: "user", members: [id(1), id(2), id(7)] },
        { id: group(4), name: "suspended only", members: [id(4)] },
        { id: group(5), name: "nobody", members: [] },
      ],
      spaces: [
        space(1, {
          permissions: rows(
            ["group", group(1), "read/space"],
            ["group", group(1), "administer/space"],
            ["user", id(1), "read/space"],
            ["user", id(9), "read/space"],
            ["access-class", everybody[0] ?? "", "read/space"],
          ),
          roleAssignments: roles(
            assigned("USER", id(2), "r-viewer"),
            assigned("GROUP", group(2), "r-admin"),
            assigned("ACCESS_CLASS", everybody[1] ?? "", "r-viewer"),
          ),
        }),
        space(2, {
          permissions: rows(
            ["group", group(2), "read/space"],
            ["user", id(3), "read/space"],
            ["user", id(4), "read/space"],
          ),
          roleAssignments: roles(
            assigned("USER", id(1), "r-admin"),
            assigned("USER", id(2), "r-writer"),
            assigned("GROUP", group(1), "r-viewer"),
          ),
        }),
        space(3, { permissions: rows(["user", id(2), "read/space"], ["user", id(2), "create/page"]) }),
        space(4, { status: "archived", permissions: rows(["user", id(2), "read/space"]) }),
        space(5, { status: "archived", permissions: rows(["group", group(3), "read/space"]) }),
        space(6, { status: "archived", authorId: id(2) }),
        space(7, { status: "trashed", permissions: rows(["user", id(1), "read/space"]) }),
        space(8, {
          type: "personal",
          key: `~${id(1)}`,
          spaceOwnerId: id(1),
          permissions: rows(["user", id(1), "administer/space"], ["user", id(1), "read/space"]),
        }),
      ],
      roles: [
        {
          id: "r-admin",
          type: "SYSTEM",
          name: "Admin",
          description: "All",
          spacePermissions: ["read/space", "administer/space"],
        },
        { id: "r-viewer", type: "SYSTEM", name: "Viewer", description: "", spacePermissions: ["read/space"] },
        {
          id: "r-writer",
          type: "CUSTOM",
          name: "Writer",
          description: "",
          spacePermissions: ["read/space", "create/page"],
        },
      ],
    },
  };
}

/** A Data Center site whose names any path can hold, so that it is read whole without faults. */
export function dataCenterSweepWorld(version: string): unknown {
  const { dataCenter } = smallDataCenterWorld(version);
  const isPlain = (name: string) => !name.includes("/");
  const isThere = ({ userKey, name }: DataCenterPermission["subject"]) =>
    userKey !== dcUsers.jo && userKey !== dcUsers.gone && name !== dcGroups.slash && name !== dcGroups.gone;
  return {
    dataCenter: {
      ...dataCenter,
      users: dataCenter.users.filter(({ username }) => isPlain(username)),
      groups: dataCenter.groups
        .filter(({ name }) => isPlain(name))
        .map((group) => ({ ...group, members: group.members.filter(isPlain) })),
      spaces: dataCenter.spaces.map((each) => ({
        ...each,
        permissions: each.permissions.filter(({ subject }) => isThere(subject)),
      })),
    },
  };
}
