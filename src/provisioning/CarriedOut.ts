import type { RoleId } from "../domain/ids.js";
import type { SiteLoaders } from "../loaders/engine/SiteLoaders.js";
import type { Aftermath } from "../readings/residualAccess.js";
import type { AskedChange } from "./Change.js";
import type { ChangeResult } from "./reconcile/Task.js";

/** How things stand once the changes of a request are through; in a dry run, how they would. */
export interface Afterwards extends Aftermath {
  /** Answer nothing that is older than the end of the changes. */
  readonly loaders: SiteLoaders;
}

/** A change, as the site spells it, and how it ended. */
export interface CarriedOut {
  /** A row that is not there tells of nobody: its revocation is left as it was asked for. */
  readonly change: AskedChange;
  readonly result: ChangeResult;
  /** The other role that the principal held where one was to be granted: replaced, kept, or in the way. */
  readonly otherRoleId: RoleId | null;
  /** `null` where nothing was read. */
  readonly after: Afterwards | null;
}
