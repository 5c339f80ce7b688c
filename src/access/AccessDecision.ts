import type { Assumption, Gap } from "../domain/Complete.js";
import type { AccountId, GroupId, SpaceId } from "../domain/ids.js";
import type { Operation } from "../domain/Operation.js";
import type { Principal } from "../domain/Principal.js";
import type { ResolvedAccount } from "./ResolvedAccount.js";
import type { HeldGrant, SpaceIndex } from "./SpaceFacts.js";

export type Decision = "ALLOWED" | "DENIED" | "UNKNOWN";

/** Why it is not ALLOWED: the first that applies, in this order (rule 11). The last two are those of UNKNOWN. */
export type AccessReason =
  | "ACCOUNT_NOT_ACTIVE"
  | "SPACE_TRASHED"
  | "NOT_LICENSED"
  | "INEFFECTIVE"
  | "NO_GRANT"
  | "INCOMPLETE"
  | "ACCOUNT_STATUS_UNKNOWN";

/** Whether an account can do something in a space. */
export interface BareDecision {
  readonly decision: Decision;
  /** `null` when ALLOWED. */
  readonly reason: AccessReason | null;
  /** What keeps an UNKNOWN from being decided; empty otherwise (rule 1). */
  readonly gaps: readonly Gap[];
  /** What may hide further paths to what is known to be held. They never change an ALLOWED. */
  readonly pathGaps: readonly Gap[];
  /** What is taken for granted: `LICENSED` where a known path or the read it needs rests on it (rule 3). */
  readonly assumptions: readonly Assumption[];
}

/** That an account, or a group, is a direct member of a group. */
export interface MembershipStep {
  readonly member: Extract<Principal, { readonly kind: "account" | "group" }>;
  readonly groupId: GroupId;
}

/** What a path ends in: a grant of the space, or being a super user (rule 6). */
export type PathEnd = { readonly kind: "GRANT"; readonly held: HeldGrant } | { readonly kind: "SUPERUSER" };

/** One chain of grants that gives an operation (rule 8). Belonging to an access class is no step. */
export interface AccessPath {
  /** From the account to the group that holds the grant; empty where the account or a class holds it. */
  readonly memberships: readonly MembershipStep[];
  readonly end: PathEnd;
  /** Whether the account itself holds the grant. */
  readonly isDirect: boolean;
}

/** A verdict with what it rests on. */
export interface AccessDecision extends BareDecision {
  readonly accountId: AccountId;
  readonly spaceId: SpaceId;
  readonly operation: Operation;
  /** Every known path, shortest first, then by the name of the space grant's principal; none when DENIED (rule 8). */
  readonly paths: readonly AccessPath[];
  /** What is held in vain (rules 2, 5, 7 and 9), in the order of `paths`. */
  readonly ineffective: readonly AccessPath[];
  /** Whether there are more paths, of either kind, than one answer carries (`accessLimits.paths`). */
  readonly hasMorePaths: boolean;
  /** When the oldest reading it rests on was made, in milliseconds since the epoch. */
  readonly asOfMs: number;
}

/**
 * What is known for one question. Both parts are built once and serve many questions: `resolveAccount` for every space of
 * an account, `indexSpace` for every account of a space.
 */
export interface AccessFacts {
  readonly account: ResolvedAccount;
  readonly space: SpaceIndex;
}
