import { principalKey } from "../domain/principalKey.js";
import type { SpaceGrant } from "../domain/SpaceGrant.js";
import { spaceGrantKey } from "../domain/spaceGrantKey.js";
import type { Change } from "./Change.js";
import { operationName, readSpace } from "./operationName.js";
import type { SpaceState } from "./SpaceState.js";

type SpaceChange = Exclude<Change, { kind: "grantMembership" | "revokeMembership" }>;

const administer = "administer/space";

/** What a change does to the administration of a space. */
interface AdministratorsLost {
  /** Keys of the administrating grants that it takes away. */
  readonly keys: readonly string[];
  /** True when no other would be left, those that changes planned on the same reading take away left out. */
  readonly isLast: boolean;
}

/**
 * Which grants that administer a space a change takes away. Confluence counts single permissions by themselves; roles are
 * counted together with them where both exist.
 */
export function administratorsLost(change: SpaceChange, state: SpaceState): AdministratorsLost {
  const lost = new Set(state.grants.filter((grant) => isLost(grant, change, state)).map(spaceGrantKey));
  const isOfPermissions = change.kind === "revokePermissions";
  const remain = state.grants.some((grant) => {
    if (isOfPermissions && grant.kind === "role") return false;
    const key = spaceGrantKey(grant);
    return administers(grant, state) && !lost.has(key) && !state.administratorsLeaving.has(key);
  });
  return { keys: [...lost], isLast: lost.size > 0 && !remain };
}

function isLost(grant: SpaceGrant, change: SpaceChange, state: SpaceState): boolean {
  if (!administers(grant, state) || principalKey(grant.principal) !== principalKey(change.principal)) return false;
  switch (change.kind) {
    case "grantPermissions":
      return false;
    case "revokePermissions": {
      const names = change.operations.map(operationName);
      return grant.kind === "permission" && (names.includes(administer) || names.includes(operationName(readSpace)));
    }
    case "revokeRole":
      return grant.kind === "role" && grant.roleId === change.roleId;
    case "grantRole":
      return grant.kind === "role" && !roleAdministers(change.roleId, state);
  }
}

function administers(grant: SpaceGrant, state: SpaceState): boolean {
  if (grant.kind === "role") return roleAdministers(grant.roleId, state);
  // Single permissions that a roles-only site still lists administer nothing there.
  return state.model !== "ROLES" && operationName(grant.operation) === administer;
}

function roleAdministers(roleId: string, { roles }: SpaceState): boolean {
  const role = roles.find((each) => each.roleId === roleId);
  return role?.permissions.some((permission) => operationName(permission) === administer) ?? false;
}
