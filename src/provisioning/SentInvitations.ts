import type { Clock } from "../domain/Clock.js";
import type { AccountId, GroupId } from "../domain/ids.js";

/** An invitation that went out and that nobody is known to have accepted. */
export interface SentInvitation {
  readonly role: string;
  readonly groupIds: readonly GroupId[];
  /** The account that the invitation's answer named: there was one already. */
  readonly accountId: AccountId | null;
}

/** An invitation is taken for open so long. No upstream lists open ones, so after it, or after a restart, another is sent. */
const lifetimeMs = 24 * 3_600_000;

/** Open invitations kept at most; the oldest go first. */
const maxKept = 10_000;

/** The invitations that this process sent for one site, by e-mail address: what is asked for twice is not sent twice. */
export class SentInvitations {
  readonly #clock: Clock;
  readonly #byEmail = new Map<string, SentInvitation & { readonly sentAtMs: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get(email: string): SentInvitation | null {
    const found = this.#byEmail.get(email.toLowerCase());
    return found !== undefined && this.#clock.now() - found.sentAtMs < lifetimeMs ? found : null;
  }

  /** A second invitation adds its groups to the first. */
  add(email: string, invitation: SentInvitation): void {
    const earlier = this.get(email);
    const key = email.toLowerCase();
    this.#byEmail.delete(key);
    this.#byEmail.set(key, {
      ...invitation,
      groupIds: [...new Set([...(earlier?.groupIds ?? []), ...invitation.groupIds])],
      sentAtMs: this.#clock.now(),
    });
    const [oldest] = this.#byEmail.keys();
    if (this.#byEmail.size > maxKept && oldest !== undefined) this.#byEmail.delete(oldest);
  }

  /** The person came. */
  remove(email: string): void {
    this.#byEmail.delete(email.toLowerCase());
  }
}
