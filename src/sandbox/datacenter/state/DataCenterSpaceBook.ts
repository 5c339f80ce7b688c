import type { DataCenterSpace } from "../../world/World.js";
import { PermissionList } from "./PermissionList.js";
import type { Operation, PermissionRow } from "./PermissionRow.js";
import type { Subject } from "./Subject.js";

/** A space without its permissions. */
export type HeldSpace = Omit<DataCenterSpace, "permissions">;

interface Held {
  readonly space: HeldSpace;
  readonly permissions: PermissionList;
}

/** The spaces and what is granted in each. Keys are compared without letter case. */
export class DataCenterSpaceBook {
  readonly #spaces = new Map<string, Held>();

  constructor(spaces: readonly DataCenterSpace[], rowsOf: (space: DataCenterSpace) => readonly PermissionRow[]) {
    for (const world of spaces) {
      const { permissions: _, ...space } = world;
      this.#spaces.set(space.key.toLowerCase(), { space, permissions: new PermissionList(rowsOf(world)) });
    }
  }

  /** In the order of the world file. */
  all(): readonly HeldSpace[] {
    return [...this.#spaces.values()].map(({ space }) => space);
  }

  byKey(key: string): HeldSpace | undefined {
    return this.#spaces.get(key.toLowerCase())?.space;
  }

  /** What is granted in it; none in a space that does not exist. */
  rows(key: string): readonly PermissionRow[] {
    return this.#permissions(key)?.rows() ?? [];
  }

  rowsOf(key: string, subject: Subject): readonly PermissionRow[] {
    return this.#permissions(key)?.of(subject) ?? [];
  }

  has(key: string, subject: Subject, operation: Operation): boolean {
    return this.#permissions(key)?.has(subject, operation) === true;
  }

  /** False when it is there already. */
  grant(key: string, subject: Subject, operation: Operation): boolean {
    return this.#permissions(key)?.grant(subject, operation) === true;
  }

  /** False when it is not there. */
  revoke(key: string, subject: Subject, operation: Operation): boolean {
    return this.#permissions(key)?.revoke(subject, operation) === true;
  }

  /** What was granted to one in any space is another's from now on. */
  hand(from: Subject, to: Subject): void {
    for (const { permissions } of this.#spaces.values()) permissions.hand(from, to);
  }

  #permissions(key: string): PermissionList | undefined {
    return this.#spaces.get(key.toLowerCase())?.permissions;
  }
}
