import type { Dated, Fetched, ReadThrough, Wish } from "../../cache/ReadThrough.js";
import type { Found } from "../../confluence/Found.js";
import { mergeTrust, type Trust } from "../../domain/Complete.js";
import { SiteError } from "../../domain/SiteError.js";
import type { LoaderDeclaration } from "./LoaderDeclaration.js";
import type { SiteStore } from "./SiteStore.js";

/**
 * What the fetch of a declaration reads through: the site itself, and other loaders. It keeps the age, the gaps and the
 * assumptions of all that was read of others, and stamps what is found with them: no declaration can forget its parts.
 */
export class FetchReader<K extends string> {
  readonly site: SiteStore["site"];
  readonly clock: SiteStore["clock"];
  readonly lifetimes: SiteStore["lifetimes"];
  /** What was read is a catalogue of operations too. */
  readonly seenOperations: SiteStore["seenOperations"];
  readonly #store: SiteStore;
  readonly #wish: Wish;
  /** What every answer of the fetch rests on. */
  readonly #shared: Trust[] = [];
  /** What the answer for one id rests on besides. */
  readonly #own = new Map<K, Trust>();

  constructor(store: SiteStore, wish: Wish) {
    this.site = store.site;
    this.clock = store.clock;
    this.lifetimes = store.lifetimes;
    this.seenOperations = store.seenOperations;
    this.#store = store;
    this.#wish = wish;
  }

  /** Nothing may rest on what was read before: for what the site itself remembers. */
  get notBeforeMs(): number {
    return this.#wish.notBeforeMs;
  }

  /** Reads of another loader what all answers of this fetch rest on; each outcome by itself. */
  async readMany<PK extends string, PV>(
    declaration: LoaderDeclaration<PK, PV>,
    ids: readonly PK[],
  ): Promise<(PV | null | Error)[]> {
    const outcomes = await this.#sourceOf(declaration).readManyDated(ids, this.#notBeforeMs(declaration));
    return outcomes.map((outcome) => {
      if (outcome instanceof Error) return outcome;
      this.#shared.push(trustOf(declaration, outcome));
      return outcome.value;
    });
  }

  /** Reads one such thing: the value, `null` when it is not visible; rejects when the read failed. */
  async read<PK extends string, PV>(declaration: LoaderDeclaration<PK, PV>, id: PK): Promise<PV | null> {
    const [outcome] = await this.readMany(declaration, [id]);
    if (outcome instanceof Error) throw outcome;
    return outcome ?? null;
  }

  /**
   * Reads of another loader what decides whether and how the site is asked, not what it answers: its gaps and assumptions
   * count, its age does not. Grants live a minute; else they were born as old as the permission model, which lives ten.
   */
  async consult<PK extends string, PV>(
    declaration: LoaderDeclaration<PK, PV>,
    ids: readonly PK[],
  ): Promise<(PV | null | Error)[]> {
    const outcomes = await this.#sourceOf(declaration).readManyDated(ids, this.#notBeforeMs(declaration));
    return outcomes.map((outcome) => {
      if (outcome instanceof Error) return outcome;
      const trust = trustOf(declaration, outcome);
      if (trust.gaps.length + trust.assumptions.length > 0) {
        this.#shared.push({ ...trust, asOfMs: Number.POSITIVE_INFINITY });
      }
      return outcome.value;
    });
  }

  /** Reads of another loader, under the ids that are fetched, what the answer for each id rests on. */
  async readEach<PV>(declaration: LoaderDeclaration<K, PV>, ids: readonly K[]): Promise<Found<K, PV>> {
    const outcomes = await this.#sourceOf(declaration).readManyDated(ids, this.#notBeforeMs(declaration));
    const found = new Map<K, PV | SiteError>();
    ids.forEach((id, index) => {
      const outcome = outcomes[index];
      if (outcome instanceof Error && !(outcome instanceof SiteError)) throw outcome;
      if (outcome instanceof Error) found.set(id, outcome);
      else if (outcome !== undefined) {
        this.#rest(id, trustOf(declaration, outcome));
        if (outcome.value !== null) found.set(id, outcome.value);
      }
    });
    return found;
  }

