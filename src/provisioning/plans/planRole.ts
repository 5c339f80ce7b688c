import type { RoleId } from "../../domain/ids.js";
import { type Principal, principalKey } from "../../domain/Principal.js";
import type { Change, SpaceChange } from "../Change.js";
import { refuse } from "../reconcile/Task.js";
import type { CallPlan } from "./Call.js";
import type { SpaceState } from "./SpaceState.js";

type RoleChange = Extract<Change, { kind: "grantRole" | "revokeRole" }>;

/** Plans a change of a role: a principal has at most one in a space, so granting another replaces it. */
export function planRole(change: RoleChange, state: SpaceState): CallPlan {
  const { roleId, principal } = change;
  const heldRole = roleHeldBy(principal, state);
  if (change.kind === "revokeRole") {
    if (heldRole !== roleId) return { kind: "noop", outcome: "NOT_PRESENT" };
    return { kind: "steps", calls: [{ kind: "setRole", roleId: null }], cascades: [], outcome: "REMOVED" };
  }
  if (heldRole === roleId) return { kind: "noop", outcome: "ALREADY_EXISTS" };
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
  if (principal.kind === "accessClass" && !isClassKnown(principal, state)) {
    const known = [...state.roleClasses].join(", ");
    return refuse(
      "PRINCIPAL_NOT_FOUND",
      ["principal"],
      `Confluence has no access class ${principal.classId} to give a role to. It has: ${known}.`,
    );
  }
  if (change.inPlaceOf !== undefined && heldRole !== change.inPlaceOf) {
    const message = `The principal does not hold the role ${change.inPlaceOf} any more, but ${heldRole ?? "none"}: somebody has changed it since.`;
    return refuse("OTHER_ROLE_HELD", ["role"], message);
  }
  if (heldRole !== null && change.onExistingRole === "KEEP") return { kind: "noop", outcome: "KEPT" };
  if (heldRole !== null && change.onExistingRole === "REFUSE") {
    const name = state.roles.find((role) => role.roleId === heldRole)?.name ?? heldRole;
    return refuse(
      "OTHER_ROLE_HELD",
      ["role"],
      `The principal holds the role "${name}" (${heldRole}) in this space, and a principal has one at most. Say onExistingRole: REPLACE to put this one in its place, or KEEP to leave it.`,
    );
  }
  const outcome = heldRole === null ? "CREATED" : "REPLACED";
  return { kind: "steps", calls: [{ kind: "setRole", roleId }], cascades: [], outcome };
}

/** The role that the principal of a grant holds in place of the one it is to get; `null` where it holds none, or that one. */
export function otherRoleHeld(change: SpaceChange, state: SpaceState): RoleId | null {
  if (change.kind !== "grantRole") return null;
  const held = roleHeldBy(change.principal, state);
  return held === change.roleId ? null : held;
}

/** Confluence adds classes: one that holds something here is known, whatever our list says. */
function isClassKnown(principal: Principal & { kind: "accessClass" }, { roleClasses, grants }: SpaceState): boolean {
  const key = principalKey(principal);
  return roleClasses.has(principal.classId) || grants.some((grant) => principalKey(grant.principal) === key);
}

function roleHeldBy(principal: Principal, { grants }: SpaceState): RoleId | null {
  const key = principalKey(principal);
  const held = grants.find((grant) => grant.kind === "role" && principalKey(grant.principal) === key);
  return held?.kind === "role" ? held.roleId : null;
}
