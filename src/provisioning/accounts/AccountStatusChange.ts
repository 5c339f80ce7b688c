import type { ScimUser } from "../../confluence/organizationPort.js";
import type { LongTask, LongTaskId } from "../../confluence/writerPort.js";
import type { OrganizationUser } from "../../domain/Organization.js";
import type { ChangeResult } from "../reconcile/Task.js";

/** What can be done to an account through its organization. */
export type AccountStatusAction = "suspendAccount" | "restoreAccount" | "removeAccount";

/** One account in its organization, freshly read. */
export interface OrganizationAccount {
  readonly user: OrganizationUser | null;
  /** What the synchronised directory holds of it. */
  readonly person: ScimUser | null;
  /** What Confluence shows of it; read only where the directory is to be given it again. */
  readonly displayName: string | null;
}

/** A removal that a site accepted and carries out in its own time. */
export interface AccountRemoval {
  /** `null` where the answer that would have named it was lost: it may not have been started at all. */
  readonly taskId: LongTaskId | null;
  /** How far it is; `null` where the site does not know the task (any more). */
  readonly task: LongTask | null;
}

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
