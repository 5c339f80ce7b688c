import type { GroupId } from "../domain/ids.js";
import type { AccessRules } from "./AccessRules.js";

/** The rules on Data Center, with the super group that this cluster is configured for (rules 3, 6 and 7). */
export function dataCenterAccessRules(superGroupId = "confluence-administrators" as GroupId): AccessRules {
  return { licensedBy: "GLOBAL_PERMISSIONS", superGroupId };
}
