import { Pace, type Pacing } from "../../callers/Pace.js";

/** How many items a page holds where the query does not say, and at most. */
export const pageLimits = { default: 100, max: 1_000 } as const;

/** How many changes one HTTP request may ask for, over all its fields and all operations of its batch, dry runs too. */
export const maxChangesPerRequest = 200;

/** How many questions `checkAccesses` takes at once. */
export const maxChecksPerField = 500;

/** How many accounts are compared at once. */
export const compareLimits = { least: 2, most: 10 } as const;

export const previewLimits = {
  /** Pairs of an account and a space that one preview looks at. */
  pairs: 2_000,
  /** Accounts that are read one by one for it; of more the index tells. */
  readAccounts: 25,
  /** Pairs that are looked at before others have their turn. */
  pairsAtOnce: 25,
} as const;

/** How many changes an operation asks for, and whether they fit. */
interface AskedChanges {
  readonly asked: number;
  readonly fits: boolean;
  /** By which all its fields are refused. */
  readonly pace: Pacing | null;
}

/** The changes that one HTTP request asks for; shared by the operations of a batch. */
export class ChangeBudget {
  readonly #paceOf: () => Pacing | null;
  #taken = 0;
  /** By operation: each has a context of its own. */
  #operations: WeakMap<object, AskedChanges> | null = null;

  /** @param paceOf the pace of what is done beside others */
  constructor(paceOf: () => Pacing | null = Pace.besideOthers) {
    this.#paceOf = paceOf;
  }

  /**
   * Whether all changes of an operation fit beside those that were taken before; asked again it answers the same, and nothing is counted
   * anew: each of its fields asks.
   */
  mayChange(operation: object, count: () => number): AskedChanges {
    this.#operations ??= new WeakMap();
    const known = this.#operations.get(operation);
    if (known !== undefined) return known;
    const asked = count();
    const fits = this.#taken + asked <= maxChangesPerRequest;
    // What is refused whole takes nothing from the others.
    if (fits) this.#taken += asked;
    const changes = { asked, fits, pace: fits ? null : this.#paceOf() };
    this.#operations.set(operation, changes);
    return changes;
  }

  /** How many of so many further changes fit. */
  fitting(wanted: number): number {
    return Math.min(wanted, maxChangesPerRequest - this.#taken);
  }

  /** Takes as many of so many further changes as fit: what one that was asked for was found to be made of. */
  take(wanted: number): number {
    const taken = this.fitting(wanted);
    this.#taken += taken;
    return taken;
  }
}
