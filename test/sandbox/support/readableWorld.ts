import type { DataCenterPermission, DataCenterUser, DataCenterWorld, World } from "../../../sandbox/src/world/World.js";

type Subject = DataCenterPermission["subject"];

/** A row of a world: `row(group("a"), "read/space")`. */
export function row(subject: Subject, operation: string): DataCenterPermission {
  const [operationKey = "", targetType = ""] = operation.split("/");
  return { subject, operation: { operationKey, targetType } };
}

export const group = (name: string): Subject => ({ type: "group", name });
export const anonymous: Subject = { type: "anonymous" };

/** A user; the key is `key-` and the name in lower case. */
export function user(username: string, more: Partial<DataCenterUser> = {}): DataCenterUser {
  return {
    userKey: `key-${username.toLowerCase()}`,
    username,
    displayName: `${username} of the world`,
    email: `${username.toLowerCase()}@example.com`,
    status: "current",
    ...more,
  };
}

/**
 * A world small enough to know by heart; `changes` replace whole lists. `admin` administers, `Bob` is the first who does
 * not. Groups a > b > c, and d and e in each other.
 */
export function readableWorld(
  changes: Partial<DataCenterWorld> = {},
): World & { readonly dataCenter: DataCenterWorld } {
  return {
    dataCenter: {
      version: "10.2.0",
      contextPath: "/confluence",
      users: [
        user("admin", { lastLogin: "2026-11-01T08:00:00Z" }),
        user("Bob", { lastLogin: "2025-01-02" }),
        user("cy"),
        user("dee", { status: "deactivated" }),
        user("Eli@example.com", { status: "externally_deleted" }),
        user("flo", { status: "unlicensed" }),
      ],
      groups: [
        { name: "confluence-administrators", members: ["admin"] },
        { name: "confluence-users", members: ["ADMIN", "bob", "cy", "dee", "nobody"], groups: [] },
        { name: "a", members: ["Bob"], groups: ["b", "gone"] },
        { name: "b", members: [], groups: ["c"] },
        { name: "c", members: ["cy", "bob"] },
        { name: "D", members: ["cy"], groups: ["e"] },
        { name: "e", members: ["dee"], groups: ["d"] },
      ],
      spaces: [
        {
          id: 131073,
          key: "ENG",
          name: "Engineering",
          type: "global",
          status: "current",
          creator: "key-bob",
          permissions: [
            row(group("a"), "read/space"),
            row({ type: "user", userKey: "key-cy" }, "create/page"),
            row({ type: "user", name: "BOB" }, "delete/page"),
            row({ type: "user", userKey: "key-gone" }, "read/space"),
            row({ type: "user", name: "long-gone" }, "read/space"),
            row(group("gone"), "export/page"),
            row(anonymous, "read/space"),
            row({ type: "unlicensed" }, "read/space"),
          ],
        },
        {
          id: 131074,
          key: "old",
          name: "Old",
          type: "global",
          status: "archived",
          creator: "key-gone",
          permissions: [row(group("C"), "read/space")],
        },
        { id: 131075, key: "SECRET", name: "Secret", type: "global", status: "current", permissions: [] },
        {
          id: 131076,
          key: "~cy",
          name: "Cy's",
          type: "personal",
          status: "current",
          permissions: [row({ type: "user", userKey: "key-bob" }, "read/space")],
        },
      ],
      globalPermissions: [
        row(group("confluence-users"), "use/application"),
        row(group("confluence-administrators"), "administer/application"),
        row({ type: "unlicensed" }, "use_unlicensed/application"),
        row({ type: "user", userKey: "key-dee" }, "create/space"),
      ],
      administrators: ["confluence-administrators"],
      ...changes,
    },
  };
}

/** With anonymous allowed to use the site. */
export function openWorld(): World {
  const { dataCenter } = readableWorld();
  const globalPermissions = [...dataCenter.globalPermissions, row(anonymous, "use/application")];
  return readableWorld({ globalPermissions });
}
