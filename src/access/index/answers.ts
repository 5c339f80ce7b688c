import type { AccountKind, AccountStatus } from "../../domain/Account.js";
import type { Trust } from "../../domain/Complete.js";
import type { AccountId, GroupId, SpaceId } from "../../domain/ids.js";
import type { Operation } from "../../domain/Operation.js";
import type { SpaceKind, SpaceStatus } from "../../domain/Space.js";
import type { Decision } from "../AccessDecision.js";
import type { HeldOperations, Ways } from "./Inspector.js";

/** Which part of a list is wanted; lists are in the order of the code points of ids, in every process alike. */
export interface PageWanted<Id extends string> {
  readonly first: number;
  /** The last id of the page before: it need not be here any more. */
  readonly after?: Id | null;
}

/** A part of a list in an order of the asker's choice. */
export interface OrderedPageWanted<SortKey extends string> {
  readonly first: number;
  /** `orderKey` of the last row of the page before, in the same order. */
  readonly after?: string | null;
  /** Default: `ID`. */
  readonly by?: SortKey;
  readonly isDescending?: boolean;
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
  /** Something may have been taken away that the index has not heard of: nobody surely can. */
  readonly isNothingSure?: boolean;
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
  /** Where it stands in the order asked for; of ids it is the id. */
  readonly orderKey: string;
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
