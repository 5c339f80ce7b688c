import { Bitmap } from "./Bitmap.js";
import { placeIn, RowPool } from "./RowPool.js";
import type { Steps } from "./slices.js";

/** Memberships that one step changes at most. */
const changesAtOnce = 4_096;

/** Who is a direct member of which group, both ways, by numbers; rows are sorted. */
export class Memberships {
  readonly #members = new RowPool(6, (length): Uint32Array => new Uint32Array(length));
  readonly #groups = new RowPool(12, (length): Uint32Array => new Uint32Array(length));
  /** Members of large groups as sets: a union then costs a word an account and a half, whatever the group's size. */
  readonly #sets = new Map<number, Bitmap>();

  countOf(group: number): number {
    return this.#members.lengthOf(group);
  }

  membersOf(group: number): Uint32Array {
    const start = this.#members.startOf(group);
    return this.#members.dataOf(group).subarray(start, start + this.#members.lengthOf(group));
  }

  groupCountOf(account: number): number {
    return this.#groups.lengthOf(account);
  }

  /** Looks at its row, which then is at hand. */
  isInAny(account: number): boolean {
    const length = this.#groups.lengthOf(account);
    return length > 0 && (this.#groups.dataOf(account)[this.#groups.startOf(account) + length - 1] ?? 0) !== 0;
  }

  /** The array that the account's groups stand in, from `groupsStartOf` on. */
  groupsDataOf(account: number): Uint32Array {
    return this.#groups.dataOf(account);
  }

  groupsStartOf(account: number): number {
    return this.#groups.startOf(account);
  }

  groupsOf(account: number): Uint32Array {
    const start = this.#groups.startOf(account);
    return this.#groups.dataOf(account).subarray(start, start + this.#groups.lengthOf(account));
  }

  has(group: number, account: number): boolean {
    const data = this.#groups.dataOf(account);
    const start = this.#groups.startOf(account);
    const length = this.#groups.lengthOf(account);
    const at = placeIn(data, start, length, 1, group);
    return at < length && data[start + at] === group;
  }

  /** Adds the group's members to a set that has room for every account. */
  addMembersTo(into: Bitmap, group: number): void {
    const data = this.#members.dataOf(group);
    const start = this.#members.startOf(group);
    const end = start + this.#members.lengthOf(group);
    const { words } = into;
    if (end - start > 2 * words.length) {
      into.addAll(this.#setOf(group, words.length * 32));
      return;
    }
    for (let at = start; at < end; at += 1) {
      const account = data[at] ?? 0;
      words[account >>> 5] = (words[account >>> 5] ?? 0) | (1 << (account & 31));
    }
  }

  /**
   * Replaces the members of a group, in the order of accounts, so that after each step every account is in it, or not, in both
   * directions alike: as before, or as told now.
   *
   * @param members sorted, each once
   */
  *replace(group: number, members: Uint32Array, touch: () => void): Steps {
    const before = this.membersOf(group).slice();
    let at = 0;
    let left = 0;
    let changes = 0;
    while (at < members.length || left < before.length) {
      const added = members[at] ?? Number.POSITIVE_INFINITY;
      const removed = before[left] ?? Number.POSITIVE_INFINITY;
      if (added <= removed) at += 1;
      if (removed <= added) left += 1;
      if (added === removed) continue;
      if (added < removed) this.#addGroup(added, group);
      else this.#removeGroup(removed, group);
      changes += 1;
      if (changes % changesAtOnce !== 0) continue;
      const so = new Uint32Array(at + before.length - left);
      so.set(members.subarray(0, at));
      so.set(before.subarray(left), at);
      this.#setMembers(group, so, touch);
      yield;
    }
    if (changes > 0) this.#setMembers(group, members, touch);
  }

  put(group: number, account: number, isMember: boolean): void {
    if (this.has(group, account) === isMember) return;
    const start = this.#members.startOf(group);
    const place = placeIn(this.#members.dataOf(group), start, this.#members.lengthOf(group), 1, account);
    this.#sets.delete(group);
    if (isMember) {
      const opened = this.#members.open(group, place, 1);
      this.#members.dataOf(group)[opened] = account;
      this.#addGroup(account, group);
    } else {
      this.#members.close(group, place, 1);
      this.#removeGroup(account, group);
    }
  }

  *compact(): Steps {
    yield* this.#members.compact();
    yield* this.#groups.compact();
  }

  get bytes(): number {
    let sets = 0;
    for (const set of this.#sets.values()) sets += set.bytes;
    return this.#members.bytes + this.#groups.bytes + sets;
  }

  #setMembers(group: number, members: Uint32Array, touch: () => void): void {
    this.#members.replace(group, members);
    this.#sets.delete(group);
    touch();
  }

  #setOf(group: number, size: number): Bitmap {
    const known = this.#sets.get(group);
    if (known !== undefined) return known;
    const set = new Bitmap(size);
    for (const account of this.membersOf(group)) set.add(account);
    this.#sets.set(group, set);
    return set;
  }

  #addGroup(account: number, group: number): void {
    const length = this.#groups.lengthOf(account);
    const place = placeIn(this.#groups.dataOf(account), this.#groups.startOf(account), length, 1, group);
    const opened = this.#groups.open(account, place, 1);
    this.#groups.dataOf(account)[opened] = group;
  }

  #removeGroup(account: number, group: number): void {
    const length = this.#groups.lengthOf(account);
    const place = placeIn(this.#groups.dataOf(account), this.#groups.startOf(account), length, 1, group);
    this.#groups.close(account, place, 1);
  }
}
