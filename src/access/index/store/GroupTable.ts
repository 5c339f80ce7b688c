import type { Assumption, Complete, Gap } from "../../../domain/Complete.js";
import type { AccountId, GroupId } from "../../../domain/ids.js";
import { type GroupPart, ListState, notReadYet } from "../parts.js";
import { Bitmap } from "./Bitmap.js";
import { GroupNesting } from "./GroupNesting.js";
import { Interner } from "./Interner.js";
import { Memberships } from "./Memberships.js";
import { atOnce, type Steps } from "./slices.js";

/** Ids that one step turns into numbers at most. */
const idsAtOnce = 2_048;

/** How far one list that belongs to a group was read. */
interface Reading {
  readonly gaps: readonly Gap[];
  readonly asOfMs: number;
  readonly assumptions: readonly Assumption[];
}

/** The groups: who belongs to them, which groups they hold, and how far each of that was read. */
export class GroupTable {
  readonly ids = new Interner<GroupId>();
  readonly list = new ListState("the list of groups");
  readonly memberships = new Memberships();
  readonly nesting: GroupNesting;
  /** Groups that are taken to have no members, because they cannot be found (rule 3). */
  readonly gone = new Bitmap();
  /** Groups whose member lists were read to the end. */
  readonly whole = new Bitmap();
  readonly #names: (string | null | undefined)[] = [];
  readonly #readings: (Reading | undefined)[] = [];
  /** Members that no member list shows and that their accounts tell: suspended people. By group. */
  readonly #hidden = new Map<number, Set<number>>();
  #hiddenGaps: readonly Gap[] = [];
  readonly #touch: () => void;

  constructor(hasNestedGroups: boolean, touch: () => void) {
    this.#touch = () => {
      this.nesting.forget();
      touch();
    };
    this.nesting = new GroupNesting(this, hasNestedGroups);
  }

  describe({ groupId, name }: GroupPart): void {
    const group = this.ids.intern(groupId);
    this.#names[group] = name;
    if (this.gone.has(group)) {
      // It is there again: what it holds is to be read.
      this.gone.delete(group);
      this.whole.delete(group);
      this.#readings[group] = undefined;
      this.nesting.forgetChildren(group);
    }
    this.#touch();
  }

  /** Whether a list or a look-up told it. */
  isDescribed(group: number): boolean {
    return this.#names[group] !== undefined;
  }

  nameOf(group: number): string | null {
    return this.#names[group] ?? null;
  }

  intern(groupId: GroupId): number {
    const known = this.ids.find(groupId);
    if (known !== 0) return known;
    this.#touch();
    return this.ids.intern(groupId);
  }

  *replaceMembers(groupId: GroupId, reading: Complete<AccountId>, accounts: Interner<AccountId>): Steps {
    const group = this.intern(groupId);
    const hidden = [...(this.#hidden.get(group) ?? [])];
    const members = new Uint32Array(reading.items.length + hidden.length);
    for (let index = 0; index < reading.items.length; index += 1) {
      members[index] = accounts.intern(reading.items[index] as AccountId);
      if (index % idsAtOnce === idsAtOnce - 1) yield;
    }
    members.set(hidden, reading.items.length);
    yield;
    members.sort();
    yield;
    const distinct = members.filter((account, index) => index === 0 || members[index - 1] !== account);
    yield;
    if (reading.gaps.length > 0) {
      this.whole.delete(group);
      this.#touch();
    }
    yield* this.memberships.replace(group, distinct, this.#touch);
    this.#readings[group] = { gaps: reading.gaps, asOfMs: reading.asOfMs, assumptions: reading.assumptions };
    this.gone.delete(group);
    this.whole.put(group, reading.gaps.length === 0);
    this.#touch();
  }

  replaceChildren(groupId: GroupId, reading: Complete<GroupId>): void {
    const children = reading.items.map((child) => this.intern(child));
    this.nesting.replaceChildren(this.intern(groupId), children, reading.gaps);
    this.#touch();
  }

  /** The groups that an account itself names, which count although no member list shows it. */
  replaceHidden(account: number, groupIds: readonly GroupId[]): void {
    const groups = new Set(groupIds.map((groupId) => this.intern(groupId)));
    for (const [group, accounts] of this.#hidden) {
      if (groups.has(group) || !accounts.delete(account)) continue;
      this.memberships.put(group, account, false);
    }
    for (const group of groups) {
      const accounts = this.#hidden.get(group) ?? new Set();
      this.#hidden.set(group, accounts.add(account));
      this.memberships.put(group, account, true);
    }
    this.#touch();
  }

  forgetHidden(account: number): void {
    for (const accounts of this.#hidden.values()) accounts.delete(account);
  }

  /** Why there may be more members that no member list shows. */
  get hiddenGaps(): readonly Gap[] {
    return this.#hiddenGaps;
  }

  doubtHidden(gaps: readonly Gap[]): void {
    if (gaps.length === 0 && this.#hiddenGaps.length === 0) return;
    this.#hiddenGaps = gaps;
    this.#touch();
  }

  put(groupId: GroupId, account: number, isMember: boolean): void {
    const group = this.intern(groupId);
    if (!isMember) this.#hidden.get(group)?.delete(account);
    this.memberships.put(group, account, isMember);
    this.#touch();
  }

  doubt(groupId: GroupId, gap: Gap): void {
    const group = this.intern(groupId);
    const assumptions = this.#readings[group]?.assumptions ?? [];
    this.#readings[group] = { gaps: [gap], asOfMs: Number.POSITIVE_INFINITY, assumptions };
    if (this.gone.has(group)) this.nesting.forgetChildren(group);
    this.gone.delete(group);
    this.whole.delete(group);
    this.#touch();
  }

  markGone(groupId: GroupId, asOfMs: number): void {
    const group = this.intern(groupId);
    atOnce(this.memberships.replace(group, new Uint32Array(0), this.#touch));
    this.#hidden.delete(group);
    this.nesting.replaceChildren(group, [], []);
    this.#readings[group] = { gaps: [], asOfMs, assumptions: ["GROUP_GONE"] };
    this.whole.add(group);
    this.gone.add(group);
    this.#touch();
  }

  /** Why members may be missing; none where the list was read to its end. */
  memberGapsOf(group: number): readonly Gap[] {
    if (this.whole.has(group)) return [];
    return this.#readings[group]?.gaps ?? [notReadYet(`members of group ${this.ids.idOf(group)}`)];
  }

  assumptionsOf(group: number): readonly Assumption[] {
    return this.#readings[group]?.assumptions ?? [];
  }

  asOfMsOf(group: number): number {
    return this.#readings[group]?.asOfMs ?? Number.POSITIVE_INFINITY;
  }

  get oldestMs(): number {
    return this.#readings.reduce((oldest, reading) => Math.min(oldest, reading?.asOfMs ?? oldest), this.list.asOfMs);
  }

  get bytes(): number {
    let names = 0;
    for (const name of this.#names) names += typeof name === "string" ? name.length + 24 : 8;
    let hidden = 0;
    for (const accounts of this.#hidden.values()) hidden += accounts.size * 40 + 100;
    const own = this.gone.bytes + this.whole.bytes + this.#readings.length * 72;
    return this.ids.bytes + names + hidden + own + this.memberships.bytes + this.nesting.bytes;
  }
}
