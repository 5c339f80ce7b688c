/** Something that a site can do or cannot. */
export type SiteCapabilityName =
  | "SPACE_ROLES"
  | "GRANULAR_SPACE_PERMISSIONS"
  | "NESTED_GROUPS"
  | "GLOBAL_PERMISSIONS"
  | "UNLICENSED_GRANTS"
  | "ALL_ACCOUNTS"
  | "ACCOUNT_EMAILS"
  | "LAST_ACTIVITY"
  | "ACCOUNT_CREATION"
  | "ACCOUNT_UPDATE"
  | "ORGANIZATION_FACTS"
  | "PERSON_NAMES";

/** Whether a site can do something. */
export interface SiteCapability {
  readonly name: SiteCapabilityName;
  /** Why it cannot, and what would change that, or why it is not known; `null` when it can. */
  readonly reason: string | null;
  /** False where nobody told whether it can, and it was not tried. Default: true. */
  readonly isKnown?: boolean;
}
