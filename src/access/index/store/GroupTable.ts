import type { Assumption, Complete, Gap, Trust } from "../../../domain/Complete.js";
import type { AccountId, GroupId } from "../../../domain/ids.js";
import { ChangedParts } from "../copies/ChangedParts.js";
import { type GroupPart, ListState, notReadYet } from "../parts.js";
import { Bitmap } from "./Bitmap.js";
import { GroupNesting } from "./GroupNesting.js";
import { Interner } from "./Interner.js";
import { Memberships } from "./Memberships.js";
import { atOnce, type Steps } from "./slices.js";

/** Ids that one step turns into numbers at most. */
const idsAtOnce = 2_048;

/** What is stored of a group beside its name, of which nothing follows from anything else. */
export interface StoredGroup {
  /** Whom its list shows, or that it was told to hold. */
  readonly members: readonly AccountId[];
  /** Members whom no list shows. */
  readonly hidden: readonly AccountId[];
  /** `null` where they were not read. */
  readonly children: { readonly ids: readonly GroupId[]; readonly gaps: readonly Gap[] } | null;
  readonly isGone: boolean;
  /** How far its members were read; `null` where nobody tried. */
  readonly reading: Trust | null;
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
  readonly #readings: (Trust | undefined)[] = [];
  /** Members that no member list shows and that their accounts tell: suspended people. By group. */
  readonly #hidden = new Map<number, Set<number>>();
  #hiddenGaps: readonly Gap[] = [];
  readonly #touch: () => void;
  readonly #accounts: Interner<AccountId>;
  readonly #changed: ChangedParts;

