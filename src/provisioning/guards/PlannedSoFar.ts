import type { AccountId, GroupId, SpaceId } from "../../domain/ids.js";
import type { SpaceState } from "../plans/SpaceState.js";

/**
 * What a dry run has planned so far: who would be in groups by now, and what spaces would grant. The guards rest on it in place of
 * what they would read there, as a run reads what it wrote. Empty in a run.
 */
export class PlannedSoFar {
  readonly #members = new Map<GroupId, ReadonlySet<AccountId>>();
  readonly #spaces = new Map<SpaceId, SpaceState>();

  takeMembers(groupId: GroupId, members: ReadonlySet<AccountId>): void {
    this.#members.set(groupId, members);
  }

  takeSpace(state: SpaceState): void {
    this.#spaces.set(state.space.spaceId, state);
  }

  spaceOf(spaceId: SpaceId): SpaceState | undefined {
    return this.#spaces.get(spaceId);
  }

  /** The direct members of a group, of which those given were read. */
  membersOf(groupId: GroupId, read: readonly AccountId[]): readonly AccountId[] {
    const planned = this.#members.get(groupId);
    return planned === undefined ? read : [...planned];
  }

  /** The groups of an account, of which those given were read. */
  groupsOf(accountId: AccountId, read: readonly GroupId[]): readonly GroupId[] {
    if (this.#members.size === 0) return read;
    const others = read.filter((groupId) => !this.#members.has(groupId));
    const planned = [...this.#members].flatMap(([groupId, members]) => (members.has(accountId) ? [groupId] : []));
    return [...others, ...planned];
  }
}

export const nothingPlanned = new PlannedSoFar();
