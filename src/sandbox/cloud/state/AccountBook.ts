import type { WorldAccount } from "../../world/World.js";
import { hasSiteAccess } from "./hasSiteAccess.js";

/** Whom user search lists. */
export type SearchAudience = "none" | "externalCollaborator" | "all";

/** The accounts of the site, and who is found by search. */
export class AccountBook {
  readonly #accounts: Map<string, WorldAccount>;
  /** Accounts that exist but that search has not learned of. */
  readonly #unsearchable = new Set<string>();
  #searchLists = new Map<SearchAudience, readonly WorldAccount[]>();
  #byEmail: Map<string, WorldAccount> | undefined;
  #version = 0;

  readonly #hiddenEmails: ReadonlySet<string>;

  /** `hiddenEmails` are ids of accounts whose address Confluence keeps to itself, beside those of whom the world says so. */
  constructor(accounts: readonly WorldAccount[], hiddenEmails: readonly string[] = []) {
    this.#accounts = new Map(accounts.map((account) => [account.accountId, account]));
    this.#hiddenEmails = new Set(hiddenEmails);
  }

  /** The address as Confluence answers it: empty where privacy hides it. Its organization may know better. */
  shownEmail({ accountId, email }: WorldAccount): string {
    return this.isEmailHidden(accountId) ? "" : (email ?? "");
  }

  isEmailHidden(accountId: string): boolean {
    return this.#hiddenEmails.has(accountId) || this.get(accountId)?.hiddenEmail === true;
  }

  /** Changes whenever any account does; what is derived from accounts is kept by it. */
  get version(): number {
    return this.#version;
  }

  get(accountId: string): WorldAccount | undefined {
    return this.#accounts.get(accountId);
  }

  all(): readonly WorldAccount[] {
    return [...this.#accounts.values()];
  }

  /** By an address that the site can see, letter case aside. */
  byEmail(email: string): WorldAccount | undefined {
    if (this.#byEmail === undefined) {
      this.#byEmail = new Map();
      for (const account of this.#accounts.values()) {
        const key = account.email?.toLowerCase() ?? "";
        if (key !== "" && !this.#byEmail.has(key)) this.#byEmail.set(key, account);
      }
    }
    return this.#byEmail.get(email.toLowerCase());
  }

  put(account: WorldAccount): void {
    this.#accounts.set(account.accountId, account);
    this.#changed();
  }

  setSearchable(accountId: string, isSearchable: boolean): void {
    if (isSearchable) this.#unsearchable.delete(accountId);
    else this.#unsearchable.add(accountId);
    this.#changed();
  }

  /**
   * Search lists people only, by default those with a licence: apps, customers, the inactive, the suspended and the
   * unlicensed are in none of its lists. That is why there is no list of all users.
   */
  searchList(audience: SearchAudience): readonly WorldAccount[] {
    const known = this.#searchLists.get(audience);
    if (known !== undefined) return known;
    const list = this.all().filter((account) => {
      if (this.#unsearchable.has(account.accountId) || !hasSiteAccess(account)) return false;
      const isGuest = account.isExternalCollaborator === true;
      return audience === "all" || isGuest === (audience === "externalCollaborator");
    });
    this.#searchLists.set(audience, list);
    return list;
  }

  #changed(): void {
    this.#version += 1;
    this.#searchLists = new Map();
    this.#byEmail = undefined;
  }
}
