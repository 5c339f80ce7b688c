import type { DataCenterPermission } from "./World.js";

/**
 * One text a row: equal for rows that grant the same to the same subject, however it is named. `keyByName` has the user keys
 * by user name in lower case.
 */
export function permissionKey(
  { subject, operation }: DataCenterPermission,
  keyByName: ReadonlyMap<string, string>,
): string {
  const name = subject.name?.toLowerCase() ?? "";
  const userKey = subject.userKey ?? (subject.type === "user" ? keyByName.get(name) : undefined);
  const who = userKey === undefined ? name : `key ${userKey}`;
  return `${subject.type} ${who}: ${operation.operationKey}/${operation.targetType}`;
}
