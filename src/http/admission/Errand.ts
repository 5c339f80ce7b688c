/** What calls are made for: a change, its own readings among them; an answer to somebody; or one that may rest on nothing read before. */
type ErrandKind = "change" | "reading" | "fresh-reading";

/**
 * On whose behalf calls are made, which decides whose turn it is. One for each request to us and site, however many calls it
 * takes: requests take turns, and so do callers.
 */
export class Errand {
  /** The caller's verified name; whoever is not asked for one shares the empty name. */
  readonly caller: string;
  readonly kind: ErrandKind;
  /** How many calls asked for a turn so far: a request that takes many lets those go first that take few. */
  calls = 0;

  constructor(kind: ErrandKind, caller = "") {
    this.kind = kind;
    this.caller = caller;
  }

  /** Whether its calls go before those of another errand. */
  goesBefore(other: Errand): boolean {
    if (this.kind !== other.kind) return this.kind === "change" || other.kind === "fresh-reading";
    return this.calls < other.calls;
  }
}

/** Whatever is read for nobody in particular: what the site can do, and what is stale and read again behind an answer. */
export const nobodysErrand = new Errand("reading");
