import { LRUCache } from "lru-cache";
import type { Clock } from "../../domain/Clock.js";
import type { AccountId } from "../../domain/ids.js";

const maxNames = 200_000;
/** A name can be given to somebody else, so it is believed for as long as other facts of accounts are. */
const believedMs = 300_000;
/** Anybody may take a name that nobody has, at any time: that is believed no longer than one reading takes. */
const nobodyBelievedMs = 15_000;

interface Entry {
  readonly accountId: AccountId | null;
  readonly untilMs: number;
}

/**
 * Which user has which name, learned from every user that was read. Names compare without regard to case. An account has one
 * name: learning another drops the one it had.
 */
export class UsernameBook {
  readonly #names = new Map<AccountId, string>();
  readonly #entries = new LRUCache<string, Entry>({
    max: maxNames,
    dispose: ({ accountId }, name) => {
      if (accountId !== null && this.#names.get(accountId) === name) this.#names.delete(accountId);
    },
  });
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** `null`: nobody has this name. */
  learn(username: string, accountId: AccountId | null): void {
    const name = username.toLowerCase();
    const former = accountId === null ? undefined : this.#names.get(accountId);
    if (former !== undefined && former !== name) this.#entries.delete(former);
    const lastsMs = accountId === null ? nobodyBelievedMs : believedMs;
    this.#entries.set(name, { accountId, untilMs: this.#clock.now() + lastsMs });
    if (accountId !== null) this.#names.set(accountId, name);
  }

  /** Who has this name; `null` for nobody, `undefined` where that is not known (any more). */
  find(username: string): AccountId | null | undefined {
    const entry = this.#entries.get(username.toLowerCase());
    return entry !== undefined && entry.untilMs > this.#clock.now() ? entry.accountId : undefined;
  }
}
