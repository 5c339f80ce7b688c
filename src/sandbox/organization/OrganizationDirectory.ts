import type { CloudState } from "../cloud/state/CloudState.js";
import { hasSiteAccess } from "../cloud/state/hasSiteAccess.js";
import type { WorldAccount } from "../world/World.js";

export type OrganizationStatus = NonNullable<WorldAccount["orgStatus"]>;

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
