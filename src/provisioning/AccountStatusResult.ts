import type { AccountRemoval } from "./AccountRemoval.js";
import type { ChangeResult } from "./reconcile/Task.js";

/** How the suspension, the restoration or the removal of an account ended. */
export interface AccountStatusResult extends ChangeResult {
  /**
   * The resources of the organization that the account may use, before and after: what the change reaches. Empty for an
   * account that a site keeps itself.
   */
  readonly affectedResources: readonly string[];
  /** What a site that keeps its own accounts works on, or worked on; `null` where there is no such thing. */
  readonly removal: AccountRemoval | null;
}
