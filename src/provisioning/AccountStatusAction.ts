import type { ScimUser } from "../confluence/organizationPort.js";
import type { OrganizationUser } from "../domain/OrganizationUser.js";

/** What can be done to an account through its organization. */
export type AccountStatusAction = "suspendAccount" | "restoreAccount" | "removeAccount";

/** One account in its organization, freshly read. */
export interface OrganizationAccount {
  readonly user: OrganizationUser | null;
  /** What the synchronised directory holds of it. */
  readonly person: ScimUser | null;
}
