import type { Complete, Gap } from "../domain/Complete.js";
import type { SpaceGrant, SpaceRole } from "../domain/Grant.js";
import type { SpaceId } from "../domain/ids.js";
import type { PermissionModel } from "../domain/Site.js";
import type { SpaceStatus } from "../domain/Space.js";

/** What is known of a space. */
export interface SpaceFacts {
  readonly spaceId: SpaceId;
  readonly status: SpaceStatus;
  /** Everything the space grants. A reading that failed is an empty list with its gap. */
  readonly grants: Complete<SpaceGrant>;
  /** The site's role definitions. A reading that failed is an empty list with its gap; Data Center has none. */
  readonly roles: Complete<SpaceRole>;
  /** Role assignments count unless it is `PRE_ROLES`; while it is `UNKNOWN`, nobody knows (rule 4). */
  readonly model: PermissionModel;
  /** Why the status or the model is `UNKNOWN`, where reading it failed. */
  readonly gaps: readonly Gap[];
}
