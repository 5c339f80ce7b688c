import type { Clock } from "../domain/Clock.js";
import type { SiteId } from "../domain/ids.js";
import type { ChangeRecord, FactKind } from "../record/ChangeRecord.js";
import { RecordUnavailable } from "../record/Sql.js";

export interface RememberedOptions {
  readonly record: ChangeRecord;
  readonly siteId: SiteId;
  readonly clock: Clock;
}

/** What could not be recorded is kept here, up to this many; the oldest goes first. */
const maxUnrecorded = 1_000;

/**
 * What was sent and must not be sent twice, for so long: kept in the record, so that it holds after a restart and for every
 * process that shares the record.
 */
export class Remembered<Value> {
  readonly #options: RememberedOptions & { readonly kind: FactKind; readonly lifetimeMs: number };
  /** What happened upstream while the record could not be written: this process at least does not forget it. */
  readonly #unrecorded = new Map<string, { readonly value: Value; readonly atMs: number }>();

  constructor(options: RememberedOptions & { readonly kind: FactKind; readonly lifetimeMs: number }) {
    this.#options = options;
  }

  /** Rejects with a `RecordUnavailable`: what is not known may have been sent. */
  async get(key: string): Promise<{ readonly value: Value; readonly atMs: number } | null> {
    const { record, kind, siteId, clock, lifetimeMs } = this.#options;
    const recorded = await record.recall(kind, siteId, key);
    const found =
      recorded === null
        ? (this.#unrecorded.get(key) ?? null)
        : { value: JSON.parse(recorded.value) as Value, atMs: recorded.atMs };
    return found !== null && clock.now() - found.atMs < lifetimeMs ? found : null;
  }

  /** Never rejects: it has been sent already, and the change that it belongs to is on record as an attempt. */
  async add(key: string, value: Value): Promise<void> {
    const { record, kind, siteId, clock } = this.#options;
    try {
      await record.remember(kind, siteId, key, JSON.stringify(value));
      this.#unrecorded.delete(key);
    } catch (error) {
      if (!(error instanceof RecordUnavailable)) throw error;
      this.#unrecorded.set(key, { value, atMs: clock.now() });
      const [oldest] = this.#unrecorded.keys();
      if (this.#unrecorded.size > maxUnrecorded && oldest !== undefined) this.#unrecorded.delete(oldest);
    }
  }

  /** Never rejects: what is not forgotten now ends with its lifetime. */
  async remove(key: string): Promise<void> {
    const { record, kind, siteId } = this.#options;
    this.#unrecorded.delete(key);
    await record.forget(kind, siteId, key).catch((error: unknown) => {
      if (!(error instanceof RecordUnavailable)) throw error;
    });
  }
}
