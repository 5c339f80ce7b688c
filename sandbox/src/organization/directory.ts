import type { CloudState } from "../cloud/state/CloudState.js";
import { hasSiteAccess } from "../cloud/state/directory.js";
import type { WorldAccount } from "../world/World.js";

type OrganizationStatus = NonNullable<WorldAccount["orgStatus"]>;

/**
 * The same accounts as Confluence has, as their organization sees them: people only, with the facts that Confluence keeps to
 * itself or does not know. It stores nothing; `WorldAccount` holds it all.
 */
export class OrganizationDirectory {
  readonly #state: CloudState;
  #version = -1;
  #listed: readonly WorldAccount[] = [];
  #byEmail = new Map<string, readonly WorldAccount[]>();
  #selections = new Map<string, readonly WorldAccount[]>();

  constructor(state: CloudState) {
    this.#state = state;
  }

  /** Apps, customers and erased accounts are in no directory; who left the organization stays only where it is managed. */
  get(accountId: string): WorldAccount | undefined {
    const account = this.#state.accounts.get(accountId);
    return account !== undefined && isListed(account) ? account : undefined;
  }

  /** By account id. */
  all(): readonly WorldAccount[] {
    this.#refresh();
    return this.#listed;
  }

  /** By an address that the organization can see, letter case aside. */
  withEmail(email: string): readonly WorldAccount[] {
    this.#refresh();
    return this.#byEmail.get(email.toLowerCase()) ?? [];
  }

  /** Keeps a filtered list until any account changes: every page of a search asks for it again. */
  select(name: string, make: () => readonly WorldAccount[]): readonly WorldAccount[] {
    this.#refresh();
    const known = this.#selections.get(name);
    if (known !== undefined) return known;
    const made = make();
    this.#selections.set(name, made);
    return made;
  }

  /** Managed accounts show it whatever their owner hides; of others only what everybody sees. Null where nobody knows it. */
  emailOf(account: WorldAccount): string | null {
    const isShown = account.managed === true || !this.#state.accounts.isEmailHidden(account.accountId);
    return isShown && account.email !== null && account.email !== "" ? account.email : null;
  }

  statusOf(account: WorldAccount): OrganizationStatus {
    return account.orgStatus ?? (account.accountStatus === "inactive" ? "deactivated" : "active");
  }

  /** A deactivated account is inactive here, whatever Confluence has heard of it. */
  accountStatusOf(account: WorldAccount): "active" | "inactive" | "closed" {
    if (account.accountStatus === "closed") return "closed";
    return account.accountStatus === "inactive" || account.orgStatus === "deactivated" ? "inactive" : "active";
  }

  membershipStatusOf(account: WorldAccount): "active" | "suspended" | "no_membership" {
    if (account.orgStatus === "suspended") return "suspended";
    return account.orgStatus === "not_invited" ? "no_membership" : "active";
  }

  /** Roles survive a suspension. Where the world names none, an active person has the one that comes with the site. */
  rolesOf(account: WorldAccount): readonly string[] {
    if (account.productRoles !== undefined) return account.productRoles;
    if (account.isExternalCollaborator === true) return ["atlassian/guest"];
    return account.accountStatus === "active" ? ["atlassian/user"] : [];
  }

  /** Products survive nothing: a suspension takes all of them away. */
  hasProduct(account: WorldAccount): boolean {
    return hasSiteAccess(account);
  }

  #refresh(): void {
    const { accounts } = this.#state;
    if (this.#version === accounts.version) return;
    this.#version = accounts.version;
    this.#selections = new Map();
    this.#listed = accounts
      .all()
      .filter(isListed)
      .sort((a, b) => (a.accountId < b.accountId ? -1 : 1));
    const byEmail = new Map<string, WorldAccount[]>();
    for (const account of this.#listed) {
      const email = this.emailOf(account)?.toLowerCase();
      if (email === undefined) continue;
      const same = byEmail.get(email);
      if (same === undefined) byEmail.set(email, [account]);
      else same.push(account);
    }
    this.#byEmail = byEmail;
  }
}

function isListed({ accountType, accountStatus, orgStatus, managed }: WorldAccount): boolean {
  if (accountType !== "atlassian") return false;
  if (orgStatus === undefined) return accountStatus === "active" || accountStatus === "inactive";
  return orgStatus !== "not_invited" || managed === true;
}

/** World files do not say when anybody joined: one day for all, so that nobody reads anything into it. */
export const addedToOrganization = "2024-01-15T09:00:00.000Z";

/** The roles that an organization gives. */
export const roleIds: readonly string[] = [
  "atlassian/user",
  "atlassian/admin",
  "atlassian/guest",
  "atlassian/user-access-admin",
  "atlassian/org-admin",
  "atlassian/site-admin",
];

/** An account with other roles: a guest is who has the guest's role and no licence. */
export function giveRoles(account: WorldAccount, roles: readonly string[]): WorldAccount {
  const isLicensed = roles.includes("atlassian/user") || roles.includes("atlassian/admin");
  const isGuest = roles.includes("atlassian/guest") && !isLicensed;
  const { isExternalCollaborator, ...rest } = account;
  return {
    ...rest,
    ...(isGuest || isExternalCollaborator !== undefined ? { isExternalCollaborator: isGuest } : {}),
    productRoles: [...new Set(roles)],
  };
}

/** Somebody who was asked in and has not answered. */
interface Invitation {
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
    const account = known ?? this.#state.newPerson(invitation.email);
    const roles = [...(known?.productRoles ?? []), ...invitation.roles];
    this.#state.accounts.put({ ...giveRoles(account, roles), orgStatus: "active" });
    for (const groupId of invitation.groupIds) this.#state.groups.addMember(groupId, account.accountId);
    return true;
  }
}

const windowMs = 60_000;

/** Counts calls in windows of a minute, the first call opening one. */
export class CallWindow {
  readonly #most: number;
  #openedAt = Number.NEGATIVE_INFINITY;
  #calls = 0;

  constructor(callsPerMinute: number) {
    this.#most = callsPerMinute;
  }

  /** Whole seconds until the next call is taken; 0 when this one was. */
  take(now: number): number {
    if (now - this.#openedAt >= windowMs) {
      this.#openedAt = now;
      this.#calls = 0;
    }
    if (this.#calls >= this.#most) return Math.max(1, Math.ceil((this.#openedAt + windowMs - now) / 1000));
    this.#calls += 1;
    return 0;
  }
}
