import type { Complete, Gap } from "../domain/Complete.js";
import type { GlobalGrant } from "../domain/Grant.js";
import type { GroupId } from "../domain/ids.js";
import type { AccessRules } from "./AccessRules.js";

/** Which groups are members of groups. Empty on Cloud, where groups hold accounts only. */
export interface GroupNesting {
  /** The groups that a group is a direct member of. Cycles are harmless. */
  readonly parentsOf: ReadonlyMap<GroupId, readonly GroupId[]>;
  /** The groups whose child groups were not read whole, and why. */
  readonly gaps: ReadonlyMap<GroupId, readonly Gap[]>;
}

/** What is known of a site as a whole. */
export interface SiteFacts {
  readonly rules: AccessRules;
  /** Groups that stand in no complete group list and answer 404 by id: taken to have no members (`GROUP_GONE`, rule 3). */
  readonly goneGroups: ReadonlySet<GroupId>;
  /** The groups with accessType `admin`; gaps where that could not be read whole. Empty on Data Center. */
  readonly adminGroups: Complete<GroupId>;
  readonly nesting: GroupNesting;
  /** Site-wide permissions; `null` where the site has none, or its version cannot say (Data Center before 9.3). */
  readonly globalGrants: Complete<GlobalGrant> | null;
  /** The groups' names, by which paths are ordered. A group that is not here is ordered by its id. */
  readonly groupNames: ReadonlyMap<GroupId, string>;
}
