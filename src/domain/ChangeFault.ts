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
  | "IN_PROGRESS"
  | "REQUEST_ID_REUSED";
