import { createHash } from "node:crypto";
import { PendingWork } from "../../http/PendingWork.js";
import type { DataCenterPermission, DataCenterUser, DataCenterWorld } from "../../world/World.js";
import { Version } from "../options.js";
import { GroupBook, UserBook } from "./directory.js";
import { mapRow, PermissionList, type PermissionRow, readRow, SpaceBook, useSite } from "./spaces.js";

/** Everything that one Data Center instance holds, indexed. */
export class DataCenterState {
  readonly version: Version;
  /** Empty, or a path like `/confluence`. */
  readonly contextPath: string;
  readonly users: UserBook;
  readonly groups: GroupBook;
  readonly spaces: SpaceBook;
  /** Global permissions. */
  readonly globals: PermissionList;
  /** Names of the groups whose members administer the instance and see every space. */
  readonly administrators: readonly string[];
  readonly pending = new PendingWork();
  readonly licensed: LicensedUsers;
  readonly #world: DataCenterWorld;
  /** In lower case: user names in rows of the world that nobody had when it was loaded. */
  readonly #lostNames = new Set<string>();
  /** Gathered for the first newcomer. */
  #namedKeys: ReadonlySet<string> | undefined;
  #numbers = 0;

  /** `version` wins over that of the world. */
  constructor(world: DataCenterWorld, version: string = world.version) {
    this.#world = world;
    this.version = new Version(version);
    this.contextPath = world.contextPath;
    this.users = new UserBook(world.users);
    this.groups = new GroupBook(world.groups, this.users);
    const read = (row: DataCenterPermission): PermissionRow => this.#read(row);
    this.spaces = new SpaceBook(world.spaces, ({ permissions }) => permissions.map(read));
    this.globals = new PermissionList(world.globalPermissions.map(read));
    this.administrators = world.administrators;
    this.licensed = new LicensedUsers(this);
  }

  /**
   * 32 hexadecimal digits, the same in the same order of calls, so that a run can be repeated. A world that another run
   * printed may name keys that this run would give out again: a newcomer must not get what a deleted user left behind.
   */
  newId(kind: "user" | "task"): string {
    let id: string;
    do {
      this.#numbers += 1;
      const hex = createHash("sha256").update(`${kind} ${this.#numbers}`).digest("hex");
      id = kind === "user" ? `2c958083${hex.slice(0, 24)}` : hex.slice(0, 32);
      this.#namedKeys ??= listNamedKeys(this.#world);
    } while (this.#namedKeys.has(id));
    return id;
  }

  /**
   * Adds a user. Rows and memberships of the world that name nothing but this name say just that: they belong to whoever has
   * it now, in every answer and in the snapshot alike (2026-11-21, test "belongs to whoever is created with it, alike at once
   * and after the world was read back").
   */
  addUser(user: DataCenterUser): void {
    this.users.add(user);
    this.#handLostRows(user.username, user.userKey);
  }

  /** Changes a user; its memberships follow a new name. */
  replaceUser(userKey: string, user: DataCenterUser): void {
    const before = this.users.byKey(userKey);
    if (before === undefined) return;
    this.users.replace(userKey, user);
    if (before.username === user.username) return;
    this.groups.renameMember(before.username, user.username);
    this.#handLostRows(user.username, userKey);
  }

  /** Gives users, by key, other names, all at once; says why it cannot, and then nothing is changed. */
  renameUsers(names: ReadonlyMap<string, string>): string | null {
    const wanted = [...names.values()].map((name) => name.toLowerCase());
    for (const [userKey, name] of names) {
      if (this.users.byKey(userKey) === undefined) return `There is no user ${userKey}.`;
      const holder = this.users.byName(name)?.userKey;
      const isTaken = holder !== undefined && !names.has(holder);
      if (isTaken || wanted.filter((each) => each === name.toLowerCase()).length > 1) return `${name} is taken.`;
    }
    // By way of names that nobody has, so that two can change places.
    for (const username of [(userKey: string) => userKey, (userKey: string) => names.get(userKey) ?? userKey]) {
      for (const userKey of names.keys()) {
        const user = this.users.byKey(userKey);
        if (user !== undefined) this.replaceUser(userKey, { ...user, username: username(userKey) });
      }
    }
    return null;
  }

  /** Removes a user and its memberships; permission rows stay behind, naming a key that nobody has any more. */
  removeUser(userKey: string): void {
    const user = this.users.byKey(userKey);
    if (user === undefined) return;
    this.groups.forgetMember(user.username);
    this.users.remove(userKey);
  }

  #handLostRows(username: string, userKey: string): void {
    if (!this.#lostNames.delete(username.toLowerCase())) return;
    const lost = { kind: "lost-user", username } as const;
    const found = { kind: "user", userKey } as const;
    this.spaces.hand(lost, found);
    this.globals.hand(lost, found);
  }

  #read(permission: DataCenterPermission): PermissionRow {
    const row = readRow(permission, this.users);
    if (row.subject.kind === "lost-user") this.#lostNames.add(row.subject.username.toLowerCase());
    return row;
  }

