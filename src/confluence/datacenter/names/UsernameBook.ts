import { LRUCache } from "lru-cache";
import type { Clock } from "../../../domain/Clock.js";
import type { AccountId } from "../../../domain/ids.js";

/** A name can be given to somebody else within minutes: it is believed for as long as the changes of one request take. */
const believedMs = 5_000;

const maxEntries = 10_000;

interface Entry {
  readonly username: string;
  readonly learnedAtMs: number;
}

/** The user names that accounts were read with just now, so that a change need not ask again for what its plan was made on. */
export class UsernameBook {
  readonly #entries = new LRUCache<AccountId, Entry>({ max: maxEntries });
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** What was asked for at a moment, and is no newer. */
  learn(accountId: AccountId, username: string | null, askedAtMs: number): void {
    if (username === null) this.#entries.delete(accountId);
    else this.#entries.set(accountId, { username, learnedAtMs: askedAtMs });
  }

  /** `null` where the account was not read so lately. */
  nameOf(accountId: AccountId): string | null {
    const entry = this.#entries.get(accountId);
    return entry !== undefined && entry.learnedAtMs + believedMs > this.#clock.now() ? entry.username : null;
  }
}
