import type {
  CloudWorld,
  World,
  WorldAccount,
  WorldGroup,
  WorldPermission,
  WorldSpace,
} from "../../../sandbox/src/world/World.js";

/** An active, licensed person. */
export function person(accountId: string, more: Partial<WorldAccount> = {}): WorldAccount {
  return {
    accountId,
    accountType: "atlassian",
    accountStatus: "active",
    displayName: `Person ${accountId}`,
    email: `${accountId}@example.com`,
    ...more,
  };
}

/** Several people: `a-0`, `a-1`, … */
export function crowd(count: number, prefix = "a"): WorldAccount[] {
  return Array.from({ length: count }, (_, at) => person(`${prefix}-${at}`));
}

export function group(id: string, members: readonly string[], more: Partial<WorldGroup> = {}): WorldGroup {
  return { id, name: `name of ${id}`, members, ...more };
}

export function row(type: WorldPermission["principal"]["type"], id: string, operation: string): WorldPermission {
  const [key = "", targetType = ""] = operation.split("/");
  return { principal: { type, id }, operation: { key, targetType } };
}

export function space(id: string, more: Partial<WorldSpace> = {}): WorldSpace {
  return {
    id,
    key: `K${id}`,
    name: `Space ${id}`,
    type: "global",
    status: "current",
    authorId: "ann",
    createdAt: "2025-11-03T21:23:24.944Z",
    permissions: [],
    roleAssignments: [],
    ...more,
  };
}

/** A world small enough to know by heart; `changes` replace whole lists. */
export function smallWorld(changes: Partial<CloudWorld> = {}): World {
  return {
    cloud: {
      cloudId: "cloud-1",
      mode: "ROLES_TRANSITION",
      accounts: [
        person("ann", { email: "admin@sandbox.test", displayName: "Ann Lee" }),
        person("bob", { displayName: "Bob Jones", email: null }),
        person("guest", { displayName: "Gus Guest", isExternalCollaborator: true }),
        person("bot", { accountType: "app", displayName: "A bot", email: "" }),
        person("cust", { accountType: "customer", displayName: "A customer" }),
        person("sus", { orgStatus: "suspended" }),
        person("deact", { orgStatus: "deactivated" }),
        person("inactive", { accountStatus: "inactive" }),
        person("closed", { accountStatus: "closed", email: "" }),
        person("unlicensed", { productRoles: [] }),
      ],
      groups: [
        group("g-eng", ["ann", "sus", "bob", "deact", "inactive"], { name: "engineering" }),
        group("g-ext", ["ann"], { name: "directory", managedBy: "EXTERNAL" }),
        group("g-users", [], { name: "Confluence-Users", accessType: "user" }),
      ],
      spaces: [
        space("100", {
          key: "ENG",
          permissions: [
            row("group", "g-eng", "read/space"),
            row("group", "g-eng", "administer/space"),
            row("group", "g-eng", "export_content/space"),
            row("user", "gone", "read/space"),
            row("access-class", "all-licensed-users", "read/space"),
            row("access-class", "brand-new-class", "manage_public_links/space"),
          ],
          roleAssignments: [{ principal: { principalType: "USER", principalId: "bob" }, roleId: "r-viewer" }],
        }),
        space("200", { key: "OLD", status: "archived" }),
        space("300", { key: "BIN", status: "trashed", permissions: [row("user", "ann", "read/space")] }),
        space("1000", { key: "~ann", type: "personal" }),
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
          id: "r-custom",
          type: "CUSTOM",
          name: "Writer",
          description: "",
          spacePermissions: ["read/space", "create/page"],
        },
      ],
      ...changes,
    },
  };
}
