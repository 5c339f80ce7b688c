import { Refusal } from "../../http/Refusal.js";
import type { RolePrincipalType, WorldRoleAssignment } from "../../world/World.js";
import type { CloudCall } from "../CloudCall.js";
import { readChoice } from "./readQuery.js";

/** What a role can be given to. */
export const rolePrincipalTypes: readonly RolePrincipalType[] = ["USER", "GROUP", "ACCESS_CLASS"];

/** The filter `principal-type` with `principal-id`, which come as a pair; undefined without them. */
export function readPrincipal(query: URLSearchParams): WorldRoleAssignment["principal"] | undefined {
  const principalType = readChoice(query, "principal-type", rolePrincipalTypes);
  const principalId = query.get("principal-id");
  if (principalType === undefined && principalId === null) return undefined;
  if (principalType === undefined || principalId === null || principalId === "") {
    throw new Refusal(400, "principal-id and principal-type must be given together.");
  }
  return { principalType, principalId };
}

/** A principal has one role in a space, so the principal names the row. */
export function assignmentKey({ principal }: Pick<WorldRoleAssignment, "principal">): string {
  return `${principal.principalType} ${principal.principalId}`;
}

/** Role routes exist only on sites with role-based access; before that they answer 404, like anything hidden. */
export function requireRoles(call: CloudCall): void {
  if (call.state.mode === "PRE_ROLES") throw new Refusal(404, "Space roles are not available on this site.");
}
