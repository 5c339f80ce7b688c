import type { Gap } from "../domain/Complete.js";

/** Whether an account, in one standing, holds an operation in a space; what reading requires beside it is not its matter. */
export interface Holding {
  readonly is: "YES" | "MAYBE" | "NO";
  /** The gaps on every chain that may give it; with `YES`, those that may hide further paths. */
  readonly gaps: readonly Gap[];
  /** Whether some known path rests on the assumption that the account is licensed, and whether some does not. */
  readonly hasLicensedPath: boolean;
  readonly hasFreePath: boolean;
  /** Whether a group that is gone holds it. */
  readonly hasGoneGroup: boolean;
  /** Whether anonymous holds it where anonymous may not use the site. */
  readonly isAnonymousInVain: boolean;
}
