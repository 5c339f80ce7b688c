import { operationName, readSpace } from "../../domain/Operation.js";
import { principalKey } from "../../domain/principalKey.js";
import type { SpaceGrant } from "../../domain/SpaceGrant.js";
import { spaceGrantKey } from "../../domain/spaceGrantKey.js";
import type { SpaceChange } from "../Change.js";
import type { SpaceState } from "../plans/SpaceState.js";
import { type Refusal, refuse } from "../reconcile/Plan.js";

const administer = "administer/space";

/** Whether a change takes a grant away that administers the space: then who else administers it decides. */
export function takesAdministration(change: SpaceChange, state: SpaceState): boolean {
  return state.grants.some((grant) => isLost(grant, change, state));
}

/** Refuses a change after which nothing in the space would administer it any more. */
export function refuseLastAdministrator(change: SpaceChange, state: SpaceState): Refusal | null {
  const lost = new Set(state.grants.filter((grant) => isLost(grant, change, state)).map(spaceGrantKey));
  // Confluence counts single permissions by themselves; roles are counted together with them where both exist.
  const isOfPermissions = change.kind === "revokePermissions";
  const remain = state.grants.some((grant) => {
    if (isOfPermissions && grant.kind === "role") return false;
    return administers(grant, state) && !lost.has(spaceGrantKey(grant));
  });
  if (lost.size === 0 || remain) return null;
  return refuse(
    "LAST_ADMINISTRATOR",
    ["principal"],
    isOfPermissions
      ? "This would leave the space without an administrator. Give administer/space to somebody else first."
      : "This would leave the space without an administrator. Give a role with administer/space to somebody else first.",
  );
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
