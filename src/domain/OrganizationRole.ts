import type { Gap } from "./Gap.js";
import type { AccountId } from "./ids.js";

/**
 * What a row of the organization lists. `isWhole` is false where the row leaves the list out, or names a part of it without
 * saying what: then what is not in `items` may be there all the same. Absent is not "none".
 */
export interface Told<T> {
  readonly items: readonly T[];
  readonly isWhole: boolean;
}

/** A role that the organization gives: `atlassian/user` on a site, `atlassian/org-admin` on the organization as a whole. */
export interface OrganizationRole {
  /** In the organization's words. */
  readonly name: string;
  /** `ari:cloud:confluence::site/…`; `null` where the row names no resource: then it counts everywhere. */
  readonly resource: string | null;
}

/** A role of the organization, as one site sees it. */
export interface AccountRole extends OrganizationRole {
  /** Whether it is on this site, or on the organization as a whole: a role on another site says nothing here. */
  readonly isOnThisSite: boolean;
}

/** That the organization's row of an account leaves its roles out, or names one without saying which. */
export function rolesUntold(accountId: AccountId) {
  const call = "POST /v2/orgs/{orgId}/directories/{directoryId}/users/search";
  return {
    missing: `roles of account ${accountId}`,
    kind: "ReadIncomplete",
    reason: `${call} does not tell all roles of this account, although it was asked for them.`,
    call,
    retryAfterMs: null,
  } as const satisfies Gap;
}
