import type { WorldAccount, WorldGroup } from "../../world/World.js";

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

const licensingRoles: ReadonlySet<string> = new Set(["atlassian/user", "atlassian/admin"]);

/**
 * Whether a person can use the site, as a licensed user or as a guest. Where the world names no product roles, an active
 * person has a licence.
 */
export function hasSiteAccess(account: WorldAccount): boolean {
  if (account.accountType !== "atlassian" || account.accountStatus !== "active") return false;
  if ((account.orgStatus ?? "active") !== "active") return false;
  if (account.isExternalCollaborator === true) return true;
  return account.productRoles === undefined || account.productRoles.some((role) => licensingRoles.has(role));
}

/** Groups and memberships. Member lists are replaced, never changed in place, so that snapshots stay what they were. */
export class GroupBook {
  readonly #accounts: AccountBook;
  readonly #groups: Map<string, WorldGroup>;
  readonly #unsearchable = new Set<string>();
  #byName: readonly WorldGroup[] | undefined;
  /** Group ids by account, built when first asked for: most sessions never do. */
  #groupIdsOf: Map<string, string[]> | undefined;
  #visible = new Map<string, readonly string[]>();
  #visibleVersion = -1;

  constructor(groups: readonly WorldGroup[], accounts: AccountBook) {
    this.#groups = new Map(groups.map((group) => [group.id, group]));
    this.#accounts = accounts;
  }

  get(groupId: string): WorldGroup | undefined {
    return this.#groups.get(groupId);
  }

  all(): readonly WorldGroup[] {
    return [...this.#groups.values()];
  }

  /** By name, as Confluence lists them. */
  sorted(): readonly WorldGroup[] {
    this.#byName ??= [...this.#groups.values()].sort(compareGroups);
    return this.#byName;
  }

  /** What the picker knows: search lags behind new groups. */
  searchable(): readonly WorldGroup[] {
    if (this.#unsearchable.size === 0) return this.sorted();
    return this.sorted().filter((group) => !this.#unsearchable.has(group.id));
  }

  byName(name: string): WorldGroup | undefined {
    const wanted = name.toLowerCase();
    return this.sorted().find((group) => group.name.toLowerCase() === wanted);
  }

  /**
   * The members that a list shows. Suspended and deactivated people keep their memberships but vanish from it
   * (2026-11-20, test "leaves suspended and deactivated people out of member lists").
   */
  visibleMembers(groupId: string): readonly string[] {
    if (this.#visibleVersion !== this.#accounts.version) {
      this.#visible = new Map();
      this.#visibleVersion = this.#accounts.version;
    }
    const known = this.#visible.get(groupId);
    if (known !== undefined) return known;
    const { members: once = [], listedTwice } = this.#groups.get(groupId) ?? {};
    const members = listedTwice === undefined ? once : [...once, ...listedTwice.filter((id) => once.includes(id))];
    const shown = members.some((id) => isHidden(this.#accounts.get(id)))
      ? members.filter((id) => !isHidden(this.#accounts.get(id)))
      : members;
    this.#visible.set(groupId, shown);
    return shown;
  }

  groupsOf(accountId: string): readonly WorldGroup[] {
    const ids = this.#membershipIndex().get(accountId) ?? [];
    return ids.flatMap((id) => this.#groups.get(id) ?? []).sort(compareGroups);
  }

  put(group: WorldGroup): void {
    this.#groups.set(group.id, group);
    this.#byName = undefined;
  }

  remove(groupId: string): void {
    const group = this.#groups.get(groupId);
    for (const id of group?.members ?? []) this.#unindex(id, groupId);
    this.#groups.delete(groupId);
    this.#visible.delete(groupId);
    this.#unsearchable.delete(groupId);
    this.#byName = undefined;
  }

  setSearchable(groupId: string, isSearchable: boolean): void {
    if (isSearchable) this.#unsearchable.delete(groupId);
    else this.#unsearchable.add(groupId);
  }

  hasMember(groupId: string, accountId: string): boolean {
    return this.#groups.get(groupId)?.members.includes(accountId) === true;
  }

  addMember(groupId: string, accountId: string): void {
    const group = this.#groups.get(groupId);
    if (group === undefined || this.hasMember(groupId, accountId)) return;
    this.#replaceMembers(group, [...group.members, accountId]);
    const ids = this.#groupIdsOf?.get(accountId);
    if (ids === undefined) this.#groupIdsOf?.set(accountId, [groupId]);
    else ids.push(groupId);
  }

  removeMember(groupId: string, accountId: string): void {
    const group = this.#groups.get(groupId);
    if (group === undefined || !this.hasMember(groupId, accountId)) return;
    this.#replaceMembers(
      group,
      group.members.filter((id) => id !== accountId),
    );
    this.#unindex(accountId, groupId);
  }

  #replaceMembers(group: WorldGroup, members: readonly string[]): void {
    this.#groups.set(group.id, { ...group, members });
    this.#visible.delete(group.id);
    this.#byName = undefined;
  }

  #membershipIndex(): Map<string, string[]> {
    if (this.#groupIdsOf !== undefined) return this.#groupIdsOf;
    const index = new Map<string, string[]>();
    for (const group of this.#groups.values()) {
      for (const id of group.members) {
        const ids = index.get(id);
        if (ids === undefined) index.set(id, [group.id]);
        else ids.push(group.id);
      }
    }
    this.#groupIdsOf = index;
    return index;
  }

  #unindex(accountId: string, groupId: string): void {
    const ids = this.#groupIdsOf?.get(accountId);
    if (ids === undefined) return;
    this.#groupIdsOf?.set(
      accountId,
      ids.filter((id) => id !== groupId),
    );
  }
}

function isHidden(account: WorldAccount | undefined): boolean {
  return account?.orgStatus === "suspended" || account?.orgStatus === "deactivated";
}

function compareGroups(a: WorldGroup, b: WorldGroup): number {
  const [left, right] = [a.name.toLowerCase(), b.name.toLowerCase()];
  if (left !== right) return left < right ? -1 : 1;
  return a.id < b.id ? -1 : 1;
}
