import type { AskedOperations, CallerLimits } from "../config/callers/CallersConfig.js";
import type { AccountId, SiteId } from "../domain/ids.js";
import { type CallersAccount, type Extent, type HeldScopes, type Scope, scopes } from "../domain/Scope.js";

interface CallerFacts {
  /** Verified: the name of the token, or what the claim says. Stands in the record. */
  readonly name: string;
  readonly scopes: HeldScopes;
  /** The accounts that the caller is, as configuration or a claim tells. */
  readonly accounts: readonly CallersAccount[];
  readonly limits: CallerLimits;
  /** See `CallersOptions`. */
  readonly sharing?: ReadonlySet<SiteId>;
  /** Any operation, unless it is said otherwise. */
  readonly operations?: AskedOperations;
}

/** Whatever limits do not bound. */
export const boundless: CallerLimits = { costPerMinute: null, operationsAtOnce: null, writesPerMinute: null };

/** Somebody who calls, and what they may do. */
export class Caller {
  readonly name: string;
  readonly accounts: readonly CallersAccount[];
  readonly limits: CallerLimits;
  /** May ask for the operations that the operator listed, and for no other. */
  readonly asksListedOnly: boolean;
  readonly #scopes: HeldScopes;
  readonly #sharing: ReadonlySet<SiteId>;
  /** May do everything everywhere: then nothing has to be asked of any field. */
  readonly holdsEverything: boolean;
  /**
   * What decides about what this caller may see, as one text: two callers of one slot may be given the same answer. Who may
   * read the record has a slot alone, because what became of a request is told to whoever asked for it.
   */
  readonly slot: string;

  constructor({ name, scopes: held, accounts, limits, sharing = new Set(), operations = "any" }: CallerFacts) {
    this.name = name;
    this.#sharing = sharing;
    this.#scopes = held;
    this.accounts = accounts;
    this.limits = limits;
    this.asksListedOnly = operations === "listed";
    this.holdsEverything = scopes.every((scope) => held.get(scope) === "everywhere");
    this.slot = JSON.stringify([
      ...scopes.map((scope) => extentText(held.get(scope))),
      held.has("audit") ? name : null,
    ]);
  }

  /** Whether the scope is held on a site. */
  may(scope: Scope, siteId: SiteId): boolean {
    const extent = this.#scopes.get(scope);
    return extent === "everywhere" || extent?.has(siteId) === true;
  }

  /** Whether the scope is held at all: where, each object tells by its site. */
  mayAnywhere(scope: Scope): boolean {
    return this.#scopes.has(scope);
  }

  mayEverywhere(scope: Scope): boolean {
    return this.#scopes.get(scope) === "everywhere";
  }

  /**
   * Whether an account of a site is the caller's own, or one with it: what is done to an account by way of another site of its
   * organization is done to it. Ids are compared whatever their case: a near miss is refused too.
   */
  owns(siteId: SiteId, accountId: AccountId): boolean {
    const wanted = accountId.toLowerCase();
    return this.accounts.some(
      (own) => (own.siteId === null || this.#isOne(own.siteId, siteId)) && own.accountId.toLowerCase() === wanted,
    );
  }

  /** The ids of the accounts that the caller is said to have elsewhere, and that name the same account on this site where it is seen. */
  accountsSharedWith(siteId: SiteId): readonly AccountId[] {
    const named = new Set(this.accountsOn(siteId));
    return this.accounts.flatMap(({ siteId: at, accountId }) =>
      at !== null && this.#isOne(at, siteId) && !named.has(accountId) ? [accountId] : [],
    );
  }

  #isOne(one: SiteId, other: SiteId): boolean {
    return one === other || (this.#sharing.has(one) && this.#sharing.has(other));
  }

  /** The ids of the accounts that the caller is said to have on a site. */
  accountsOn(siteId: SiteId): readonly AccountId[] {
    return this.accounts.flatMap((own) => (own.siteId === null || own.siteId === siteId ? [own.accountId] : []));
  }
}

function extentText(extent: Extent | undefined): string {
  if (extent === undefined) return "";
  return extent === "everywhere" ? "*" : [...extent].sort().join(" ");
}

const everyScope: HeldScopes = new Map(scopes.map((scope) => [scope, "everywhere"]));

/** Somebody who may do everything: whoever presents `CALLER_TOKEN`, and anyone where callers are not asked. */
export function unboundedCaller(
  name: string,
  limits: CallerLimits = boundless,
  operations: AskedOperations = "any",
): Caller {
  return new Caller({ name, scopes: everyScope, accounts: [], limits, operations });
}
