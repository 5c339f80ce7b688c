import type { DataCenterGroup, DataCenterUser } from "../../world/World.js";

/** The users of all directories. A user is its key; the name may change and is compared without letter case. */
export class UserBook {
  readonly #byKey: Map<string, DataCenterUser>;
  readonly #keyByName = new Map<string, string>();
  /** What those were before who were deactivated since the world was loaded. */
  readonly #statusBefore = new Map<string, DataCenterUser["status"]>();
  #sorted: readonly DataCenterUser[] | undefined;
  #version = 0;

  constructor(users: readonly DataCenterUser[]) {
    this.#byKey = new Map(users.map((user) => [user.userKey, user]));
    for (const { username, userKey } of users) this.#keyByName.set(username.toLowerCase(), userKey);
  }

  /** Changes whenever any user does; what is derived from users is kept by it. */
  get version(): number {
    return this.#version;
  }

  /** In the order of the world file; new ones last. */
  all(): readonly DataCenterUser[] {
    return [...this.#byKey.values()];
  }

  /** By name, as Confluence lists them. */
  sorted(): readonly DataCenterUser[] {
    this.#sorted ??= this.all().toSorted((a, b) => compareNames(a.username, b.username));
    return this.#sorted;
  }

  byKey(userKey: string): DataCenterUser | undefined {
    return this.#byKey.get(userKey);
  }

  byName(username: string): DataCenterUser | undefined {
    const key = this.#keyByName.get(username.toLowerCase());
    return key === undefined ? undefined : this.#byKey.get(key);
  }

  add(user: DataCenterUser): void {
    this.#byKey.set(user.userKey, user);
    this.#keyByName.set(user.username.toLowerCase(), user.userKey);
    this.#changed();
  }

  /** `DataCenterState.replaceUser` takes the memberships along when the name changes. */
  replace(userKey: string, user: DataCenterUser): void {
    const before = this.#byKey.get(userKey);
    if (before === undefined) return;
    this.#keyByName.delete(before.username.toLowerCase());
    this.add({ ...user, userKey });
  }

  /** Deactivates a user; one who is so already, or whom no directory holds any more, stays as it is. */
  disable(userKey: string): void {
    const user = this.#byKey.get(userKey);
    if (user === undefined || user.status === "externally_deleted" || user.status === "deactivated") return;
    this.#statusBefore.set(userKey, user.status);
    this.replace(userKey, { ...user, status: "deactivated" });
  }

  /** Takes a deactivation back: the user is what it was before, current where that is not known. */
  enable(userKey: string): void {
    const user = this.#byKey.get(userKey);
    if (user?.status !== "deactivated") return;
    this.replace(userKey, { ...user, status: this.#statusBefore.get(userKey) ?? "current" });
    this.#statusBefore.delete(userKey);
  }

  /** `DataCenterState.removeUser` ends the memberships as well. */
  remove(userKey: string): void {
    const user = this.#byKey.get(userKey);
    if (user === undefined) return;
    this.#byKey.delete(userKey);
    this.#statusBefore.delete(userKey);
    this.#keyByName.delete(user.username.toLowerCase());
    this.#changed();
  }

  #changed(): void {
    this.#sorted = undefined;
    this.#version += 1;
  }
}

interface Held {
  readonly name: string;
  /** User names as they were given, by their lower case. Some may be nobody's. */
  readonly members: Map<string, string>;
  /** Undefined where the world file says nothing of child groups. */
  readonly groups: readonly string[] | undefined;
}

/** Groups, who is in them, and which groups are in them. A group is its name, compared without letter case. */
export class GroupBook {
  readonly #users: UserBook;
  readonly #groups = new Map<string, Held>();
  #sorted: readonly string[] | undefined;
  #version = 0;
  /** Members that are users, by name; kept until a user or the group changes. */
  #members = new Map<string, readonly DataCenterUser[]>();
  #membersVersion = -1;
  /** Keys of groups by user name, built when first asked for. */
  #groupsOf: Map<string, Set<string>> | undefined;
  /** Names of parents by child group; there is no call that nests groups. */
  #parents: ReadonlyMap<string, readonly string[]> | undefined;

  constructor(groups: readonly DataCenterGroup[], users: UserBook) {
    this.#users = users;
    for (const { name, members, groups: children } of groups) {
      const held = new Map(members.map((username) => [username.toLowerCase(), username]));
      this.#groups.set(name.toLowerCase(), { name, members: held, groups: children });
    }
  }

  /** Changes whenever any membership or nesting may have; what is derived from them is kept by it. */
  get version(): number {
    return this.#version;
  }

  /** Names, as Confluence lists them. */
  all(): readonly string[] {
    this.#sorted ??= [...this.#groups.values()].map(({ name }) => name).sort(compareNames);
    return this.#sorted;
  }

  /** The group with its name as it was given when it was made. */
  get(name: string): { readonly name: string } | undefined {
    return this.#groups.get(name.toLowerCase());
  }

  add(name: string): void {
    this.#groups.set(name.toLowerCase(), { name, members: new Map(), groups: undefined });
    this.#sorted = undefined;
    this.#parents = undefined;
    this.#version += 1;
  }

  /** Its memberships go with it; a parent forgets it; permission rows stay behind. */
  remove(name: string): void {
    const key = name.toLowerCase();
    if (!this.#groups.delete(key)) return;
    for (const [parent, held] of this.#groups) {
      if (held.groups?.some((child) => child.toLowerCase() === key) !== true) continue;
      this.#groups.set(parent, { ...held, groups: held.groups.filter((child) => child.toLowerCase() !== key) });
    }
    this.#members.delete(key);
    this.#sorted = undefined;
    this.#groupsOf = undefined;
    this.#parents = undefined;
    this.#version += 1;
  }

  /** Direct members by user name, deactivated ones included. Names that are nobody's are left out. */
  members(name: string): readonly DataCenterUser[] {
    if (this.#membersVersion !== this.#users.version) {
      this.#members = new Map();
      this.#membersVersion = this.#users.version;
    }
    const key = name.toLowerCase();
    const known = this.#members.get(key);
    if (known !== undefined) return known;
    const members = [...(this.#groups.get(key)?.members.keys() ?? [])]
      .flatMap((username) => this.#users.byName(username) ?? [])
      .sort((a, b) => compareNames(a.username, b.username));
    this.#members.set(key, members);
    return members;
  }

  /** Names of the groups directly in this one; those that do not exist are left out. */
  childGroups(name: string): readonly string[] {
    const children = this.#groups.get(name.toLowerCase())?.groups ?? [];
    return children.flatMap((child) => this.get(child)?.name ?? []).sort(compareNames);
  }

  /** The group itself and every group below it; cycles do no harm. */
  withDescendants(name: string): readonly string[] {
    return this.#reachable([name], (each) => this.childGroups(each));
  }

  /** The groups themselves and every group above them; cycles do no harm. */
  withAncestors(names: readonly string[]): readonly string[] {
    const parents = this.#parentIndex();
    return this.#reachable(names, (each) => parents.get(each.toLowerCase()) ?? []);
  }

  hasMember(name: string, username: string): boolean {
    return this.#groups.get(name.toLowerCase())?.members.has(username.toLowerCase()) === true;
  }

  /** False when the user is in it already. */
  addMember(name: string, username: string): boolean {
    const group = this.#groups.get(name.toLowerCase());
    if (group === undefined || this.hasMember(name, username)) return false;
    group.members.set(username.toLowerCase(), username);
    this.#version += 1;
    this.#members.delete(name.toLowerCase());
    if (this.#groupsOf !== undefined) this.#index(this.#groupsOf, username.toLowerCase(), name.toLowerCase());
    return true;
  }

  /** False when the user is not in it. */
  removeMember(name: string, username: string): boolean {
    const group = this.#groups.get(name.toLowerCase());
    if (group?.members.delete(username.toLowerCase()) !== true) return false;
    this.#version += 1;
    this.#members.delete(name.toLowerCase());
    this.#groupsOf?.get(username.toLowerCase())?.delete(name.toLowerCase());
    return true;
  }

  /** Names of the groups that a user is directly in, as Confluence lists them. */
  of(username: string): readonly string[] {
    const keys = this.#membershipIndex().get(username.toLowerCase()) ?? [];
    return [...keys].flatMap((key) => this.#groups.get(key)?.name ?? []).sort(compareNames);
  }

  /** Takes the memberships of a user along to its new name. */
  renameMember(from: string, to: string): void {
    for (const name of this.of(from)) {
      this.removeMember(name, from);
      this.addMember(name, to);
    }
  }

  /** Ends every membership of a user. */
  forgetMember(username: string): void {
    for (const name of this.of(username)) this.removeMember(name, username);
  }

  /** In the format of world files. */
  snapshot(): readonly DataCenterGroup[] {
    return [...this.#groups.values()].map(({ name, members, groups }) => ({
      name,
      members: [...members.values()],
      ...(groups === undefined ? {} : { groups }),
    }));
  }

  #reachable(names: readonly string[], neighbours: (name: string) => readonly string[]): readonly string[] {
    const found = new Set<string>();
    const waiting = [...names];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const group = this.get(next);
      if (group === undefined || found.has(group.name)) continue;
      found.add(group.name);
      waiting.push(...neighbours(group.name));
    }
    return [...found];
  }

  #parentIndex(): ReadonlyMap<string, readonly string[]> {
    if (this.#parents !== undefined) return this.#parents;
    const index = new Map<string, string[]>();
    for (const { name, groups = [] } of this.#groups.values()) {
      for (const child of groups) index.set(child.toLowerCase(), [...(index.get(child.toLowerCase()) ?? []), name]);
    }
    this.#parents = index;
    return index;
  }

  #membershipIndex(): Map<string, Set<string>> {
    if (this.#groupsOf !== undefined) return this.#groupsOf;
    const index = new Map<string, Set<string>>();
    for (const [key, { members }] of this.#groups) {
      for (const username of members.keys()) this.#index(index, username, key);
    }
    this.#groupsOf = index;
    return index;
  }

  #index(index: Map<string, Set<string>>, username: string, group: string): void {
    const groups = index.get(username);
    if (groups === undefined) index.set(username, new Set([group]));
    else groups.add(group);
  }
}

/** The order in which Confluence lists what has a name: letter case aside. */
export function compareNames(left: string, right: string): number {
  const [a, b] = [left.toLowerCase(), right.toLowerCase()];
  return a < b ? -1 : a > b ? 1 : 0;
}