  /** Answers some of the ids out of one thing of another loader; those, also the `null` of them, rest on it. */
  async answerFrom<PK extends string, PV, V>(
    declaration: LoaderDeclaration<PK, PV>,
    id: PK,
    answer: (value: PV) => ReadonlyMap<K, V | null>,
  ): Promise<ReadonlyMap<K, V | null>> {
    const [outcome] = await this.#sourceOf(declaration).readManyDated([id], this.#notBeforeMs(declaration));
    if (outcome instanceof Error) throw outcome;
    if (outcome === undefined || outcome.value === null) return new Map();
    const answers = answer(outcome.value);
    for (const answered of answers.keys()) this.#rest(answered, trustOf(declaration, outcome));
    return answers;
  }

  /** What a list that was just read put under the ids that are fetched. */
  primedSince<PV>(declaration: LoaderDeclaration<K, PV>, ids: readonly K[], sinceMs: number): Map<K, PV | SiteError> {
    const found = new Map<K, PV | SiteError>();
    for (const id of ids) {
      const known = this.#sourceOf(declaration).peekDated(id, sinceMs);
      if (known === undefined || known.value === null) continue;
      this.#rest(id, trustOf(declaration, known));
      found.set(id, known.value);
    }
    return found;
  }

  /** Whether something would be answered without asking the site. */
  isAtHand<PK extends string, PV>(declaration: LoaderDeclaration<PK, PV>, id: PK): boolean {
    return this.#sourceOf(declaration).peek(id, this.#notBeforeMs(declaration)) !== undefined;
  }

  /** Puts what a list tells of its items under their ids. */
  prime<PK extends string, PV>(declaration: LoaderDeclaration<PK, PV>, id: PK, value: PV, readAtMs: number): void {
    this.#sourceOf(declaration).prime(id, value, readAtMs);
  }

  /** What was found, stamped with what it rests on. */
  stamp<V>(declaration: LoaderDeclaration<K, V>, found: Found<K, V>): Fetched<K, V> {
    const now = this.clock.now();
    const shared = mergeTrust(this.#shared, now);
    const trustFor = (id: K) => {
      const own = this.#own.get(id);
      return own === undefined ? shared : mergeTrust([shared, own], now);
    };
    const { withTrust } = declaration;
    if (withTrust === undefined) return { found, asOfMs: (id) => trustFor(id).asOfMs };
    const stamped = new Map<K, V | SiteError>();
    for (const [id, value] of found) {
      stamped.set(id, value instanceof SiteError ? value : withTrust(value, trustFor(id)));
    }
    return { found: stamped, asOfMs: (id) => trustFor(id).asOfMs };
  }

  #rest(id: K, trust: Trust): void {
    const known = this.#own.get(id);
    this.#own.set(id, known === undefined ? trust : mergeTrust([known, trust], trust.asOfMs));
  }

  #sourceOf<PK extends string, PV>(declaration: LoaderDeclaration<PK, PV>): ReadThrough<PK, PV> {
    return this.#store.of(declaration);
  }

  /**
   * Where somebody waits, a stale part will do, and its age goes along. Where a stale answer is read again behind somebody's
   * back, a stale part would make the new answer as old as the one it replaces.
   */
  #notBeforeMs<PK extends string, PV>({ lifetime }: LoaderDeclaration<PK, PV>): number {
    const { notBeforeMs, isRevalidation } = this.#wish;
    return isRevalidation ? Math.max(notBeforeMs, this.clock.now() - this.lifetimes[lifetime] + 1) : notBeforeMs;
  }
}

function trustOf<K extends string, V>(declaration: LoaderDeclaration<K, V>, { value, readAtMs }: Dated<V>): Trust {
  const told = value === null ? undefined : declaration.trustOf?.(value);
  return { gaps: told?.gaps ?? [], assumptions: told?.assumptions ?? [], asOfMs: readAtMs };
}
