import type { GroupId } from "../domain/ids.js";

/** Where the rules of one deployment differ from another's. All else is the same everywhere. */
export interface AccessRules {
  /**
   * Who says that an account is licensed. `GLOBAL_PERMISSIONS`: whoever holds `use/application`, without which an account
   * can do nothing, anonymous included (rules 3 and 7). `ORGANIZATION`: Atlassian's organization, where one is asked.
   */
  readonly licensedBy: "ORGANIZATION" | "GLOBAL_PERMISSIONS";
  /** The group whose members can do everything in every space (rule 6); `null` where there is none. */
  readonly superGroupId: GroupId | null;
}

/** The rules on Cloud: administrators can give themselves access, but do not have it until they do (rule 6). */
export const cloudAccessRules: AccessRules = { licensedBy: "ORGANIZATION", superGroupId: null };

/** The rules on Data Center, with the super group that this cluster is configured for (rules 3, 6 and 7). */
export function dataCenterAccessRules(superGroupId = "confluence-administrators" as GroupId): AccessRules {
  return { licensedBy: "GLOBAL_PERMISSIONS", superGroupId };
}

/** The access classes whose members the rules know; `OTHER` is every class whose members nobody can tell (rule 3). */
export type AccessClassName =
  | "anonymous-users"
  | "authenticated-users"
  | "all-licensed-users"
  | "all-product-admins"
  | "unlicensed"
  | "OTHER";

/** Which class a principal that is neither an account nor a group stands for. */
export function accessClassOf(
  principal: { readonly classId: string; readonly reportedType: string },
  rules: AccessRules,
): AccessClassName {
  // Rows may name a `role`, or a `user` who could not be looked up; whatever its id, that is no access class.
  if (["role", "user"].includes(principal.reportedType.toLowerCase())) return "OTHER";
  switch (principal.classId) {
    case "anonymous-users":
    case "authenticated-users":
    case "all-licensed-users":
    case "all-product-admins":
      return principal.classId;
    case "unlicensed":
      return rules.licensedBy === "GLOBAL_PERMISSIONS" ? "unlicensed" : "OTHER";
    default:
      return "OTHER";
  }
}
