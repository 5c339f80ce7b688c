import type { Gap } from "./Complete.js";
import type { AccountId, SpaceId } from "./ids.js";
import type { SiteError } from "./SiteError.js";

export type AccountKind = "HUMAN" | "GUEST" | "APP" | "CUSTOMER" | "UNKNOWN";
export type AccountStatus = "ACTIVE" | "INACTIVE" | "SUSPENDED" | "DEACTIVATED" | "CLOSED" | "UNKNOWN";
/** Which system said what the status is. `NONE`: nobody who was asked knows the account. */
export type AccountStatusSource = "CONFLUENCE" | "ORGANIZATION" | "NONE";

/** The facts about an account. `null` is "the source was asked and says nothing", never "not read". */
export interface Account {
  readonly accountId: AccountId;
  /** The name that the account signs in with (Data Center); it can be renamed. `null` where none is told (Cloud). */
  readonly username: string | null;
  readonly displayName: string | null;
  readonly publicName: string | null;
  /** Cloud answers an empty string where the person hides it; that is `null` here. Never a key by itself. */
  readonly email: string | null;
  readonly kind: AccountKind;
  /** The upstream's own word for the kind (`atlassian`, `app`, one to come). */
  readonly reportedKind: string | null;
  readonly status: AccountStatus;
  readonly statusSource: AccountStatusSource;
  /** The upstream's own word for the status. */
  readonly reportedStatus: string | null;
  readonly personalSpaceId: SpaceId | null;
  /** Where the picture is, from the root of the site's host; as the site says it, and so perhaps elsewhere. */
  readonly picturePath: string | null;

  // What only the organization knows: null where none is configured, or where it does not know the account or does not say.
  // `isLicensed` is false where the site says so itself: of guests on Cloud, and on Data Center of accounts that its status
  // calls unlicensed (its list of licensed accounts says more).
  readonly isLicensed: boolean | null;
  /** Whether the organization owns the account. */
  readonly isManaged: boolean | null;
  readonly roles: Told<AccountRole> | null;
  readonly jobTitle: string | null;
  readonly department: string | null;
  /** Why the organization's part is missing although one is configured: then its fields, and the status, are not known. */
  readonly organizationError: SiteError | null;
  /** Why only what lists tell by the way is known: then the status and the personal space are not. */
  readonly factsError?: SiteError;
}

/** The organization's part of an account where none is configured. */
export const withoutOrganization = {
  isLicensed: null,
  isManaged: null,
  roles: null,
  jobTitle: null,
  department: null,
  organizationError: null,
} as const satisfies Partial<Account>;

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
