import type { AccessRules } from "./AccessRules.js";

/** The rules on Cloud: administrators can give themselves access, but do not have it until they do (rule 6). */
export const cloudAccessRules: AccessRules = { licensedBy: "ORGANIZATION", superGroupId: null };
