/** How a Cloud site stores space access: granular rows, roles, or both side by side. */
export type PermissionModel = "PRE_ROLES" | "ROLES_TRANSITION" | "ROLES" | "UNKNOWN";
