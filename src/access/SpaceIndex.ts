import type { Assumption, Gap } from "../domain/Complete.js";
import type { SpaceGrant } from "../domain/Grant.js";
import type { AccountId, SpaceId } from "../domain/ids.js";
import type { Operation } from "../domain/Operation.js";
import type { Principal } from "../domain/Principal.js";
import type { SpaceStatus } from "../domain/Space.js";

/** A grant of the space; equal rows are one grant (rule 8), and a revocation has to take them all. */
export interface HeldGrant {
  readonly grant: SpaceGrant;
  /** Every stored row of it, the grant itself first. */
  readonly rows: readonly SpaceGrant[];
  /** Why it is not known that it gives the operation; none for a grant that gives it. */
  readonly gaps: readonly Gap[];
}

/** What one principal holds. */
export interface PrincipalGrants {
  readonly principal: Principal;
  readonly grants: readonly HeldGrant[];
}

/** Who holds an operation: accounts by id, because there may be thousands; groups and classes are few. */
export interface OperationGrants {
  readonly byAccount: ReadonlyMap<AccountId, PrincipalGrants>;
  readonly shared: readonly PrincipalGrants[];
}

/** What a space grants, arranged by operation and principal. Build it with `indexSpace`. */
export interface SpaceIndex {
  readonly spaceId: SpaceId;
  readonly status: SpaceStatus;
  /** Why the status is not known; none where it is. */
  readonly statusGaps: readonly Gap[];
  /** Why grants may be missing. */
  readonly grantGaps: readonly Gap[];
  /** Every operation that a readable grant gives to anybody, ordered by key, then target. */
  readonly operations: readonly Operation[];
  /** By operation key. */
  readonly grantsGiving: ReadonlyMap<string, OperationGrants>;
  /** Roles whose definition is not known: they may give anything. */
  readonly grantsGivingAnything: OperationGrants;
  readonly asOfMs: number;
  /** What the reading of its grants takes for granted. */
  readonly assumptions: readonly Assumption[];
}
