import type { RoleId } from "./ids.js";
import type { Operation } from "./Operation.js";

/** A named bundle of permissions that a Cloud site with roles can assign in a space. */
export interface SpaceRole {
  readonly roleId: RoleId;
  readonly name: string;
  readonly description: string | null;
  /** `SYSTEM`, `CUSTOM`, or a word to come. */
  readonly reportedType: string;
  readonly permissions: readonly Operation[];
}
