import type { DataCenterPermission, DataCenterWorld, World } from "../../../sandbox/src/world/World.js";

const subject = {
  ann: { type: "user", userKey: "key-ann" },
  gone: { type: "user", userKey: "key-gone" },
  users: { type: "group", name: "confluence-users" },
  administrators: { type: "group", name: "confluence-administrators" },
  anonymous: { type: "anonymous" },
  unlicensed: { type: "unlicensed" },
} as const satisfies Record<string, DataCenterPermission["subject"]>;

function row(who: keyof typeof subject, operationKey: string, targetType: string): DataCenterPermission {
  return { subject: subject[who], operation: { operationKey, targetType } };
}

/** A Data Center world with one of everything that writes meet: a name that a user and a group share among it. */
export function writableWorld(changes: Partial<DataCenterWorld> = {}): World {
  const person = (username: string, status: DataCenterWorld["users"][number]["status"] = "current") => ({
    userKey: `key-${username}`,
    username,
    displayName: `${username} of the world`,
    email: `${username}@example.com`,
    status,
  });
  return {
    dataCenter: {
      version: "10.2.0",
      contextPath: "/confluence",
      users: [
        person("admin"),
        person("ann"),
        person("bob"),
        person("release"),
        person("left", "deactivated"),
        person("gone-away", "externally_deleted"),
        person("guest", "unlicensed"),
      ],
      groups: [
        { name: "confluence-administrators", members: ["admin"] },
        { name: "confluence-users", members: ["admin", "ann", "bob", "release", "left"] },
        { name: "Engineering", members: ["ann", "left"], groups: ["release"] },
        { name: "release", members: ["bob"] },
      ],
      spaces: [
        {
          id: 131073,
          key: "ENG",
          name: "Engineering",
          type: "global",
          status: "current",
          permissions: [
            row("administrators", "read", "space"),
            row("administrators", "administer", "space"),
            row("users", "read", "space"),
            row("ann", "read", "space"),
            row("ann", "create", "page"),
            row("gone", "read", "space"),
            row("anonymous", "read", "space"),
            row("unlicensed", "read", "space"),
            row("users", "export", "page"),
          ],
        },
      ],
      globalPermissions: [row("users", "use", "application"), row("anonymous", "use", "application")],
      administrators: ["confluence-administrators"],
      ...changes,
    },
  };
}
