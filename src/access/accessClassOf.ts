import type { AccessClassName } from "./AccessClassName.js";
import type { AccessRules } from "./AccessRules.js";

/** Which class a principal that is neither an account nor a group stands for. */
export function accessClassOf(
  principal: { readonly classId: string; readonly reportedType: string },
  rules: AccessRules,
): AccessClassName {
  // v2 rows may name a `role` as their principal; whatever its id, that is no access class.
  if (principal.reportedType.toLowerCase() === "role") return "OTHER";
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
