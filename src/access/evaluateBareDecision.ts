import { type Assumption, mergeAssumptions, mergeGaps, staleIn } from "../domain/Complete.js";
import { type Operation, readSpace } from "../domain/Operation.js";
import type { Principal } from "../domain/Principal.js";
import type { AccessFacts, AccessReason, BareDecision } from "./AccessDecision.js";
import { evaluateHolding, type Holding } from "./evaluateHolding.js";
import type { LicenceScenario, ResolvedAccount } from "./ResolvedAccount.js";
import { accessClassOf } from "./SiteFacts.js";
import { operationKey } from "./SpaceFacts.js";

/** What is held in one scenario: the operation that was asked for, and the read it needs (rule 5). */
interface Outcome {
  readonly wanted: Holding;
  readonly read: Holding;
}

/**
 * Whether an account can do something in a space, without the paths: the quick half of `evaluateAccess`, for searches over
 * many accounts or spaces (rules 1 to 7, 9 and 11).
 */
export function evaluateBareDecision(facts: AccessFacts, operation: Operation): BareDecision {
  const decided = decide(facts, operation);
  // Whatever was decided, and wherever it ended: it rests on all that was read.
  const stale = staleIn(facts.space, facts.account.facts.groups);
  if (stale.length === 0) return decided;
  const { decision, reason, gaps, pathGaps, assumptions } = decided;
  return { decision, reason, gaps, pathGaps, assumptions: mergeAssumptions(assumptions, stale) };
}

function decide(facts: AccessFacts, operation: Operation): BareDecision {
  const { account, space } = facts;
  if (account.isBarred) return denied("ACCOUNT_NOT_ACTIVE");
  if (space.status === "TRASHED") return denied("SPACE_TRASHED");
  const outcomes = account.scenarios.map((scenario) => evaluateOutcome(facts, scenario, operation));
  const open = outcomes.filter(({ wanted, read }) => wanted.is !== "NO" && read.is !== "NO");
  return open.length === 0 ? denyFor(facts, operation, outcomes) : judge(facts, open);
}

function evaluateOutcome(facts: AccessFacts, scenario: LicenceScenario, operation: Operation): Outcome {
  const wanted = evaluateHolding(facts, scenario, operation);
  const isRead = operationKey(operation) === operationKey(readSpace);
  return { wanted, read: isRead ? wanted : evaluateHolding(facts, scenario, readSpace) };
}

function judge({ account, space }: AccessFacts, open: readonly Outcome[]): BareDecision {
  const assumptions: Assumption[] = [...space.assumptions];
  if (open.some(restsOnLicence)) assumptions.push("LICENSED");
  if (open.some(({ wanted, read }) => wanted.hasGoneGroup || (read.is !== "YES" && read.hasGoneGroup)))
    assumptions.push("GROUP_GONE");

  const isSettled = open.some(({ wanted, read }) => wanted.is === "YES" && read.is === "YES");
  const pathGaps = mergeGaps(...open.map(({ wanted }) => (wanted.is === "YES" ? wanted.gaps : [])));
  const isActive = account.facts.status === "ACTIVE";
  const isInUse = space.status !== "UNKNOWN";
  if (isSettled && isActive && isInUse) return { decision: "ALLOWED", reason: null, gaps: [], pathGaps, assumptions };

  const gaps = mergeGaps(
    ...(isSettled ? [] : open.flatMap(({ wanted, read }) => [gapsInTheWay(wanted), gapsInTheWay(read)])),
    isActive ? [] : account.facts.gaps,
    space.statusGaps,
  );
  const reason = isSettled && gaps.length === 0 ? "ACCOUNT_STATUS_UNKNOWN" : "INCOMPLETE";
  return { decision: "UNKNOWN", reason, gaps, pathGaps, assumptions };
}

/** A gap is in nobody's way where the thing is held on another path (rule 1). */
function gapsInTheWay(holding: Holding) {
  return holding.is === "YES" ? [] : holding.gaps;
}

/** A known path, or every path of the read it needs, rests on it (rule 3). */
function restsOnLicence({ wanted, read }: Outcome): boolean {
  return wanted.hasLicensedPath || (read.hasLicensedPath && !read.hasFreePath);
}

function denyFor(facts: AccessFacts, operation: Operation, outcomes: readonly Outcome[]): BareDecision {
  const { licence } = facts.account;
  const isHolderGone = outcomes.some(
    ({ wanted, read }) => (wanted.is !== "NO" || wanted.hasGoneGroup) && (read.is !== "NO" || read.hasGoneGroup),
  );
  if (licence.state === "UNLICENSED") return denied("NOT_LICENSED", licence.hasGoneGroup || isHolderGone);
  const mayHoldInVain = outcomes.some(({ wanted }) => wanted.is !== "NO" || wanted.isAnonymousInVain);
  const reason = mayHoldInVain && holdsInVain(facts, operation) ? "INEFFECTIVE" : "NO_GRANT";
  return denied(reason, isHolderGone, facts.space.assumptions);
}

function holdsInVain({ account, space }: AccessFacts, operation: Operation): boolean {
  const giving = space.grantsGiving.get(operationKey(operation));
  const own = giving?.byAccount.get(account.facts.accountId);
  return [...(own === undefined ? [] : [own]), ...(giving?.shared ?? [])].some(
    ({ principal, grants }) => grants.some(({ gaps }) => gaps.length === 0) && isHeldInVain(account, principal, true),
  );
}

function denied(reason: AccessReason, isHolderGone = false, ofSpace: readonly Assumption[] = []): BareDecision {
  const assumptions: readonly Assumption[] = isHolderGone ? [...ofSpace, "GROUP_GONE"] : [...ofSpace];
  return { decision: "DENIED", reason, gaps: [], pathGaps: [], assumptions };
}

/**
 * Whether what a principal holds is held by the account without effect. Its own grants and its groups' remain its own when
 * it is not active or not licensed (rules 2 and 7); a class only counts as long as the account is a member of it.
 */
export function isHeldInVain(account: ResolvedAccount, principal: Principal, isDenied: boolean): boolean {
  const isEffective = account.scenarios.some((scenario) => scenario.belongingTo(principal).is === "YES");
  switch (principal.kind) {
    case "account":
      return principal.accountId === account.facts.accountId && isUseless(account, isEffective, isDenied);
    case "group":
      return account.groups.depthOf(principal.groupId) !== null && isUseless(account, isEffective, isDenied);
    case "accessClass":
      if (account.isBarred) return false;
      if (isEffective) return isDenied;
      return (
        account.site.anonymousUse.is === "NO" && accessClassOf(principal, account.site.rules) === "anonymous-users"
      );
  }
}

/** A grant that only waits for what could not be read about the licence is neither effective nor in vain. */
function isUseless(account: ResolvedAccount, isEffective: boolean, isDenied: boolean): boolean {
  return isDenied || (!isEffective && account.licence.state === "UNLICENSED");
}
