import type { DataCenterUser } from "../../world/World.js";
import type { DataCenterGroupBook } from "./DataCenterGroupBook.js";
import type { DataCenterUserBook } from "./DataCenterUserBook.js";
import type { PermissionList } from "./PermissionList.js";

/** Where to find who may use the site. */
export interface LicensedUsersParts {
  readonly users: DataCenterUserBook;
  readonly groups: DataCenterGroupBook;
  readonly globals: PermissionList;
}

const use = { operationKey: "use", targetType: "application" } as const;

/**
 * Those who count towards the licence: active, and allowed to use the site themselves or through a group. Gathered when first
 * asked for, and again once users, memberships, nesting or global permissions have changed.
 */
export class LicensedUsers {
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
      if (operation.operationKey !== use.operationKey || operation.targetType !== use.targetType) continue;
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