  constructor(
    accounts: Interner<AccountId>,
    hasNestedGroups: boolean,
    touch: () => void,
    changed = new ChangedParts(false),
  ) {
    this.#accounts = accounts;
    this.#changed = changed;
    this.#touch = () => {
      this.nesting.forget();
      touch();
    };
    this.nesting = new GroupNesting(this, hasNestedGroups);
  }

  describe({ groupId, name }: GroupPart): void {
    const group = this.ids.intern(groupId);
    if (this.#names[group] !== name) this.#changed.noteRow("groups", groupId);
    this.#names[group] = name;
    if (this.gone.has(group)) {
      this.#changed.note(`group:${groupId}`);
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

  /** Whether anybody tried to read its members. */
  isRead(group: number): boolean {
    return this.#readings[group] !== undefined;
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

  *replaceMembers(groupId: GroupId, reading: Complete<AccountId>): Steps {
    const group = this.intern(groupId);
    const distinct = yield* this.#numbersOf(group, reading.items);
    if (reading.gaps.length > 0) {
      this.whole.delete(group);
      this.#touch();
    }
    yield* this.memberships.replace(group, distinct, this.#touch);
    this.#readings[group] = { gaps: reading.gaps, asOfMs: reading.asOfMs, assumptions: reading.assumptions };
    this.gone.delete(group);
    this.whole.put(group, reading.gaps.length === 0);
    this.#changed.note(`group:${groupId}`);
    this.#touch();
  }

  /** Of whom a list shows and of whom none does: sorted, each once. */
  *#numbersOf(group: number, listed: readonly AccountId[]): Steps<Uint32Array> {
    const hidden = [...(this.#hidden.get(group) ?? [])];
    const members = new Uint32Array(listed.length + hidden.length);
    for (let index = 0; index < listed.length; index += 1) {
      members[index] = this.#accounts.intern(listed[index] as AccountId);
      if (index % idsAtOnce === idsAtOnce - 1) yield;
    }
    members.set(hidden, listed.length);
    yield;
    members.sort();
    yield;
    const distinct = members.filter((account, index) => index === 0 || members[index - 1] !== account);
    yield;
    return distinct;
  }

  replaceChildren(groupId: GroupId, reading: Complete<GroupId>): void {
    const children = reading.items.map((child) => this.intern(child));
    this.nesting.replaceChildren(this.intern(groupId), children, reading.gaps);
    this.#changed.note(`group:${groupId}`);
    this.#touch();
  }

  /** The groups that an account itself names, which count although no member list shows it. */
  replaceHidden(account: number, groupIds: readonly GroupId[]): void {
    const groups = new Set(groupIds.map((groupId) => this.intern(groupId)));
    for (const [group, accounts] of this.#hidden) {
      if (groups.has(group) || !accounts.delete(account)) continue;
      this.memberships.put(group, account, false);
      this.#note(group);
    }
    for (const group of groups) {
      const accounts = this.#hidden.get(group) ?? new Set();
      this.#hidden.set(group, accounts.add(account));
      this.memberships.put(group, account, true);
      this.#note(group);
    }
    this.#touch();
  }

  forgetHidden(account: number): void {
    for (const [group, accounts] of this.#hidden) if (accounts.delete(account)) this.#note(group);
  }

  #note(group: number): void {
    this.#changed.note(`group:${this.ids.idOf(group)}`);
  }

  /** Why there may be more members that no member list shows. */
  get hiddenGaps(): readonly Gap[] {
    return this.#hiddenGaps;
  }

  doubtHidden(gaps: readonly Gap[]): void {
    if (gaps.length === 0 && this.#hiddenGaps.length === 0) return;
    this.#hiddenGaps = gaps;
    this.#changed.note("site");
    this.#touch();
  }

  put(groupId: GroupId, account: number, isMember: boolean): void {
    const group = this.intern(groupId);
    if (!isMember) this.#hidden.get(group)?.delete(account);
    this.memberships.put(group, account, isMember);
    this.#changed.note(`group:${groupId}`);
    this.#touch();
  }

  doubt(groupId: GroupId, gap: Gap): void {
    const group = this.intern(groupId);
    const assumptions = this.#readings[group]?.assumptions ?? [];
    this.#readings[group] = { gaps: [gap], asOfMs: Number.POSITIVE_INFINITY, assumptions };
    if (this.gone.has(group)) this.nesting.forgetChildren(group);
    this.gone.delete(group);
    this.whole.delete(group);
    this.#changed.note(`group:${groupId}`);
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
    this.#changed.note(`group:${groupId}`);
    this.#touch();
  }

  /** What is stored of it now, told in steps: what changes before the last of them does not count. */
  *storing(group: number): Steps<StoredGroup> {
    const hidden = new Set(this.#hidden.get(group));
    const numbers = this.memberships.membersOf(group).slice();
    const idOf = (account: number) => this.#accounts.idOf(account) as AccountId;
    const children = this.nesting.storedChildrenOf(group);
    const rest = { children, isGone: this.gone.has(group), reading: this.#readings[group] ?? null };
    const members: AccountId[] = [];
    for (let at = 0; at < numbers.length; at += 1) {
      const account = numbers[at] ?? 0;
      if (!hidden.has(account)) members.push(idOf(account));
      if (at % idsAtOnce === idsAtOnce - 1) yield;
    }
    return { members, hidden: [...hidden].map(idOf), ...rest };
  }

  /** Puts back what was stored elsewhere. */
  *restore(groupId: GroupId, { members, hidden, children, isGone, reading }: StoredGroup): Steps {
    const group = this.intern(groupId);
    const isWhole = reading !== null && reading.gaps.length === 0;
    if (hidden.length > 0) this.#hidden.set(group, new Set(hidden.map((each) => this.#accounts.intern(each))));
    else this.#hidden.delete(group);
    const all = yield* this.#numbersOf(group, members);
    if (!isWhole) {
      this.whole.delete(group);
      this.#touch();
    }
    yield* this.memberships.replace(group, all, this.#touch);
    if (children === null) this.nesting.forgetChildren(group);
    else
      this.nesting.replaceChildren(
        group,
        children.ids.map((child) => this.intern(child)),
        children.gaps,
      );
    this.#readings[group] = reading ?? undefined;
    this.gone.put(group, isGone);
    this.whole.put(group, isWhole);
    this.#touch();
  }

  /** Puts back the name under which a list told a group elsewhere. */
  restoreName({ groupId, name }: GroupPart): void {
    const group = this.ids.intern(groupId);
    if (this.#names[group] === name) return;
    this.#names[group] = name;
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
