import type { Gap } from "../domain/Complete.js";

/** Whether an account is, or is a member of, the holder of a grant. */
export type Membership =
  | { readonly is: "YES"; readonly restsOnLicence: boolean }
  /** Yes, if every one of some of these gaps turned out in the account's favour. */
  | { readonly is: "MAYBE"; readonly gaps: readonly Gap[] }
  /** `GROUP_GONE`: the group is taken to have no members. `IN_VAIN`: anonymous, where anonymous may not use the site. */
  | { readonly is: "NO"; readonly because: "GROUP_GONE" | "IN_VAIN" | null };
