import type { DataCenterUser } from "../../world/World.js";
import { compareNames } from "./compareNames.js";

/** The users of all directories. A user is its key; the name may change and is compared without letter case. */
export class DataCenterUserBook {
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
