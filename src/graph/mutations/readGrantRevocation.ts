import type { ChangeFault } from "../../domain/Change.js";
import { fault, type Locate, type ReadChange, readId } from "./readChange.js";

/**
 * The change that revokes a grant by its id. A membership and an assignment say it all in their id; a single permission is
 * revoked by its row, which the reading that the plan is made on has, or has not.
 */
export function readGrantRevocation(grantId: string, locate: Locate): ReadChange {
  const faults: ChangeFault[] = [];
  const id = readId(grantId, locate([]), ["Grant"], faults);
  const [first] = faults;
  if (id === null) return { faults: [first ?? fault("INVALID_INPUT", locate([]), "This is not the id of a Grant.")] };
  const { siteId } = id;
  switch (id.kind) {
    case "membership":
      return { siteId, locate, change: { kind: "revokeMembership", groupId: id.groupId, accountId: id.accountId } };
    case "role": {
      const { spaceId, principal, roleId } = id;
      return { siteId, locate, change: { kind: "revokeRole", spaceId, principal, roleId } };
    }
    case "permission":
      return { siteId, locate, change: { kind: "revokeRow", spaceId: id.spaceId, permissionId: id.permissionId } };
    default:
      return { faults: [fault("NOT_REVOCABLE", locate([]), notRevocable[id.kind])] };
  }
}

/** Confluence has calls to read these, and none to change them. */
const notRevocable = {
  global:
    "Permissions on the site as a whole cannot be changed by Confluence's API: change them in its administration, under Global Permissions, or take the account out of the group that holds them.",
  nesting:
    "Groups in groups cannot be changed by Confluence's API: change them in the user directory that holds them (LDAP, Crowd).",
} as const;
