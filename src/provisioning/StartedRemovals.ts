import type { LongTaskId } from "../confluence/writerPort.js";
import type { Clock } from "../domain/Clock.js";
import type { AccountId } from "../domain/ids.js";

/** A removal is taken for under way so long; after it, or after a restart, the site is asked anew. */
const lifetimeMs = 24 * 3_600_000;

/** Removals kept at most; the oldest go first. */
const maxKept = 1_000;

/** A removal that this process started. */
export interface StartedRemoval {
  readonly taskId: LongTaskId;
  readonly startedAtMs: number;
}

/** The removals that this process started on one site and whose end nobody was told: what is asked for twice is not sent twice. */
export class StartedRemovals {
  readonly #clock: Clock;
  readonly #byAccount = new Map<AccountId, StartedRemoval>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get(accountId: AccountId): StartedRemoval | null {
    const found = this.#byAccount.get(accountId);
    return found !== undefined && this.#clock.now() - found.startedAtMs < lifetimeMs ? found : null;
  }

  add(accountId: AccountId, taskId: LongTaskId): void {
    this.#byAccount.delete(accountId);
    this.#byAccount.set(accountId, { taskId, startedAtMs: this.#clock.now() });
    const [oldest] = this.#byAccount.keys();
    if (this.#byAccount.size > maxKept && oldest !== undefined) this.#byAccount.delete(oldest);
  }

  /** It has ended, and the caller was told how. */
  remove(accountId: AccountId): void {
    this.#byAccount.delete(accountId);
  }
}