  /** The state in the format of world files. */
  snapshot(): DataCenterWorld {
    const map = (row: PermissionRow): DataCenterPermission => mapRow(row, this.users);
    return {
      ...this.#world,
      version: this.version.text,
      users: this.users.all(),
      groups: this.groups.snapshot(),
      spaces: this.spaces.all().map((space) => ({ ...space, permissions: this.spaces.rows(space.key).map(map) })),
      globalPermissions: this.globals.rows().map(map),
    };
  }
}

/** Every user key that a world names, whether or not somebody has it: in rows, as creators and as users. */
function listNamedKeys({ users, spaces, globalPermissions }: DataCenterWorld): ReadonlySet<string> {
  const keys = new Set(users.map(({ userKey }) => userKey));
  for (const { creator, permissions } of [...spaces, { creator: undefined, permissions: globalPermissions }]) {
    if (creator !== undefined) keys.add(creator);
    for (const { subject } of permissions) if (subject.userKey !== undefined) keys.add(subject.userKey);
  }
  return keys;
}

/** Where to find who may use the site. */
interface LicensedUsersParts {
  readonly users: UserBook;
  readonly groups: GroupBook;
  readonly globals: PermissionList;
}

/**
 * Those who count towards the licence: active, and allowed to use the site themselves or through a group. Gathered when first
 * asked for, and again once users, memberships, nesting or global permissions have changed.
 */
class LicensedUsers {
  readonly #parts: LicensedUsersParts;
  #state = "";
  #all: readonly DataCenterUser[] = [];
  #byLogin: readonly DataCenterUser[] | undefined;

  constructor(parts: LicensedUsersParts) {
    this.#parts = parts;
  }

  all(): readonly DataCenterUser[] {
    const { users, groups, globals } = this.#parts;
    const state = `${users.version} ${groups.version} ${globals.version}`;
    if (state !== this.#state) {
      this.#all = this.#gather();
      this.#byLogin = undefined;
      this.#state = state;
    }
    return this.#all;
  }

  /** Those who never signed in first, then by last login. */
  byLogin(): readonly DataCenterUser[] {
    const all = this.all();
    this.#byLogin ??= all
      .map((user) => ({ user, at: user.lastLogin === undefined ? 0 : Date.parse(user.lastLogin) }))
      .sort((a, b) => a.at - b.at || (a.user.userKey < b.user.userKey ? -1 : 1))
      .map(({ user }) => user);
    return this.#byLogin;
  }

  #gather(): readonly DataCenterUser[] {
    const { users, groups, globals } = this.#parts;
    const found = new Map<string, DataCenterUser>();
    for (const { subject, operation } of globals.rows()) {
      if (operation.operationKey !== useSite.operationKey || operation.targetType !== useSite.targetType) continue;
      const holders =
        subject.kind === "user"
          ? [users.byKey(subject.userKey)]
          : subject.kind === "group"
            ? groups.withDescendants(subject.name).flatMap((name) => groups.members(name))
            : [];
      for (const user of holders) if (user?.status === "current") found.set(user.userKey, user);
    }
    return [...found.values()];
  }
}
