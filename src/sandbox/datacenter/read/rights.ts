import { Refusal } from "../../http/Refusal.js";
import type { DataCenterUser } from "../../world/World.js";
import type { DataCenterCall } from "../DataCenterCall.js";

/** For what only administrators may ask. */
export function requireAdministrator({ caller }: DataCenterCall): void {
  if (!caller.isAdministrator) throw new Refusal(403, "Only administrators are permitted to do this.");
}

/** Anonymous sees spaces, but no people and no groups. */
export function requireUser({ caller }: DataCenterCall): DataCenterUser {
  if (caller.user === null) throw new Refusal(403, "Not permitted to view users : anonymous");
  return caller.user;
}

/** 401 for who is not signed in, on permissions, where others who may not read them meet something else. */
export function refuseAnonymous({ caller }: DataCenterCall): void {
  if (caller.user === null) throw new Refusal(401, "User is not authenticated.");
}

const read = { operationKey: "read", targetType: "space" } as const;

/**
 * Whether the caller may see a space: members of the groups of administrators see every one, whatever its permissions say. The
 * global permission `administer` alone shows none.
 */
export function visibleTo({ state, caller }: DataCenterCall): (key: string) => boolean {
  if (caller.isSuperUser) return () => true;
  return (key) => caller.subjects.some((subject) => state.spaces.has(key, subject, read));
}
