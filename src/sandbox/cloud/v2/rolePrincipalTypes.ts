import type { RolePrincipalType } from "../../world/World.js";

/** What a role can be given to. */
export const rolePrincipalTypes: readonly RolePrincipalType[] = ["USER", "GROUP", "ACCESS_CLASS"];
