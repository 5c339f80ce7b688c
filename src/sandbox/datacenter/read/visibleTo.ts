import type { DataCenterCall } from "../DataCenterCall.js";

const read = { operationKey: "read", targetType: "space" } as const;

/**
 * Whether the caller may see a space: members of the groups of administrators see every one, whatever its permissions say. The
 * global permission `administer` alone shows none.
 */
export function visibleTo({ state, caller }: DataCenterCall): (key: string) => boolean {
  if (caller.isSuperUser) return () => true;
  return (key) => caller.subjects.some((subject) => state.spaces.has(key, subject, read));
}
