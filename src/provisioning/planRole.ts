import { principalKey } from "../domain/principalKey.js";
import { administratorsLost } from "./administratorsLost.js";
import type { Change } from "./Change.js";
import type { Plan } from "./Plan.js";
import { refuse } from "./refuse.js";
import type { SpaceState } from "./SpaceState.js";

type RoleChange = Extract<Change, { kind: "grantRole" | "revokeRole" }>;

/** Confluence itself would let it happen (2026-11-21, test "revoking the last administrator's role"). */
const lastAdministrator = refuse(
  "LAST_ADMINISTRATOR",
  ["principal"],
  "This would leave the space without an administrator. Give a role with administer/space to somebody else first.",
);

/** Plans a change of a role: a principal has at most one in a space, so granting another replaces it. */
export function planRole(change: RoleChange, state: SpaceState): Plan {
  const { roleId, principal } = change;
  const key = principalKey(principal);
  const held = state.grants.find((grant) => grant.kind === "role" && principalKey(grant.principal) === key);
  const heldRole = held?.kind === "role" ? held.roleId : null;
  if (change.kind === "revokeRole") {
    if (heldRole !== roleId) return { kind: "settled", outcome: "NOT_PRESENT" };
    if (administratorsLost(change, state).isLast) return lastAdministrator;
    return { kind: "steps", steps: [{ kind: "setRole", roleId: null }], outcome: "REMOVED" };
  }
  if (heldRole === roleId) return { kind: "settled", outcome: "ALREADY_EXISTS" };
  if (state.model === "PRE_ROLES") {
    return refuse(
      "ROLES_NOT_AVAILABLE",
      ["role"],
      "This site has no roles (mode PRE_ROLES): grant permissions instead.",
    );
  }
  if (!state.roles.some((role) => role.roleId === roleId)) {
    const known = state.roles.map((role) => `${role.name} (${role.roleId})`).join(", ");
    return refuse("ROLE_NOT_FOUND", ["role"], `The site has no role ${roleId}. It has: ${known}.`);
  }
  if (administratorsLost(change, state).isLast) return lastAdministrator;
  const outcome = heldRole === null ? "CREATED" : "REPLACED";
  return { kind: "steps", steps: [{ kind: "setRole", roleId }], outcome };
}
