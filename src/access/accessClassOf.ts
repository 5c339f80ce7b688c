import type { AccessClassName } from "./AccessClassName.js";
import type { AccessRules } from "./AccessRules.js";

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
