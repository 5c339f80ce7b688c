import type { Dated, Fetched, FetchTerms } from "../../cache/Reading.js";
import type { ReadThrough } from "../../cache/ReadThrough.js";
import type { Lifetimes } from "../../cache/TtlCache.js";
import { othersTurn } from "../../callers/Turns.js";
import type { Found } from "../../confluence/fetchMany.js";
import type { ConfluenceSite } from "../../confluence/port.js";
import type { Clock } from "../../domain/Clock.js";
import { mergeTrust, type Trust } from "../../domain/Complete.js";
import type { Operation, OperationSource } from "../../domain/Operation.js";
import { orSiteError, SiteError } from "../../domain/SiteError.js";
import { rowsAtOnce } from "../limits.js";
import type { FetchReader, LoaderDeclaration } from "./LoaderDeclaration.js";

/** Where it reads: what a site's store has of each declaration. */
interface ReadThroughs {
  readonly site: ConfluenceSite;
  readonly clock: Clock;
  readonly lifetimes: Lifetimes;
  readonly position: string | null;
  readonly seenOperations: { note(operation: Operation, source: OperationSource): void };
  of<K extends string, V>(declaration: LoaderDeclaration<K, V>): ReadThrough<K, V>;
}

/**
 * The reader of one fetch. It keeps the age, the gaps and the assumptions of all that was read of other loaders, and stamps
 * what is found with them: no declaration can forget its parts.
 */
export class StampingReader<K extends string> implements FetchReader<K> {
  readonly site: ConfluenceSite;
  readonly clock: Clock;
  readonly lifetimes: Lifetimes;
  readonly notBeforeMs: number;
  readonly #store: ReadThroughs;
  readonly #isRevalidation: boolean;
  /** That of the whole reading: what a list tells is as old as its first page. */
  readonly #position: string | null;
  /** What every answer of the fetch rests on. */
  readonly #shared: Trust[] = [];
  /** What the answer for one id rests on besides. */
  readonly #own = new Map<K, Trust>();
  /** Gone through since others last had their turn. */
  #rows = 0;

  /** @param isOwn false for what another process read: what it tells by the way is there already. */
  constructor(store: ReadThroughs, { notBeforeMs, isRevalidation }: FetchTerms, isOwn = true) {
    this.site = store.site;
    this.clock = store.clock;
    this.lifetimes = store.lifetimes;
    this.notBeforeMs = notBeforeMs;
    this.#store = store;
    this.#isRevalidation = isRevalidation;
    this.#position = isOwn ? store.position : null;
  }

  readMany<PK extends string, PV>(
    declaration: LoaderDeclaration<PK, PV>,
    ids: readonly PK[],
  ): Promise<(PV | null | Error)[]> {
    return this.#valuesOf(declaration, ids, (trust) => this.#shared.push(trust));
  }

  async read<PK extends string, PV>(declaration: LoaderDeclaration<PK, PV>, id: PK): Promise<PV | null> {
    const [outcome] = await this.readMany(declaration, [id]);
    if (outcome instanceof Error) throw outcome;
    return outcome ?? null;
  }

