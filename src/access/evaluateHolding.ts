import { type Gap, mergeGaps } from "../domain/Complete.js";
import type { Operation } from "../domain/Operation.js";
import type { AccessFacts } from "./AccessFacts.js";
import type { Holding } from "./Holding.js";
import type { Membership } from "./Membership.js";
import { operationKey } from "./operationKey.js";
import type { OperationGrants, PrincipalGrants } from "./SpaceIndex.js";
import type { Standing } from "./Standing.js";

/** Whether an account holds an operation in a space: by the space's grants (rule 4) or as a super user (rule 6). */
export function evaluateHolding({ account, space }: AccessFacts, standing: Standing, operation: Operation): Holding {
  const tally = new Tally();
  const weigh = (source: OperationGrants | undefined) => {
    if (source === undefined) return;
    const own = source.byAccount.get(account.facts.accountId);
    if (own !== undefined) tally.weigh(own, standing);
    for (const held of source.shared) tally.weigh(held, standing);
  };
  tally.count(account.superuser, []);
  weigh(space.grantsGiving.get(operationKey(operation)));
  weigh(space.grantsGivingAnything);
  if (space.grantGaps.length > 0) tally.count(standing.towardsUnread, space.grantGaps);
  return tally.finish();
}

class Tally {
  readonly #gaps: (readonly Gap[])[] = [];
  #hasLicensedPath = false;
  #hasFreePath = false;
  #isPossible = false;
  #hasGoneGroup = false;
  #isAnonymousInVain = false;

  weigh({ principal, grants }: PrincipalGrants, standing: Standing): void {
    const membership = standing.membershipOf(principal);
    const isPlain = grants.some(({ gaps }) => gaps.length === 0);
    if (membership.is === "NO") {
      if (membership.because === "GROUP_GONE") this.#hasGoneGroup = true;
      if (membership.because === "IN_VAIN" && isPlain) this.#isAnonymousInVain = true;
    }
    // A grant that gives it for sure makes the principal's doubtful ones needless.
    if (isPlain) this.count(membership, []);
    else for (const { gaps } of grants) this.count(membership, gaps);
  }

  /** Counts one chain: a membership, and the gaps behind it. */
  count(membership: Membership, gaps: readonly Gap[]): void {
    if (membership.is === "NO") return;
    if (membership.is === "YES" && gaps.length === 0) {
      if (membership.restsOnLicence) this.#hasLicensedPath = true;
      else this.#hasFreePath = true;
      return;
    }
    this.#isPossible = true;
    this.#gaps.push(gaps);
    if (membership.is === "MAYBE") this.#gaps.push(membership.gaps);
  }

  finish(): Holding {
    const isHeld = this.#hasLicensedPath || this.#hasFreePath;
    return {
      is: isHeld ? "YES" : this.#isPossible ? "MAYBE" : "NO",
      gaps: mergeGaps(...this.#gaps),
      hasLicensedPath: this.#hasLicensedPath,
      hasFreePath: this.#hasFreePath,
      hasGoneGroup: this.#hasGoneGroup,
      isAnonymousInVain: this.#isAnonymousInVain,
    };
  }
}
