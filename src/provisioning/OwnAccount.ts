import type { ConfluenceSite } from "../confluence/port.js";
import type { AccountId } from "../domain/ids.js";

/** Whether an account is the one that our credential belongs to; asked at most once. */
export class OwnAccount {
  readonly #site: ConfluenceSite;
  #ownId: Promise<AccountId | null> | null = null;

  constructor(site: ConfluenceSite) {
    this.#site = site;
  }

  /** `null` where the site does not tell who we are. Rejects with a `SiteError`. */
  async is(accountId: AccountId): Promise<boolean | null> {
    this.#ownId ??= this.#site.checkCredential().then((caller) => caller.accountId);
    const ownId = await this.#ownId;
    return ownId === null ? null : ownId === accountId;
  }
}
