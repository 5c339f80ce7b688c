import type { DataCenterWorld } from "../../world/World.js";

/** Every user key that a world names, whether or not somebody has it: in rows, as creators and as users. */
export function listNamedKeys({ users, spaces, globalPermissions }: DataCenterWorld): ReadonlySet<string> {
  const keys = new Set(users.map(({ userKey }) => userKey));
  for (const { creator, permissions } of [...spaces, { creator: undefined, permissions: globalPermissions }]) {
    if (creator !== undefined) keys.add(creator);
    for (const { subject } of permissions) if (subject.userKey !== undefined) keys.add(subject.userKey);
  }
  return keys;
}
