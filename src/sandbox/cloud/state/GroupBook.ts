import type { WorldAccount, WorldGroup } from "../../world/World.js";
import type { AccountBook } from "./AccountBook.js";

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
