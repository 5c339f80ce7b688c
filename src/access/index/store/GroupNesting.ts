import type { Gap } from "../../../domain/Complete.js";
import type { GroupId } from "../../../domain/ids.js";
import { type ListState, notReadYet } from "../parts.js";
import type { Bitmap } from "./Bitmap.js";
import type { Interner } from "./Interner.js";
import type { Memberships } from "./Memberships.js";

/** Who may be in a group beyond those who surely are. */
export type Openness = "NOBODY" | "MEMBERS_OF_ANY_GROUP" | "EVERYBODY";

/** What nesting asks of the groups: who belongs to them directly, and how far that was read. */
interface DirectGroups {
  readonly ids: Interner<GroupId>;
  readonly list: ListState;
  readonly memberships: Memberships;
  readonly gone: Bitmap;
  readonly whole: Bitmap;
}

/** Which groups are in which, and what follows: each group's ancestors and descendants, found once; cycles are harmless. */
export class GroupNesting {
  /** Whether any group may hold groups at all. */
  readonly isPossible: boolean;
  readonly #groups: DirectGroups;
  readonly #children = new Map<number, readonly number[]>();
  readonly #parents = new Map<number, Set<number>>();
  readonly #gaps = new Map<number, readonly Gap[]>();
  /** Groups whose child groups were read, if not to the end. */
  readonly #read = new Set<number>();
  #ancestors: (Uint32Array | undefined)[] = [];
  #descendants: (Uint32Array | undefined)[] = [];
  #openness: (Openness | undefined)[] = [];
  #isAnyUnread: boolean | undefined;
  #open: readonly number[] | undefined;

  constructor(groups: DirectGroups, isPossible: boolean) {
    this.#groups = groups;
    this.isPossible = isPossible;
  }

  replaceChildren(group: number, children: readonly number[], gaps: readonly Gap[]): void {
    for (const child of this.#children.get(group) ?? []) this.#parents.get(child)?.delete(group);
    this.#children.set(group, [...new Set(children)]);
    for (const child of children) {
      const parents = this.#parents.get(child) ?? new Set();
      this.#parents.set(child, parents.add(group));
    }
    this.#read.add(group);
    if (gaps.length > 0) this.#gaps.set(group, gaps);
    else this.#gaps.delete(group);
    this.#ancestors = [];
    this.#descendants = [];
  }

  /** The child groups of a group are to be read again. */
  forgetChildren(group: number): void {
    this.replaceChildren(group, [], []);
    this.#read.delete(group);
  }

  /** Forgets what followed from what was read of groups; who is in whom stays. */
  forget(): void {
    this.#openness = [];
    this.#isAnyUnread = undefined;
    this.#open = undefined;
  }

  childrenOf(group: number): readonly number[] {
    return this.#children.get(group) ?? [];
  }

  /** What was read of its child groups; `null` where nobody did. */
  storedChildrenOf(group: number): { readonly ids: readonly GroupId[]; readonly gaps: readonly Gap[] } | null {
    if (!this.#read.has(group)) return null;
    const ids = this.childrenOf(group).map((child) => this.#groups.ids.idOf(child) as GroupId);
    return { ids, gaps: this.#gaps.get(group) ?? [] };
  }

  /** Why child groups may be missing. */
  childGapsOf(group: number): readonly Gap[] {
    if (!this.isPossible || this.#groups.gone.has(group)) return [];
    if (!this.#read.has(group)) return [notReadYet(`groups in group ${this.#groups.ids.idOf(group)}`)];
    return this.#gaps.get(group) ?? [];
  }

  /** The group and every group it is in, however deep. */
  ancestorsOf(group: number): Uint32Array {
    const known = this.#ancestors[group];
    if (known !== undefined) return known;
    const found = this.#reach(group, (each) => this.#parents.get(each) ?? []);
    this.#ancestors[group] = found;
    return found;
  }

  /** The group and every group in it, however deep. */
  descendantsOf(group: number): Uint32Array {
    const known = this.#descendants[group];
    if (known !== undefined) return known;
    const found = this.#reach(group, (each) => this.#children.get(each) ?? []);
    this.#descendants[group] = found;
    return found;
  }

  /** Adds all members to a set that has room for every account: those who surely are. */
  addMembersTo(into: Bitmap, group: number): void {
    const { memberships } = this.#groups;
    if (!this.isPossible) memberships.addMembersTo(into, group);
    else for (const each of this.descendantsOf(group)) memberships.addMembersTo(into, each);
  }

  opennessOf(group: number): Openness {
    const known = this.#openness[group];
    if (known !== undefined) return known;
    const found = this.#findOpenness(group);
    this.#openness[group] = found;
    return found;
  }

  /** Whether some group, named anywhere, may hold members that are not known: then nobody is surely in no group. */
  get isAnyUnread(): boolean {
    this.#isAnyUnread ??= this.#groups.list.gaps.length > 0 || this.#isSomeListUnread();
    return this.#isAnyUnread;
  }

  /** The groups that may hold more than is known. */
  get open(): readonly number[] {
    if (this.#open !== undefined) return this.#open;
    const open: number[] = [];
    for (let group = 1; group < this.#groups.ids.size; group += 1)
      if (this.opennessOf(group) !== "NOBODY") open.push(group);
    this.#open = open;
    return open;
  }

  get bytes(): number {
    let cells = 0;
    for (const rows of [this.#ancestors, this.#descendants])
      for (const row of rows) cells += row === undefined ? 8 : row.byteLength + 104;
    return cells + (this.#children.size + this.#parents.size) * 200 + this.#openness.length * 8;
  }

  #isSomeListUnread(): boolean {
    const { ids, whole, gone } = this.#groups;
    for (let group = 1; group < ids.size; group += 1) if (!whole.has(group) && !gone.has(group)) return true;
    return false;
  }

  /** Goes down to the child groups. One that is gone counts as read to its end: nobody is in it, nor by way of it. */
  #findOpenness(group: number): Openness {
    const { whole } = this.#groups;
    if (!this.isPossible) return whole.has(group) ? "NOBODY" : "EVERYBODY";
    let openness: Openness = "NOBODY";
    const seen = new Set([group]);
    for (const each of seen) {
      if (!whole.has(each)) return "EVERYBODY";
      if (this.childGapsOf(each).length > 0) {
        if (this.isAnyUnread) return "EVERYBODY";
        openness = "MEMBERS_OF_ANY_GROUP";
      }
      for (const child of this.#children.get(each) ?? []) seen.add(child);
    }
    return openness;
  }

  #reach(group: number, next: (group: number) => Iterable<number>): Uint32Array {
    // A Set visits what is added while it is walked: each group once, so a cycle ends.
    const seen = new Set([group]);
    for (const each of seen) for (const further of next(each)) seen.add(further);
    return Uint32Array.from(seen);
  }
}
