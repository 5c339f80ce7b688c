import type { Operation } from "../domain/Operation.js";
import type { PermissionModel } from "../domain/PermissionModel.js";
import type { Space } from "../domain/Space.js";
import type { SpaceGrant } from "../domain/SpaceGrant.js";
import type { SpaceRole } from "../domain/SpaceRole.js";

/** What a space change is planned on, freshly read. */
export interface SpaceState {
  readonly space: Space;
  readonly grants: readonly SpaceGrant[];
  readonly model: PermissionModel;
  /** Empty where the site has none. */
  readonly roles: readonly SpaceRole[];
  readonly grantableOperations: readonly Operation[];
  /** The access classes, by id, that single permissions can be granted to. */
  readonly grantableClasses: ReadonlySet<string>;
  /** Keys of administrating grants that changes planned on this reading take away; grows while they are planned. */
  readonly administratorsLeaving: Set<string>;
}
