import type { LongTaskId } from "../confluence/writerPort.js";
import type { AccountId } from "../domain/ids.js";
import { Remembered, type RememberedOptions } from "./Remembered.js";

/** A removal is taken for under way so long; after it the site is asked anew. */
const lifetimeMs = 24 * 3_600_000;

/** A removal that was started, or may have been. */
export interface StartedRemoval {
  /** `null` where the answer that would have named it was lost. */
  readonly taskId: LongTaskId | null;
  readonly startedAtMs: number;
}

/** The removals that were started on one site and whose end nobody was told: what is asked for twice is not sent twice. */
export class StartedRemovals {
  readonly #started: Remembered<LongTaskId | null>;

  constructor(options: RememberedOptions) {
    this.#started = new Remembered({ ...options, kind: "removal", lifetimeMs });
  }

  /** Rejects with a `RecordUnavailable`. */
  async get(accountId: AccountId): Promise<StartedRemoval | null> {
    const found = await this.#started.get(accountId);
    return found === null ? null : { taskId: found.value, startedAtMs: found.atMs };
  }

  add(accountId: AccountId, taskId: LongTaskId | null): Promise<void> {
    return this.#started.add(accountId, taskId);
  }

  /** It has ended, and the caller was told how. */
  remove(accountId: AccountId): Promise<void> {
    return this.#started.remove(accountId);
  }
}
