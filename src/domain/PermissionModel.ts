import type { Assumption } from "./Assumption.js";

/** How a Cloud site stores space access: granular rows, roles, or both side by side. */
export type PermissionModel = "PRE_ROLES" | "ROLES_TRANSITION" | "ROLES" | "UNKNOWN";

/** How a site stores space access, and how that is known. */
export interface KnownPermissionModel {
  readonly model: PermissionModel;
  /** False where the site told it; true where it was inferred from what else it told, which is believed for a minute only. */
  readonly isInferred: boolean;
  readonly assumptions: readonly Assumption[];
}

/** A model that the site told. */
export function toldModel(model: PermissionModel): KnownPermissionModel {
  return { model, isInferred: false, assumptions: [] };
}
