import { Refusal } from "../../http/Refusal.js";
import type { WorldRoleAssignment } from "../../world/World.js";
import { readChoice } from "./readChoice.js";
import { rolePrincipalTypes } from "./rolePrincipalTypes.js";

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
