import DataLoader from "dataloader";
import type { Dated } from "../../cache/Reading.js";
import type { ReadThrough } from "../../cache/ReadThrough.js";
import type { OverdueReadings } from "./OverdueReadings.js";

/**
 * What the operations of one request ask one read-through for, in one go for all that is asked in a turn of the event loop. It
 * keeps nothing: what an operation knows, and what of it is overdue, is the operation's own.
 */
export class ReadingTogether<K extends string, V> {
  readonly #source: ReadThrough<K, V>;
  readonly #notBeforeMs: number;
  /** Whoever asks and may be answered with what is overdue. */
  readonly #lenient = new Set<OverdueReadings>();
  #leniently: DataLoader<K, Dated<V>> | null = null;
  #strictly: DataLoader<K, Dated<V>> | null = null;

  constructor(source: ReadThrough<K, V>, notBeforeMs: number) {
    this.#source = source;
    this.#notBeforeMs = notBeforeMs;
  }

  /** Rejects where the read failed. */
  load(id: K, overdue: OverdueReadings): Promise<Dated<V>> {
    if (!overdue.areAllowed) {
      this.#strictly ??= this.#batch(() => false);
      return this.#strictly.load(id);
    }
    this.#lenient.add(overdue);
    this.#leniently ??= this.#batch(() => {
      const areAllowed = [...this.#lenient].every((each) => each.areAllowed);
      this.#lenient.clear();
      return areAllowed;
    });
    return this.#leniently.load(id);
  }

  /** Nobody joins any more what is being read. */
  leave(): void {
    this.#leniently?.clearAll();
    this.#strictly?.clearAll();
  }

  #batch(mayBeOverdue: () => boolean): DataLoader<K, Dated<V>> {
    const batch: DataLoader<K, Dated<V>> = new DataLoader<K, Dated<V>>(
      (ids) => {
        const reading = this.#source.readManyDated(ids, this.#notBeforeMs, mayBeOverdue());
        return reading.finally(() => {
          for (const id of ids) batch.clear(id);
        });
      },
      // Keys that arrive after different numbers of awaits still belong to one batch: the default schedule would split them.
      { batchScheduleFn: (dispatch) => setImmediate(dispatch) },
    );
    return batch;
  }
}
