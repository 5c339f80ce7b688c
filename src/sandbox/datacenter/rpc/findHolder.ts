import { Refusal } from "../../http/Refusal.js";
import type { DataCenterState } from "../state/DataCenterState.js";
import type { Operation } from "../state/PermissionRow.js";
import type { Subject } from "../state/Subject.js";

/** A permission in a space. */
export interface Held {
  readonly key: string;
  readonly operation: Operation;
}

/**
 * Whom a name means where a permission is taken away: a user before a group, and, where no user has the name, also what is
 * left of deleted users: their rows are removed by the name that they are listed under (2026-11-21, test "is removed by that
 * name, though no user has it"). Of several, the one that holds the permission is meant. A group that was deleted is not found.
 */
export function findHolder(
  { users, groups, spaces }: DataCenterState,
  name: string,
  { key, operation }: Held,
): Subject {
  const user = users.byName(name);
  if (user !== undefined) return { kind: "user", userKey: user.userKey };
  const group = groups.get(name);
  const isKnown = (subject: Subject): boolean => spaces.rowsOf(key, subject).length > 0;
  const left: readonly Subject[] = [
    ...(users.byKey(name) === undefined ? [{ kind: "user", userKey: name } as const] : []),
    { kind: "lost-user", username: name },
  ];
  const candidates: readonly Subject[] = [
    ...(group === undefined ? [] : [{ kind: "group", name: group.name } as const]),
    ...left.filter(isKnown),
  ];
  const found = candidates.find((subject) => spaces.has(key, subject, operation)) ?? candidates[0];
  if (found === undefined) throw new Refusal(404, `No user or group with the name ${name} exists.`);
  return found;
}
