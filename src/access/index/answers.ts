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
  /** What a row tells beside where it stands is found when somebody asks for it: of a thousand rows it takes longer than the page. */
  readonly isToldLater?: boolean;
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

/** What a row of a list tells of an account in a space where it can, or may be able to, do any of what is wanted. */
export interface ToldAccess extends Ways {
  readonly decision: Exclude<Decision, "DENIED">;
  /** What decision and ways are about: of what was wanted the first that it surely can do, or else may be able to. */
  readonly operation: Operation;
  readonly operations: HeldOperations;
}

/** Which row it is. */
interface PlacedAccess {
  readonly accountId: AccountId;
  readonly spaceId: SpaceId;
  /** Where it stands in the order asked for; of ids it is the id. */
  readonly orderKey: string;
}

/** An account that can, or may be able to, do something in a space. */
export interface EffectiveAccess extends ToldAccess, PlacedAccess {}

/** Tells of a row: `found` is what it was found to be, or `null` where that may not hold any more. */
type TellRow = (row: PlacedAccess, found: ToldAccess["decision"] | null) => ToldAccess;

/**
 * Tells of the rows of a page, one after the other: what the last one told is kept, for it is asked for field by field. Where the index
 * has changed since the page was found, a row says what it is by now, all of it: never that something is allowed that it does not name.
 */
export class RowTeller {
  readonly #tell: TellRow;
  readonly #index: { readonly generation: number };
  readonly #found: number;
  #last: PlacedAccess | null = null;
  #told: ToldAccess | null = null;

  constructor(index: { readonly generation: number }, tell: TellRow) {
    this.#tell = tell;
    this.#index = index;
    this.#found = index.generation;
  }

  /** Whether rows are what they were found to be. */
  get isUnchanged(): boolean {
    return this.#index.generation === this.#found;
  }

  of(row: PlacedAccess, found: ToldAccess["decision"]): ToldAccess {
    if (this.#told === null || this.#last !== row) this.#told = this.#tell(row, this.isUnchanged ? found : null);
    this.#last = row;
    return this.#told;
  }
}

/** A row that is told when it is asked: by the index as it is then. */
export class LaterAccess implements EffectiveAccess {
  readonly #teller: RowTeller;
  readonly #found: ToldAccess["decision"];

  constructor(
    readonly accountId: AccountId,
    readonly spaceId: SpaceId,
    readonly orderKey: string,
    found: ToldAccess["decision"],
    teller: RowTeller,
  ) {
    this.#found = found;
    this.#teller = teller;
  }

  get decision(): ToldAccess["decision"] {
    return this.#teller.isUnchanged ? this.#found : this.#told.decision;
  }

  get operation(): Operation {
    return this.#told.operation;
  }

  get operations(): HeldOperations {
    return this.#told.operations;
  }

  get isDirect(): boolean {
    return this.#told.isDirect;
  }

  get pathCount(): number {
    return this.#told.pathCount;
  }

  get #told(): ToldAccess {
    return this.#teller.of(this, this.#found);
  }
}

/** The same told at once. */
export function toldNow(row: EffectiveAccess): EffectiveAccess {
  const { accountId, spaceId, orderKey, decision, operation, operations, isDirect, pathCount } = row;
  return { accountId, spaceId, orderKey, decision, operation, operations, isDirect, pathCount };
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
