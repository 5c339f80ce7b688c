import type { DataCenterState } from "../state/DataCenterState.js";
import type { Operation } from "../state/PermissionRow.js";
import type { Subject } from "../state/Subject.js";
import { spacePermissionTypes } from "../write/spacePermissionTypes.js";

interface RemotePermission {
  readonly type: string;
  readonly userName: string | null;
  readonly groupName: string | null;
}

/** One set a permission. All of the fourteen are there, empty ones too; others follow under names of their own. */
export function mapPermissionSets(state: DataCenterState, key: string): unknown {
  const sets = new Map<string, RemotePermission[]>([...spacePermissionTypes.keys()].map((type) => [type, []]));
  for (const { subject, operation } of state.spaces.rows(key)) {
    const holder = mapHolder(state, subject);
    if (holder === null) continue;
    const type = typeOf(operation);
    const set = sets.get(type) ?? [];
    set.push({ type, ...holder });
    sets.set(type, set);
  }
  return [...sets].map(([type, spacePermissions]) => ({ type, spacePermissions }));
}

function typeOf({ operationKey, targetType }: Operation): string {
  for (const [type, operation] of spacePermissionTypes) {
    if (operation.operationKey === operationKey && operation.targetType === targetType) return type;
  }
  return `${operationKey}${targetType}`.toUpperCase();
}

/** Two nulls are anonymous, so there is no way to say "unlicensed": null leaves it out. */
function mapHolder({ users }: DataCenterState, subject: Subject): Omit<RemotePermission, "type"> | null {
  switch (subject.kind) {
    case "user":
      // Of a deleted user the key is all that is left (2026-11-21, test "names a deleted user by its key").
      return { userName: users.byKey(subject.userKey)?.username ?? subject.userKey, groupName: null };
    case "lost-user":
      return { userName: subject.username, groupName: null };
    case "group":
      return { userName: null, groupName: subject.name };
    case "anonymous":
      return { userName: null, groupName: null };
    case "unlicensed":
      return null;
  }
}
