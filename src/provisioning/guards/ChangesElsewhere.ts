import type { SpaceId } from "../../domain/ids.js";
import { outcomeOf, SiteError } from "../../domain/SiteError.js";
import type { SiteStore } from "../../loaders/engine/SiteStore.js";
import { spaceGrants } from "../../loaders/grants.js";
import type { ChainPosition, ChangeRecord, RecordEntry } from "../../record/ChangeRecord.js";
import { RecordUnavailable } from "../../record/Sql.js";

/** Entries that are read at once. */
const entriesAtOnce = 500;

/** As often as that at most, a second or two: after more than these nothing that is remembered counts. */
const mostPages = 100;

/** Of our own entries, those that are told from others' at most: what is not costs a reading more, and no truth. */
const mostOwn = 10_000;

const ofStore = new WeakMap<SiteStore, ChangesElsewhere>();

/**
 * The spaces that other processes which share the record have changed, and of which this one may remember what was before. The guards
 * look by what is remembered for the spaces that somebody may administer: what somebody else has given since would be looked for in
 * vain, and two processes would leave a space to nobody, one after the other. An attempt is on record before its first call, so
 * whoever takes administration away under its lock finds there all that was done under it.
 */
export class ChangesElsewhere {
  readonly #record: Pick<ChangeRecord, "chain" | "headOf">;
  readonly #store: SiteStore;
  /** The spaces, each with the last entry that names it. */
  readonly #changed = new Map<SpaceId, number>();
  /** By hash: a server that took over from another may give a number once more. */
  readonly #own = new Set<string>();
  /** Up to which entry all is known; `null` where nobody could tell when this began to remember. */
  #known: Promise<ChainPosition | null>;

  constructor(record: Pick<ChangeRecord, "chain" | "headOf">, store: SiteStore) {
    this.#record = record;
    this.#store = store;
    this.#known = record.headOf(store.site.siteId).then(
      (head) => head ?? beforeAll,
      () => null,
    );
    ofStore.set(store, this);
  }

  /** `null` where no other process shares the record. */
  static of(store: SiteStore): ChangesElsewhere | null {
    return ofStore.get(store) ?? null;
  }

  /** An entry of this process's own: what it changes it forgets by itself. */
  noteOwn({ hash }: Pick<RecordEntry, "hash">): void {
    if (this.#own.size >= mostOwn) this.#own.clear();
    this.#own.add(hash);
  }

  /** What was changed by now and not read since, with what `settle` wants. Rejects with a `SiteError` where the record cannot be read. */
  async look(): Promise<ReadonlyMap<SpaceId, number>> {
    const before = this.#known;
    const looking = before.then((known) => this.#goOn(known));
    this.#known = looking.catch(() => before);
    const failure = await outcomeOf(looking);
    if (failure instanceof RecordUnavailable) throw new SiteError("Unreachable", recordNotRead, { call: "" });
    if (failure instanceof Error) throw failure;
    return new Map(this.#changed);
  }

  /** A space was read anew since `look` told of it. */
  settle(spaceId: SpaceId, number: number): void {
    if (this.#changed.get(spaceId) === number) this.#changed.delete(spaceId);
  }

  async #goOn(from: ChainPosition | null): Promise<ChainPosition> {
    const { siteId } = this.#store.site;
    if (from === null) return this.#beginAnew();
    let known = from;
    for (let page = 0; page < mostPages; page += 1) {
      // With the last that is known: a server that took over from another may not have it, and another by its number.
      const after = Math.max(known.number - 1, 0);
      const entries = await this.#record.chain(siteId, after, entriesAtOnce);
      if (known.number > 0 && entries[0]?.hash !== known.hash) return this.#beginAnew();
      for (const { number, hash, subject } of entries.slice(known.number - after)) {
        known = { number, hash };
        const { spaceId } = subject;
        if (!this.#own.delete(hash) && typeof spaceId === "string") this.#changed.set(spaceId as SpaceId, number);
      }
      if (entries.length < entriesAtOnce) return known;
    }
    return this.#beginAnew();
  }

  async #beginAnew(): Promise<ChainPosition> {
    const head = await this.#record.headOf(this.#store.site.siteId);
    this.#store.of(spaceGrants).forget("all");
    return head ?? beforeAll;
  }
}

const beforeAll: ChainPosition = { number: 0, hash: "" };

const recordNotRead =
  "What other processes have changed could not be looked up in the record. Check where it is kept: DATABASE_URL.";