  consult<PK extends string, PV>(
    declaration: LoaderDeclaration<PK, PV>,
    ids: readonly PK[],
  ): Promise<(PV | null | Error)[]> {
    return this.#valuesOf(declaration, ids, (trust) => {
      if (trust.gaps.length + trust.assumptions.length > 0)
        this.#shared.push({ ...trust, asOfMs: Number.POSITIVE_INFINITY });
    });
  }

  async #valuesOf<PK extends string, PV>(
    declaration: LoaderDeclaration<PK, PV>,
    ids: readonly PK[],
    rest: (trust: Trust) => void,
  ): Promise<(PV | null | Error)[]> {
    const outcomes = await this.#readDated(declaration, ids);
    return outcomes.map((outcome) => {
      if (outcome instanceof Error) return outcome;
      rest(trustOf(declaration, outcome));
      return outcome.value;
    });
  }

  async readEach<PV>(declaration: LoaderDeclaration<K, PV>, ids: readonly K[]): Promise<Found<K, PV>> {
    const outcomes = await this.#readDated(declaration, ids);
    const found = new Map<K, PV | SiteError>();
    ids.forEach((id, index) => {
      const outcome = orSiteError(outcomes[index]);
      if (outcome instanceof SiteError) found.set(id, outcome);
      else if (outcome !== undefined) {
        this.#restOn(id, trustOf(declaration, outcome));
        if (outcome.value !== null) found.set(id, outcome.value);
      }
    });
    return found;
  }

  async answerFrom<PK extends string, PV, V>(
    declaration: LoaderDeclaration<PK, PV>,
    id: PK,
    answer: (value: PV) => ReadonlyMap<K, V | null>,
  ): Promise<ReadonlyMap<K, V | null>> {
    const [outcome] = await this.#readDated(declaration, [id]);
    if (outcome instanceof Error) throw outcome;
    if (outcome === undefined || outcome.value === null) return new Map();
    const answers = answer(outcome.value);
    for (const answered of answers.keys()) this.#restOn(answered, trustOf(declaration, outcome));
    return answers;
  }

  async primedSince<PV>(
    declaration: LoaderDeclaration<K, PV>,
    ids: readonly K[],
    sinceMs: number,
  ): Promise<Map<K, PV | SiteError>> {
    const found = new Map<K, PV | SiteError>();
    // Who wants nothing that was read before asks the site alone.
    if (this.notBeforeMs === 0) await this.#store.of(declaration).gather(ids, sinceMs);
    for (const id of ids) {
      const known = this.#store.of(declaration).peekDated(id, sinceMs);
      if (known === undefined || known.value === null) continue;
      this.#restOn(id, trustOf(declaration, known));
      found.set(id, known.value);
    }
    return found;
  }

  isAtHand<PK extends string, PV>(declaration: LoaderDeclaration<PK, PV>, id: PK): boolean {
    return this.#store.of(declaration).peek(id, this.#notBeforeMs(declaration)) !== undefined;
  }

  prime<PK extends string, PV>(declaration: LoaderDeclaration<PK, PV>, id: PK, value: PV, readAtMs: number): void {
    this.#store.of(declaration).prime(id, value, readAtMs, this.#position);
  }

  noteOperation(operation: Operation, source: OperationSource): void {
    this.#store.seenOperations.note(operation, source);
  }

  giveWay(rows: number): Promise<void> | null {
    this.#rows += rows;
    if (this.#rows < rowsAtOnce) return null;
    this.#rows = 0;
    return othersTurn();
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

  #restOn(id: K, trust: Trust): void {
    const known = this.#own.get(id);
    this.#own.set(id, known === undefined ? trust : mergeTrust([known, trust], trust.asOfMs));
  }

  #readDated<PK extends string, PV>(
    declaration: LoaderDeclaration<PK, PV>,
    ids: readonly PK[],
  ): Promise<(Dated<PV> | Error)[]> {
    return this.#store.of(declaration).readManyDated(ids, this.#notBeforeMs(declaration));
  }

  /**
   * Where somebody waits, a stale part will do, and its age goes along. Where a stale answer is read again behind somebody's
   * back, a stale part would make the new answer as old as the one it replaces.
   */
  #notBeforeMs<PK extends string, PV>({ lifetime }: LoaderDeclaration<PK, PV>): number {
    if (!this.#isRevalidation) return this.notBeforeMs;
    return Math.max(this.notBeforeMs, this.clock.now() - this.lifetimes[lifetime] + 1);
  }
}

function trustOf<K extends string, V>(declaration: LoaderDeclaration<K, V>, { value, readAtMs }: Dated<V>): Trust {
  const told = value === null ? undefined : declaration.trustOf?.(value);
  return { gaps: told?.gaps ?? [], assumptions: told?.assumptions ?? [], asOfMs: readAtMs };
}
