import type { AccountId, SpaceId } from "./ids.js";

export type AccountKind = "HUMAN" | "GUEST" | "APP" | "CUSTOMER" | "UNKNOWN";
export type AccountStatus = "ACTIVE" | "INACTIVE" | "SUSPENDED" | "DEACTIVATED" | "CLOSED" | "UNKNOWN";
/** Which system said what the status is. `NONE`: nobody who was asked knows the account. */
export type AccountStatusSource = "CONFLUENCE" | "ORGANIZATION" | "NONE";

/** The facts about an account. `null` is "the source was asked and says nothing", never "not read". */
export interface Account {
  readonly accountId: AccountId;
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
}
