import type { GroupId } from "../domain/ids.js";

/** Where the rules of one deployment differ from another's. All else is the same everywhere. */
export interface AccessRules {
  /**
   * Who says that an account is licensed. `GLOBAL_PERMISSIONS`: whoever holds `use/application`, without which an account
   * can do nothing, anonymous included (rules 3 and 7). `ORGANIZATION`: Atlassian's organization, where one is asked.
   */
  readonly licensedBy: "ORGANIZATION" | "GLOBAL_PERMISSIONS";
  /** The group whose members can do everything in every space (rule 6); `null` where there is none. */
  readonly superGroupId: GroupId | null;
}
