import { type Assumption, type Complete, type Gap, knownEmpty, mergeGaps } from "../domain/Complete.js";
import type { Operation } from "../domain/Operation.js";
import { type Principal, principalKey } from "../domain/Principal.js";
import type { AccessFacts, AccessReason, BareDecision } from "./AccessDecision.js";
import type { Belonging } from "./Belonging.js";
import type { LicenceScenario, ResolvedAccount } from "./ResolvedAccount.js";
import {
  type HeldGrant,
  type OperationGrants,
  operationKey,
  type PrincipalGrants,
  type SpaceIndex,
} from "./SpaceFacts.js";

/** Whether an account, in one scenario, holds an operation in a space; what reading requires beside it is not its matter. */
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

/** Whether an account holds an operation in a space: by the space's grants (rule 4) or as a super user (rule 6). */
export function evaluateHolding(
  { account, space }: AccessFacts,
  scenario: LicenceScenario,
  operation: Operation,
): Holding {
  const tally = new Tally();
  const weigh = (source: OperationGrants | undefined) => {
    if (source === undefined) return;
    const own = source.byAccount.get(account.facts.accountId);
    if (own !== undefined) tally.weigh(own, scenario);
    for (const held of reaching(account, source)) tally.weigh(held, scenario);
  };
  tally.count(account.superuser, []);
  weigh(space.grantsGiving.get(operationKey(operation)));
  weigh(space.grantsGivingAnything);
  if (space.grantGaps.length > 0) tally.count(scenario.towardsUnread, space.grantGaps);
  return tally.finish();
}

/**
 * The shared holders that matter to an account. Where nothing is in doubt these are its own groups, those that are gone and
 * the classes; any other group is surely not its own. Of doubts the order counts as well, so there all are weighed.
 */
function reaching({ groups, site }: ResolvedAccount, source: OperationGrants): Iterable<PrincipalGrants> {
  const { shared, byGroup, classes, isPlain } = source;
  if (!isPlain || !groups.isWhole || groups.count + site.goneGroups.size >= byGroup.size) return shared;
  const found = [...classes];
  for (const ids of [groups.known, site.goneGroups]) {
    for (const groupId of ids) {
      const held = byGroup.get(groupId);
      if (held !== undefined) found.push(held);
    }
  }
  return found;
}

class Tally {
  readonly #gaps: (readonly Gap[])[] = [];
  #hasLicensedPath = false;
  #hasFreePath = false;
  #isPossible = false;
  #hasGoneGroup = false;
  #isAnonymousInVain = false;

  weigh({ principal, grants }: PrincipalGrants, scenario: LicenceScenario): void {
    const membership = scenario.belongingTo(principal);
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
  count(membership: Belonging, gaps: readonly Gap[]): void {
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

/** Whether an account belongs to an access class, so that what the class is granted reaches it. */
export interface ClassDecision extends Omit<BareDecision, "reason" | "pathGaps"> {
  /** `null` where it belongs, and where it is simply not one of them. */
  readonly reason: AccessReason | null;
}

/** Decides by the rules that decide about grants to the class (rules 2, 3 and 7). */
export function evaluateBelonging(
  account: ResolvedAccount,
  principal: Extract<Principal, { kind: "accessClass" }>,
): ClassDecision {
  const no = { gaps: [], assumptions: [] };
  if (account.isBarred) return { decision: "DENIED", reason: "ACCOUNT_NOT_ACTIVE", ...no };
  const stands = account.scenarios.map((scenario) => scenario.belongingTo(principal));
  const possible = stands.filter(({ is }) => is !== "NO");
  if (possible.length === 0) {
    const isUnlicensed = account.licence.state === "UNLICENSED";
    return { decision: "DENIED", reason: isUnlicensed ? "NOT_LICENSED" : null, ...no };
  }
  const sure = possible.find((each) => each.is === "YES");
  const assumptions: readonly Assumption[] = sure !== undefined && restsOnLicence(sure) ? ["LICENSED"] : [];
  const isActive = account.facts.status === "ACTIVE";
  if (sure !== undefined && isActive) return { decision: "ALLOWED", reason: null, gaps: [], assumptions };
  const gaps = mergeGaps(...(sure === undefined ? possible.map(gapsOf) : []), isActive ? [] : account.facts.gaps);
  const reason = sure !== undefined && gaps.length === 0 ? "ACCOUNT_STATUS_UNKNOWN" : "INCOMPLETE";
  return { decision: "UNKNOWN", reason, gaps, assumptions };
}

function restsOnLicence(standing: Belonging): boolean {
  return standing.is === "YES" && standing.restsOnLicence;
}

function gapsOf(standing: Belonging): readonly Gap[] {
  return standing.is === "MAYBE" ? standing.gaps : [];
}

/** An operation that a group or a class itself holds in a space, or may hold. */
export interface PrincipalHolding {
  readonly operation: Operation;
  /** `UNKNOWN` where nothing that surely gives it is known. */
  readonly decision: "ALLOWED" | "UNKNOWN";
  readonly grants: readonly HeldGrant[];
  readonly isSuperUser: boolean;
}

/**
 * What one principal itself holds in a space, whoever belongs to it, ordered by operation: by rows of its own and by its role
 * (rule 4). A gap is what may hide more. Its members may hold more by themselves, or through other groups.
 */
export function principalHoldings(space: SpaceIndex, principal: Principal): Complete<PrincipalHolding> {
  const key = principalKey(principal);
  const anything = heldBy(space.grantsGivingAnything, key);
  const items = space.operations.flatMap((operation): PrincipalHolding[] => {
    const grants = heldBy(space.grantsGiving.get(operationKey(operation)), key);
    if (grants.length === 0) return [];
    const isSure = grants.some(({ gaps }) => gaps.length === 0);
    return [{ operation, decision: isSure ? "ALLOWED" : "UNKNOWN", grants, isSuperUser: false }];
  });
  const doubts = items.flatMap(({ decision, grants }) =>
    decision === "UNKNOWN" ? grants.flatMap(({ gaps }) => gaps) : [],
  );
  const gaps = mergeGaps(space.grantGaps, doubts, ...anything.map((held) => held.gaps));
  return { ...knownEmpty(space.asOfMs), items, gaps, assumptions: space.assumptions };
}

/** The same for the group whose members can do everything (rule 6): what it holds in rows or not. */
export function superGroupHoldings(space: SpaceIndex, operations: readonly Operation[]): Complete<PrincipalHolding> {
  const items = operations.map(
    (operation): PrincipalHolding => ({ operation, decision: "ALLOWED", grants: [], isSuperUser: true }),
  );
  return { ...knownEmpty(space.asOfMs), items, assumptions: space.assumptions };
}

function heldBy(grants: OperationGrants | undefined, key: string): readonly HeldGrant[] {
  if (grants === undefined) return [];
  return [...grants.byAccount.values(), ...grants.shared].flatMap((held) =>
    principalKey(held.principal) === key ? held.grants : [],
  );
}
