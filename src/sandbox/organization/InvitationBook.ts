import type { CloudState } from "../cloud/state/CloudState.js";
import type { WorldAccount } from "../world/World.js";
import { giveRoles } from "./roles.js";

/** Somebody who was asked in and has not answered. */
export interface Invitation {
  readonly email: string;
  readonly roles: readonly string[];
  readonly groupIds: readonly string[];
  /** ISO 8601. */
  readonly invitedAt: string;
}

/**
 * Invitations that nobody has accepted. Only a person can accept one: here `POST /__sandbox/invitations` stands for that
 * person. They are in no world file, so a reload forgets them.
 */
export class InvitationBook {
  readonly #state: CloudState;
  readonly #pending = new Map<string, Invitation>();

  constructor(state: CloudState) {
    this.#state = state;
  }

  list(): readonly Invitation[] {
    return [...this.#pending.values()];
  }

  /** A second invitation adds to the first. */
  invite(invitation: Invitation): void {
    const key = invitation.email.toLowerCase();
    const earlier = this.#pending.get(key);
    this.#pending.set(key, {
      ...invitation,
      roles: [...new Set([...(earlier?.roles ?? []), ...invitation.roles])],
      groupIds: [...new Set([...(earlier?.groupIds ?? []), ...invitation.groupIds])],
    });
  }

  /** Makes the account, or takes in again the one that has the address; false when nobody invited that address. */
  accept(email: string): boolean {
    const invitation = this.#pending.get(email.toLowerCase());
    if (invitation === undefined) return false;
    this.#pending.delete(email.toLowerCase());
    const known = this.#state.accounts.byEmail(invitation.email);
    const account: WorldAccount = known ?? {
      accountId: `712020:${this.#state.newUuid()}`,
      accountType: "atlassian",
      accountStatus: "active",
      displayName: invitation.email.split("@")[0] ?? invitation.email,
      email: invitation.email,
    };
    const roles = [...(known?.productRoles ?? []), ...invitation.roles];
    this.#state.accounts.put({ ...giveRoles(account, roles), orgStatus: "active" });
    for (const groupId of invitation.groupIds) this.#state.groups.addMember(groupId, account.accountId);
    return true;
  }
}
