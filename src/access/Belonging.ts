import type { Gap } from "../domain/Complete.js";
import type { AccountId } from "../domain/ids.js";
import type { SiteErrorKind } from "../domain/SiteError.js";

/** Whether an account is, or is a member of, the holder of a grant. */
export type Belonging =
  | { readonly is: "YES"; readonly restsOnLicence: boolean }
  /** Yes, if every one of some of these gaps turned out in the account's favour. */
  | { readonly is: "MAYBE"; readonly gaps: readonly Gap[] }
  /** `GROUP_GONE`: the group is taken to have no members. `IN_VAIN`: anonymous, where anonymous may not use the site. */
  | { readonly is: "NO"; readonly because: "GROUP_GONE" | "IN_VAIN" | null };

/** The answers there are; shared objects, because a search through a large site asks for millions. */
export const belonging = {
  yes: { is: "YES", restsOnLicence: false },
  yesIfLicensed: { is: "YES", restsOnLicence: true },
  no: { is: "NO", because: null },
  groupGone: { is: "NO", because: "GROUP_GONE" },
  inVain: { is: "NO", because: "IN_VAIN" },
  maybe: (gaps: readonly Gap[]): Belonging => ({ is: "MAYBE", gaps }),
} as const satisfies Record<string, Belonging | ((gaps: readonly Gap[]) => Belonging)>;

/** A gap that no call would close, or whose call another gap tells of. */
export function unknowable(missing: string, reason: string, kind: SiteErrorKind = "Unsupported"): Gap {
  return { missing, kind, reason, call: null, retryAfterMs: null };
}

/** That nobody said whether an account is a human, a guest, an app or a customer. */
export function kindGap(accountId: AccountId): Gap {
  return unknowable(
    `what kind of account ${accountId} is`,
    "The site did not say whether it is a human, a guest, an app or a customer.",
    "ContractDrift",
  );
}
