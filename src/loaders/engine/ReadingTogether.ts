import { nothingRead } from "../../cache/Flight.js";
import type { Taker } from "../../cache/JoinedReads.js";
import type { Dated } from "../../cache/Reading.js";
import type { ReadThrough } from "../../cache/ReadThrough.js";
import { UnbegunWork } from "../../callers/UnbegunWork.js";
import { outcomeOf } from "../../domain/SiteError.js";
import { Audience } from "./Audience.js";
import type { OverdueReadings } from "./OverdueReadings.js";

/** Ids of one reading at most: a multiple of what calls ask for at once, so that there are no more calls for it. */
const idsTogether = 1_000;

/**
 * What the operations of one request ask one read-through for, in one go for all that is asked in a turn of the event loop, and for
 * all rows that are begun in slices. It keeps nothing: what an operation knows, and what of it is overdue, is the operation's own.
 */
export class ReadingTogether<K extends string, V> {
  readonly #source: ReadThrough<K, V>;
  readonly #notBeforeMs: number;
  /** Whoever asks and may be answered with what is overdue. */
  readonly #lenient = new Set<OverdueReadings>();
  readonly #leniently: Batches<K, V>;
  readonly #strictly: Batches<K, V>;

  constructor(source: ReadThrough<K, V>, notBeforeMs: number) {
    this.#source = source;
    this.#notBeforeMs = notBeforeMs;
    const { isReadOneByOne } = source;
    this.#strictly = new Batches({ isReadOneByOne, read: (ids, taker) => this.#read(ids, false, taker) });
    this.#leniently = new Batches({
      isReadOneByOne,
      read: (ids, taker) => {
        const areAllowed = [...this.#lenient].every((each) => each.areAllowed);
        this.#lenient.clear();
        return this.#read(ids, areAllowed, taker);
      },
    });
  }

  /** The reading that an id is part of. */
  batchOf(id: K, overdue: OverdueReadings): Batch<K, V> {
    if (!overdue.areAllowed) return this.#strictly.of(id);
    this.#lenient.add(overdue);
    return this.#leniently.of(id);
  }

  /** Whether anything was asked for. */
  get hasBegun(): boolean {
    return this.#leniently.hasBegun || this.#strictly.hasBegun;
  }

  /** Whether an id is asked for, and nothing came of it yet. */
  isAsked(id: K, overdue: OverdueReadings): boolean {
    return (overdue.areAllowed ? this.#leniently : this.#strictly).isAsked(id);
  }

  /** Nobody joins any more what is being read. */
  leave(): void {
    this.#leniently.leave();
    this.#strictly.leave();
  }

  #read(ids: readonly K[], mayBeOverdue: boolean, taker: Taker<K, V>): Promise<void> {
    return this.#source.readEachDated(ids, { notBeforeMs: this.#notBeforeMs, mayBeOverdue }, taker);
  }
}

/** Reads ids; each outcome by itself, and as soon as it is there. */
interface Reader<K, V> {
  readonly isReadOneByOne: boolean;
  read(ids: readonly K[], taker: Taker<K, V>): Promise<void>;
}

/**
 * Ids that are read together: one promise for all of them. DataLoader makes one for each, and where thousands of rows name the same
 * hundreds of accounts that took longer than reading them.
 */
class Batches<K extends string, V> {
  readonly #reader: Reader<K, V>;
  /** By id, what is asked for or being read. */
  readonly #byId = new Map<K, Batch<K, V>>();
  /** The one that ids may still come to. */
  #open: Batch<K, V> | null = null;
  hasBegun = false;

  constructor(reader: Reader<K, V>) {
    this.#reader = reader;
  }

  of(id: K): Batch<K, V> {
    const known = this.#byId.get(id);
    if (known !== undefined) return known;
    const open = this.#open ?? this.#begin();
    open.add(id);
    this.#byId.set(id, open);
    this.#open = open.isFull ? null : open;
    return open;
  }

  leave(): void {
    this.#byId.clear();
  }

  isAsked(id: K): boolean {
    return this.#byId.size > 0 && this.#byId.get(id)?.hasComeOf(id) === false;
  }

  #begin(): Batch<K, V> {
    this.hasBegun = true;
    const batch = new Batch<K, V>({
      isReadOneByOne: this.#reader.isReadOneByOne,
      read: async (ids, taker) => {
        if (this.#open === batch) this.#open = null;
        try {
          await this.#reader.read(ids, taker);
        } finally {
          for (const id of ids) if (this.#byId.get(id) === batch) this.#byId.delete(id);
        }
      },
    });
    return batch;
  }
}

/** Ids that are read together. */
export class Batch<K extends string, V> implements Taker<K, V> {
  readonly #ids = new Set<K>();
  readonly #outcomes = new Map<K, Dated<V> | Error>();
  readonly #audience = new Audience<K>();
  readonly #reader: Reader<K, V>;
  /** What those follow from that asked for them. */
  readonly #followed = new Set<UnbegunWork>();
  #isRead = false;

  constructor(reader: Reader<K, V>) {
    this.#reader = reader;
  }

  get isFull(): boolean {
    return this.#ids.size >= idsTogether;
  }

  /**
   * They are read when the turn of the event loop ends: those that arrive after different numbers of awaits still belong to one. Where
   * lists come one after the other and each asks for some, when all of those have that are read together.
   */
  add(id: K): void {
    this.#ids.add(id);
    const work = UnbegunWork.current;
    if (!this.#followed.has(work)) {
      this.#followed.add(work);
      work.whenBegun(() => void this.#read());
    }
    if (this.isFull) setImmediate(() => void this.#read());
  }

  /** When they are read; an id that is read by itself, when that one is. Never rejects. */
  whenRead(id?: K): Promise<void> {
    return this.#audience.join(this.#reader.isReadOneByOne ? id : null);
  }

  /** What came of an id, once it is read. */
  outcomeOf(id: K): Dated<V> | Error {
    return this.#outcomes.get(id) ?? nothingRead(id);
  }

  hasComeOf(id: K): boolean {
    return this.#outcomes.has(id);
  }

  take(id: K, outcome: Dated<V> | Error): void {
    this.#outcomes.set(id, outcome);
    if (this.#reader.isReadOneByOne) this.#audience.tell(id);
  }

  async #read(): Promise<void> {
    if (this.#isRead) return;
    this.#isRead = true;
    const ids = [...this.#ids];
    const failure = await outcomeOf(this.#reader.read(ids, this));
    for (const id of ids)
      if (!this.#outcomes.has(id)) this.#outcomes.set(id, failure instanceof Error ? failure : nothingRead(id));
    await this.#audience.tellAll();
  }
}
