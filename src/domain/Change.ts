import type { AccountId, GroupId, SiteId, SpaceId } from "./ids.js";

/**
 * How far a change goes beyond what it names: other products of the organization; the administration of the site or of its
 * spaces; everybody.
 */
export type Reach = "ORGANIZATION_WIDE" | "ADMINISTRATION" | "EVERYONE";

/** What a caller says, by the name of the input's field: that it knows of the reach, and means it. */
export type Acknowledgement = (typeof acknowledgements)[number];

export const acknowledgements = ["acknowledgeOrganizationWide", "acknowledgeAdministration"] as const;

/** What a change does, by the name under which it stands on record. */
export type ChangeAction =
  | "grantPermissions"
  | "revokePermissions"
  | "grantRole"
  | "revokeRole"
  | "grantMembership"
  | "revokeMembership"
  | "createGroup"
  | "deleteGroup"
  | "provisionAccount"
  | "updateAccount"
  | "suspendAccount"
  | "restoreAccount"
  | "removeAccount";

/** How a change ended. Answered from what was read back, never from what was sent. */
export type ChangeOutcome =
  | "CREATED"
  | "ALREADY_EXISTS"
  | "REPLACED"
  | "KEPT"
  | "REMOVED"
  | "NOT_PRESENT"
  | "INHERITED"
  | "STARTED"
  | "PLANNED"
  | "FAILED";

/** Why a change was not carried out; foreseeable, so told to the caller as data. */
export interface ChangeFault {
  readonly code: ChangeFaultCode;
  /** The path of the input field at fault: `["permissions", "0"]`; empty when none is. */
  readonly field: readonly string[];
  /** For a person: what is wrong and what to do. */
  readonly message: string;
}

export type ChangeFaultCode =
  | "PROVISIONING_DISABLED"
  | "INVALID_INPUT"
  | "TOO_MANY_CHANGES"
  | "PRINCIPAL_NOT_FOUND"
  | "SPACE_NOT_FOUND"
  | "GROUP_NOT_FOUND"
  | "ROLE_NOT_FOUND"
  | "GRANT_NOT_FOUND"
  | "ACCOUNT_NOT_FOUND"
  | "ACCOUNT_PENDING"
  | "UNKNOWN_PERMISSION"
  | "PERMISSION_NOT_WRITABLE"
  | "GRANULAR_ON_ROLES_SITE"
  | "ROLES_NOT_AVAILABLE"
  | "OTHER_ROLE_HELD"
  | "PRINCIPAL_NOT_SUPPORTED"
  | "GROUP_MANAGED_EXTERNALLY"
  | "LAST_ADMINISTRATOR"
  | "NOT_REVOCABLE"
  | "DIRECTORY_READ_ONLY"
  | "OWN_ACCOUNT"
  | "ACKNOWLEDGEMENT_REQUIRED"
  | "UNSUPPORTED"
  | "STATE_UNKNOWN"
  | "ANSWER_LOST"
  | "UPSTREAM_REFUSED"
  | "UPSTREAM_UNAVAILABLE"
  | "AUDIT_UNAVAILABLE"
  | "FORBIDDEN"
  | "OWN_ACCESS"
  | "POLICY_DENIED"
  | "POLICY_UNAVAILABLE"
  | "POLICY_OUTDATED"
  | "IN_PROGRESS"
  | "REQUEST_ID_REUSED";

/**
 * What a write may have changed, whatever was answered to it: told after every call that was sent. Who remembers anything
 * decides by it what to forget, so what is not known of it (`null`) counts as "may be any".
 */
export type WhatChanged =
  /** Who is in a group. */
  | { readonly kind: "membershipChanged"; readonly groupId: GroupId; readonly accountId: AccountId }
  /** `groupId` is `null` where nothing told it: then nobody can have asked for it by its id. */
  | { readonly kind: "groupCreated"; readonly groupId: GroupId | null }
  /** Its memberships went with it; whether its grants did is not documented for Cloud. */
  | { readonly kind: "groupDeleted"; readonly groupId: GroupId }
  /** What a space grants: permissions or roles. */
  | { readonly kind: "spaceGrantsChanged"; readonly spaceId: SpaceId }
  /** An account came to be, or came to the site: default groups and the licence came with it. */
  | ({ readonly kind: "accountCreated" } & AccountTold)
  /** Names or address. */
  | ({ readonly kind: "accountUpdated" } & AccountTold)
  /** Suspended, restored, made active or inactive. */
  | ({ readonly kind: "accountStatusChanged" } & AccountTold)
  /** Its memberships went with it. */
  | ({ readonly kind: "accountRemoved" } & AccountTold)
  /** A role on a product: brings the product's default group with it. */
  | { readonly kind: "productRoleChanged"; readonly accountId: AccountId };

/** What is known of an account that changed; `null` what is not. */
export interface AccountTold {
  readonly accountId: AccountId | null;
  /** The name it signs in with, where sites tell such. */
  readonly username: string | null;
  readonly email: string | null;
}

/** What changed, and by which site. */
export type ChangeEvent = WhatChanged & {
  readonly siteId: SiteId;
  /** A reading has shown it. Otherwise a call was sent that may have done it, and may have been refused. */
  readonly isSeen: boolean;
};

/** Whether a change reaches every site of its organization: its accounts and groups are those of all of them. */
export function isOfOrganization({ kind }: WhatChanged): boolean {
  return kind !== "spaceGrantsChanged";
}
