import type { AccountKind, AccountStatus } from "../../domain/Account.js";
import type { Assumption, Complete, Gap, Trust } from "../../domain/Complete.js";
import type { GlobalGrant, SpaceGrant, SpaceRole } from "../../domain/Grant.js";
import type { AccountId, GroupId, SpaceId, SpaceKey } from "../../domain/ids.js";
import type { Operation } from "../../domain/Operation.js";
import type { Principal } from "../../domain/Principal.js";
import type { PermissionModel } from "../../domain/Site.js";
import type { SpaceKind, SpaceStatus } from "../../domain/Space.js";
import type { Decision } from "../AccessDecision.js";
import type { AccountFacts } from "../AccountFacts.js";
import type { SiteFacts } from "../SiteFacts.js";
import type { HeldOperations, Ways } from "./Inspector.js";

/** What an account is, but for its groups; what `describeAccount` answers fits. */
export type AccountPart = Omit<AccountFacts, "groups">;

export interface GroupPart {
  readonly groupId: GroupId;
  readonly name: string | null;
}

/** What a space is, but for its grants. */
export interface SpacePart {
  readonly spaceId: SpaceId;
  readonly key: SpaceKey | null;
  readonly name: string | null;
  readonly kind: SpaceKind;
  readonly status: SpaceStatus;
  /** Whose space a personal one is; `null`, or left out, where nobody tells. */
  readonly ownerId?: AccountId | null;
  /** Why the status is `UNKNOWN`, where reading it failed. */
  readonly gaps: readonly Gap[];
}

export interface RolePart {
  readonly model: PermissionModel;
  readonly roles: Complete<SpaceRole>;
  /** Why the model is `UNKNOWN`, where reading it failed. */
  readonly gaps: readonly Gap[];
}

export type GrantPart = Complete<SpaceGrant>;
export type GlobalPart = Complete<GlobalGrant> | null;

export interface IndexOptions {
  readonly rules: SiteFacts["rules"];
  /** Whether groups may hold groups: then the child groups of each are a part of their own. */
  readonly hasNestedGroups: boolean;
  /** Whether what accounts are is told apart from their list (Cloud): then nothing is known of one until that was read. */
  readonly areFactsApart?: boolean;
  /** What names a granular row where that follows from what is granted to whom (Data Center): such ids take no room. */
  permissionIdOf?(principal: Principal, operation: Operation): string;
}

/** Whether a list was read to its end, and when. Until it was read there is a gap. */
export class ListState {
  gaps: readonly Gap[];
  asOfMs = Number.POSITIVE_INFINITY;
  assumptions: readonly Assumption[] = [];
  #told: readonly Gap[];

  constructor(what: string) {
    this.#told = [notReadYet(what)];
    this.gaps = this.#told;
  }

  doubt(gap: Gap | null): void {
    this.gaps = gap === null ? this.#told : [...this.#told, gap];
  }

  settle({ gaps, asOfMs, assumptions }: Trust): void {
    this.#told = gaps;
    this.gaps = gaps;
    this.asOfMs = asOfMs;
    this.assumptions = assumptions;
  }
}

/** The gap of a part that the index waits for. */
export function notReadYet(what: string): Gap {
  return {
    missing: what,
    kind: "ReadIncomplete",
    reason: "The access index has not come to it yet.",
    call: null,
    retryAfterMs: null,
  };
}

/** Which part of a list is wanted; lists are in the order of the code points of ids, in every process alike. */
export interface PageWanted<Id extends string> {
  readonly first: number;
  /** The last id of the page before: it need not be here any more. */
  readonly after?: Id | null;
}

interface Wanted {
  /** What one should be able to do there, any of these; reading, where none is named: without it there is nothing. */
  readonly operations?: readonly Operation[];
  /** Only those who surely can, or only those of whom nobody knows. */
  readonly decision?: Exclude<Decision, "DENIED">;
  /** Only those who come by it as members of this group, whether it holds the grant or is in a group that does. */
  readonly viaGroup?: GroupId;
  /** Only those to whom it is, or may be, granted by themselves; or only those to whom it surely is not. */
  readonly isDirect?: boolean;
  /** A part of the name or of the id; case does not count. */
  readonly text?: string;
}

export interface WhoCanWanted extends Wanted {
  readonly kinds?: readonly AccountKind[];
  readonly statuses?: readonly AccountStatus[];
}

export interface WhatCanWanted extends Wanted {
  readonly kinds?: readonly SpaceKind[];
  readonly statuses?: readonly SpaceStatus[];
}

/** An account that can, or may be able to, do something in a space. */
export interface EffectiveAccess extends Ways {
  readonly accountId: AccountId;
  readonly spaceId: SpaceId;
  readonly decision: Exclude<Decision, "DENIED">;
  /** What decision and ways are about: of what was wanted the first that it surely can do, or else may be able to. */
  readonly operation: Operation;
  readonly operations: HeldOperations;
}

/**
 * One page of those who can or may, with exact counts of all. The gaps are why some are UNKNOWN and why some may be missing
 * altogether.
 */
export interface EffectivePage extends Trust {
  readonly rows: readonly EffectiveAccess[];
  readonly allowed: number;
  readonly unknown: number;
  readonly hasNextPage: boolean;
}
