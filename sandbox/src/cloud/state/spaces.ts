import type { WorldPermission, WorldRoleAssignment, WorldSpace } from "../../world/World.js";

/** A permission row that has its id. */
export type PermissionRow = WorldPermission & { readonly id: string };

/** A space with its rows numbered. */
export type SpaceRecord = Omit<WorldSpace, "permissions"> & { readonly permissions: readonly PermissionRow[] };

type SpaceSort = "id" | "key" | "name";

/** Which spaces a list wants; an absent type wants every type. */
export interface SpaceSelection {
  readonly status: WorldSpace["status"];
  readonly type: string | undefined;
  readonly sort: SpaceSort;
  readonly isDescending: boolean;
}

/** Spaces with their permission rows and role assignments. Records are replaced, never changed in place. */
export class SpaceBook {
  readonly #spaces = new Map<string, SpaceRecord>();
  readonly #idByKey = new Map<string, string>();
  readonly #personalSpaceOf = new Map<string, string>();
  readonly #lists = new Map<string, readonly string[]>();
  #lastPermissionId: bigint;
  #rolesOfPrincipal: Map<string, ReadonlySet<string>> | undefined;

  constructor(spaces: readonly WorldSpace[]) {
    this.#lastPermissionId = highestPermissionId(spaces);
    for (const space of spaces) {
      this.#spaces.set(space.id, { ...space, permissions: space.permissions.map((row) => this.#numbered(row)) });
      this.#idByKey.set(space.key, space.id);
      const owner = space.spaceOwnerId ?? space.authorId;
      if (space.type === "personal" && space.status !== "trashed" && !this.#personalSpaceOf.has(owner)) {
        this.#personalSpaceOf.set(owner, space.id);
      }
    }
  }

  get(id: string): SpaceRecord | undefined {
    return this.#spaces.get(id);
  }

  byKey(key: string): SpaceRecord | undefined {
    return this.#spaces.get(this.#idByKey.get(key) ?? "");
  }

  all(): readonly SpaceRecord[] {
    return [...this.#spaces.values()];
  }

  personalSpaceOf(accountId: string): SpaceRecord | undefined {
    return this.#spaces.get(this.#personalSpaceOf.get(accountId) ?? "");
  }

  /** Ids in order. Kept: spaces neither come nor go here, and sorting thousands for every page would not do. */
  select(selection: SpaceSelection): readonly string[] {
    const name = JSON.stringify([selection.status, selection.type, selection.sort, selection.isDescending]);
    const known = this.#lists.get(name);
    if (known !== undefined) return known;
    const list = this.order(
      this.all().filter(({ status, type }) => status === selection.status && (selection.type ?? type) === type),
      selection,
    ).map((space) => space.id);
    this.#lists.set(name, list);
    return list;
  }

  order(spaces: readonly SpaceRecord[], { sort, isDescending }: SpaceSelection): SpaceRecord[] {
    const sorted = [...spaces].sort((a, b) => {
      if (sort === "id" || a[sort] === b[sort]) return compareIds(a.id, b.id);
      return a[sort] < b[sort] ? -1 : 1;
    });
    return isDescending ? sorted.reverse() : sorted;
  }

  nextPermissionId(): string {
    this.#lastPermissionId += 1n;
    return String(this.#lastPermissionId);
  }

  putPermissions(space: SpaceRecord, permissions: readonly PermissionRow[]): void {
    this.#spaces.set(space.id, { ...space, permissions });
  }

  putRoleAssignments(space: SpaceRecord, roleAssignments: readonly WorldRoleAssignment[]): void {
    this.#spaces.set(space.id, { ...space, roleAssignments });
    this.#rolesOfPrincipal = undefined;
  }

  removeGrantsOfGroup(groupId: string): void {
    for (const { id } of this.all()) {
      const space = this.#spaces.get(id);
      if (space === undefined) continue;
      const permissions = space.permissions.filter(
        ({ principal }) => principal.type !== "group" || principal.id !== groupId,
      );
      const roleAssignments = space.roleAssignments.filter(
        ({ principal }) => principal.principalType !== "GROUP" || principal.principalId !== groupId,
      );
      this.putRoleAssignments({ ...space, permissions }, roleAssignments);
    }
  }

  /** The roles that a principal holds in any space. */
  rolesOf(principal: WorldRoleAssignment["principal"]): ReadonlySet<string> {
    if (this.#rolesOfPrincipal === undefined) {
      const index = new Map<string, Set<string>>();
      for (const space of this.#spaces.values()) {
        for (const row of space.roleAssignments) {
          const key = assignmentKey(row);
          index.set(key, (index.get(key) ?? new Set()).add(row.roleId));
        }
      }
      this.#rolesOfPrincipal = index;
    }
    return this.#rolesOfPrincipal.get(assignmentKey({ principal })) ?? new Set();
  }

  #numbered(row: WorldPermission): PermissionRow {
    return row.id === undefined ? { id: this.nextPermissionId(), ...row } : { ...row, id: row.id };
  }
}

/** Ids outgrow what a JavaScript number can hold, so they are counted as bigint and kept as text. */
function highestPermissionId(spaces: readonly WorldSpace[]): bigint {
  let highest = 0n;
  for (const space of spaces) {
    for (const { id } of space.permissions) {
      if (id !== undefined && BigInt(id) > highest) highest = BigInt(id);
    }
  }
  return highest;
}

/** A principal has one role in a space, so the principal names the row. */
export function assignmentKey({ principal }: Pick<WorldRoleAssignment, "principal">): string {
  return `${principal.principalType} ${principal.principalId}`;
}

/** Orders decimal ids by their value without making numbers of them: they may exceed 2^53. */
function compareIds(a: string, b: string): number {
  if (a.length !== b.length) return a.length - b.length;
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
