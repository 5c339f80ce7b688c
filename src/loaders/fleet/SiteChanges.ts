import type { Touched } from "../../cache/Reading.js";
import type { ConfluenceSite } from "../../confluence/port.js";
import type { ChangeEvent } from "../../domain/Change.js";
import type { LoaderDeclaration, Remembered } from "../engine/LoaderDeclaration.js";
import { fleetLimits } from "./limits.js";
import { type Position, positionText, readPosition } from "./positions/position.js";

/** What whoever keeps readings of a site for several processes needs to know of its changes. */
export interface SitePositions {
  /** Up to which change this process has heard of all: to be noted when a reading begins. `null` where nobody can tell. */
  readonly appliedPosition: string | null;
  /**
   * Whether a change that was heard of since may have made a reading untrue that began at that position, in whatever process.
   * "Yes" where nobody can tell.
   */
  isTouchedSince<K extends string, V>(
    position: string,
    declaration: LoaderDeclaration<K, V>,
    id: K,
    value: V | null,
  ): boolean;
}

type AnyDeclaration = LoaderDeclaration<never, never>;
type Change = { readonly n: number; readonly event: ChangeEvent };

/** The latest changes that reached a site, of all processes, by their numbers; and what each may have made untrue. */
export class SiteChanges implements SitePositions {
  readonly #blank: Remembered;
  /** Of our own, those that have no number yet: they come after everything. */
  readonly #unnumbered = new Map<number, ChangeEvent>();
  /** Of others, those that callers brought before the stream told of them. */
  readonly #rumours = new Map<string, ChangeEvent>();
  #changes: Change[] = [];
  /** All later ones that reached this site are known. */
  #knownAfter: Position | null = null;
  #applied: Position | null = null;
  readonly #touches = new Map<AnyDeclaration, Touches<never, never>>();

  constructor(site: ConfluenceSite) {
    this.#blank = {
      site,
      // What a change touches may hang on what is remembered; another process remembers other things, or more.
      remembered: () => undefined,
      lastRead: () => undefined,
      versionOf: () => 0,
    };
  }

  get appliedPosition(): string | null {
    return this.#applied === null ? null : positionText(this.#applied);
  }

  /** From here on everything is heard: what was before is not known. */
  begin(at: Position): void {
    this.#changes = [];
    this.#touches.clear();
    this.#knownAfter = at;
    this.#applied = at;
  }

  /** Nobody can tell any more how far things have gone. */
  lose(): void {
    this.#applied = null;
  }

  /** A change of our own, which has no number yet. */
  tell(ticket: number, event: ChangeEvent): void {
    this.#unnumbered.set(ticket, event);
    // What is told no more never gets a number; the stream begins anew after that.
    for (const oldest of this.#unnumbered.keys()) {
      if (oldest > ticket - fleetLimits.mostUntold) return;
      this.#unnumbered.delete(oldest);
    }
  }

  /** A change of our own has its number now; again, where it was told twice. */
  number(ticket: number, n: number): void {
    const event = this.#unnumbered.get(ticket);
    if (event === undefined) return;
    this.#unnumbered.delete(ticket);
    this.hear(n, event);
  }

  /** A change of another process, which has no number here yet; `null` where it has one by now, or nobody waits for it any more. */
  noteRumour(name: string, event: ChangeEvent | null): void {
    if (event === null) this.#rumours.delete(name);
    else this.#rumours.set(name, event);
  }

  /** A change, by its number: they come in their order. */
  hear(n: number, event: ChangeEvent): void {
    this.#changes.push({ n, event });
    if (this.#changes.length <= 2 * fleetLimits.mostKnown) return;
    const dropped = this.#changes.splice(0, this.#changes.length - fleetLimits.mostKnown).at(-1);
    if (dropped !== undefined && this.#knownAfter !== null) this.#knownAfter = { ...this.#knownAfter, n: dropped.n };
    this.#touches.clear();
  }

  /** All changes up to there were heard of, whichever site they reached. */
  advance(to: Position): void {
    this.#applied = to;
  }

  isTouchedSince<K extends string, V>(
    text: string,
    declaration: LoaderDeclaration<K, V>,
    id: K,
    value: V | null,
  ): boolean {
    const position = readPosition(text);
    const known = this.#knownAfter;
    if (position === null || known === null || this.#applied === null) return true;
    if (position.epoch !== known.epoch || position.n < known.n) return true;
    const touches = (event: ChangeEvent) => isTouched(declaration.touchedBy(event, this.#blank), id, value);
    for (const event of this.#unnumbered.values()) if (touches(event)) return true;
    for (const event of this.#rumours.values()) if (touches(event)) return true;
    return this.#touchesOf(declaration).isTouchedAfter(position.n, id, value);
  }

  #touchesOf<K extends string, V>(declaration: LoaderDeclaration<K, V>): Touches<K, V> {
    const key = declaration as AnyDeclaration;
    const touches = (this.#touches.get(key) as Touches<K, V> | undefined) ?? new Touches(declaration, this.#blank);
    this.#touches.set(key, touches as Touches<never, never>);
    touches.takeIn(this.#changes);
    return touches;
  }
}

/** What changes touch of one kind of thing, worked out once for each, so that thousands of ids can be asked about. */
class Touches<K extends string, V> {
  readonly #declaration: LoaderDeclaration<K, V>;
  readonly #known: Remembered;
  #taken = 0;
  #allAt = 0;
  readonly #idsAt = new Map<K, number>();
  readonly #others: { readonly n: number; readonly touched: Touched<K, V> }[] = [];

  constructor(declaration: LoaderDeclaration<K, V>, known: Remembered) {
    this.#declaration = declaration;
    this.#known = known;
  }

  /** @param changes ever longer, in the order of their numbers. */
  takeIn(changes: readonly Change[]): void {
    for (; this.#taken < changes.length; this.#taken += 1) {
      const { n, event } = changes[this.#taken] as Change;
      const touched = this.#declaration.touchedBy(event, this.#known);
      if (touched === "all") this.#allAt = n;
      else if ("where" in touched) this.#others.push({ n, touched });
      else if ("revise" in touched) this.#idsAt.set(touched.revise, n);
      else for (const id of touched) this.#idsAt.set(id, n);
    }
  }

  isTouchedAfter(n: number, id: K, value: V | null): boolean {
    if (this.#allAt > n || (this.#idsAt.get(id) ?? 0) > n) return true;
    return this.#others.some((other) => other.n > n && isTouched(other.touched, id, value));
  }
}

/** What would only be revised where it is remembered counts as touched elsewhere; and so does a miss that nothing can be seen in. */
function isTouched<K extends string, V>(touched: Touched<K, V>, id: K, value: V | null): boolean {
  if (touched === "all") return true;
  if ("where" in touched) return value === null || touched.where(value, id);
  if ("revise" in touched) return touched.revise === id;
  return touched.includes(id);
}
