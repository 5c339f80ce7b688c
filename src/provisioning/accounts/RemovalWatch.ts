import type { AccountId } from "../../domain/ids.js";
import { SiteError } from "../../domain/SiteError.js";
import type { SiteStore } from "../../loaders/engine/SiteStore.js";
import { isAccountGone, readAccountAnew } from "./dataCenterReading.js";

/** Looked after so long; afterwards the lifetimes of what is remembered are over as well. */
const watchedForMs = 3_600_000;

/** Looked at no more often than this, however many requests come. */
const pauseMs = 5_000;

/** A request waits so long for it at most. */
const patienceMs = 1_000;

/** Removals looked after at most; the oldest go first. */
const maxWatched = 100;

interface Watched {
  /** Its name as it was before: what is remembered by it is to be forgotten too. */
  readonly username: string | null;
  readonly sinceMs: number;
}

/**
 * Removals that were left open with the caller, `STARTED` or with a lost answer: what is remembered shows the account until its
 * lifetime is over, whenever the site is done. So each request looks first whether it is; nothing runs in between.
 */
export class RemovalWatch {
  readonly #store: SiteStore;
  readonly #open = new Map<AccountId, Watched>();
  #lookedAtMs = 0;
  #looking: Promise<void> | null = null;

  constructor(store: SiteStore) {
    this.#store = store;
  }

  add(accountId: AccountId, username: string | null): void {
    const known = this.#open.get(accountId)?.username ?? username;
    this.#open.delete(accountId);
    this.#open.set(accountId, { username: known, sinceMs: this.#store.clock.now() });
    const [oldest] = this.#open.keys();
    if (this.#open.size > maxWatched && oldest !== undefined) this.#open.delete(oldest);
  }

  remove(accountId: AccountId): void {
    this.#open.delete(accountId);
  }

  /**
   * Forgets whoever is gone by now. Never rejects: who could not be asked about is asked about again. A site that is slow to
   * answer keeps no request waiting for long.
   */
  async look(): Promise<void> {
    const looking = this.#begin();
    if (looking === null) return;
    const ended = new AbortController();
    const patience = this.#store.clock.sleep(patienceMs, ended.signal).catch(() => undefined);
    await Promise.race([looking.finally(() => ended.abort()), patience]);
  }

  #begin(): Promise<void> | null {
    if (this.#looking !== null) return this.#looking;
    const nowMs = this.#store.clock.now();
    if (this.#open.size === 0 || nowMs - this.#lookedAtMs < pauseMs) return null;
    this.#lookedAtMs = nowMs;
    this.#looking = Promise.all([...this.#open].map((entry) => this.#lookAt(entry, nowMs)))
      .then(() => undefined)
      .finally(() => {
        this.#looking = null;
      });
    return this.#looking;
  }

  async #lookAt([accountId, { username, sinceMs }]: readonly [AccountId, Watched], nowMs: number): Promise<void> {
    try {
      if (isAccountGone(await readAccountAnew(this.#store, accountId))) {
        this.#store.changed({ kind: "accountRemoved", accountId, username, email: null });
        this.remove(accountId);
      } else if (nowMs - sinceMs >= watchedForMs) this.remove(accountId);
    } catch (error) {
      if (!(error instanceof SiteError)) throw error;
    }
  }
}
