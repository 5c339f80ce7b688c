import type { Gap } from "../domain/Complete.js";
import type { AccountId, GroupId } from "../domain/ids.js";
import type { Membership } from "./Membership.js";
import type { SiteFacts } from "./SiteFacts.js";

/** The facts of a site, arranged so that accounts resolve quickly. Build it with `indexSite`. */
export interface SiteIndex extends SiteFacts {
  readonly childrenOf: ReadonlyMap<GroupId, readonly GroupId[]>;
  readonly isNested: boolean;
  /** Who holds the global `use/application`; `null` where nobody can say. Classes are not here: they license nobody (rule 7). */
  readonly useHolders: UseHolders | null;
  /** Whether anonymous may use the site: `YES` where that is no question. */
  readonly anonymousUse: Membership;
  /** Whether `unlicensed` holds the global `use_unlicensed/application`. */
  readonly unlicensedUse: Membership;
}

export interface UseHolders {
  readonly accounts: ReadonlySet<AccountId>;
  readonly groups: readonly GroupId[];
  readonly gaps: readonly Gap[];
}
