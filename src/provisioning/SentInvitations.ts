import type { AccountId, GroupId } from "../domain/ids.js";
import { Remembered, type RememberedOptions } from "./Remembered.js";

/** An invitation that went out and that nobody is known to have accepted. */
export interface SentInvitation {
  readonly role: string;
  readonly groupIds: readonly GroupId[];
  /** The account that the invitation's answer named: there was one already. */
  readonly accountId: AccountId | null;
}

/** An invitation is taken for open so long. No upstream lists open ones, so after it another is sent. */
const lifetimeMs = 24 * 3_600_000;

/** The invitations that were sent for one site, by e-mail address: what is asked for twice is not sent twice. */
export class SentInvitations {
  readonly #sent: Remembered<SentInvitation>;

  constructor(options: RememberedOptions) {
    this.#sent = new Remembered({ ...options, kind: "invitation", lifetimeMs });
  }

  /** Rejects with a `RecordUnavailable`. */
  async get(email: string): Promise<SentInvitation | null> {
    return (await this.#sent.get(email.toLowerCase()))?.value ?? null;
  }

  /** A second invitation adds its groups to the first. */
  async add(email: string, invitation: SentInvitation): Promise<void> {
    const earlier = await this.get(email).catch(() => null);
    const groupIds = [...new Set([...(earlier?.groupIds ?? []), ...invitation.groupIds])];
    await this.#sent.add(email.toLowerCase(), { ...invitation, groupIds });
  }

  /** The person came. */
  remove(email: string): Promise<void> {
    return this.#sent.remove(email.toLowerCase());
  }
}
