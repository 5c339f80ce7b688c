import type { Principal } from "../domain/Principal.js";
import type { Membership } from "./Membership.js";

/** How an account stands towards holders of grants, for one answer to "is it licensed?". */
export interface Standing {
  membershipOf(principal: Principal): Membership;
  /** Whether a grant that was not read could reach the account: `NO` only where no holder would do. */
  readonly towardsUnread: Membership;
}
