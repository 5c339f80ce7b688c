import { readSpace } from "../../domain/Operation.js";
import type { SiteView } from "../index/AccessIndex.js";
import { Bitmap, bitsIn } from "../index/store/Bitmap.js";
import { firstClass, firstGroup } from "../index/store/Holders.js";
import type { HeldBy } from "../index/WhoCan.js";
import { administerSpace } from "./evaluateAdministrator.js";
import { readingKeys } from "./Finding.js";

export const surely = 2;
export const perhaps = 1;

/** Where somebody surely reads, writes and administers, a bit a space. */
export type SpaceSets = readonly [reads: Uint32Array, writes: Uint32Array, administers: Uint32Array];

/** What a combination surely gives, a bit each. */
export const doingFlags = { reads: 1, writes: 2, administers: 4 } as const;

/** What one combination of operations and roles gives: 2 surely, 1 perhaps, 0 not. */
export interface SetFacts {
  readonly reads: number;
  readonly administers: number;
  readonly writes: number;
  readonly givesNothing: boolean;
  readonly sure: Uint32Array;
  readonly granular: Uint32Array;
  /** What each role of it gives; `null` where that is not known, or where roles do not count. */
  readonly roles: readonly (Uint32Array | null)[];
}

/** Two sets of accounts: those surely in it, and those who may be. */
interface People {
  readonly sure: Uint32Array;
  readonly possible: Uint32Array;
}

/** What looking through a whole site asks again and again, each found once; good until the index changes. */
export class SiteScan {
  readonly view: SiteView;
  readonly #facts: (SetFacts | undefined)[] = [];
  readonly #emptiness: (boolean | undefined)[] = [];
  readonly #licensable: (boolean | undefined)[] = [];
  readonly #administrable: (boolean | undefined)[] = [];
  readonly #writing: Uint32Array;
  /** Room for one set of operations, for whoever needs it no longer than its own answer. */
  readonly scratch: Uint32Array;
  /** Who counts as an active person (rule 12): no app, and nobody whose status only a gap hides is ruled out. */
  readonly people: People;
  /** Accounts that surely cannot sign in, and those of which a gap hides whether they can. */
  readonly barred: Bitmap;
  readonly hidden: Bitmap;

  constructor(view: SiteView) {
    this.view = view;
    const { sets } = view.tables;
    this.#writing = new Uint32Array(sets.stride);
    this.scratch = new Uint32Array(sets.stride);
    for (const [number, { key }] of sets.operations.entries())
      if (!readingKeys.has(key))
        this.#writing[number >>> 5] = (this.#writing[number >>> 5] ?? 0) | (1 << (number & 31));
    const { people, barred, hidden } = this.#findPeople();
    this.people = people;
    this.barred = barred;
    this.hidden = hidden;
  }

  get read(): number {
    return this.view.tables.sets.findOperation(readSpace);
  }

  get administer(): number {
    return this.view.tables.sets.findOperation(administerSpace);
  }

  /** Whether an access class may use the site (rule 5): its grants are in vain where not. */
  useOf(code: number): "YES" | "NO" | "MAYBE" {
    const { anonymousUse, unlicensedUse } = this.view.sets;
    const name = this.view.tables.holders.classNameOf(code);
    if (name === "anonymous-users") return anonymousUse;
    return name === "unlicensed" ? unlicensedUse : "YES";
  }

  factsOf(set: number): SetFacts {
    const known = this.#facts[set];
    if (known !== undefined) return known;
    const { sets } = this.view.tables;
    const sure = new Uint32Array(sets.stride);
    const possible = new Uint32Array(sets.stride);
    sets.addSure(set, sure);
    sets.addPossible(set, possible);
    const mayGiveAnything = sets.givesAnything(set);
    const level = (isSure: boolean, isPossible: boolean) => (isSure ? surely : isPossible ? perhaps : 0);
    const of = (operation: number) => level(sets.givesSurely(set, operation), sets.mayGive(set, operation));
    const facts: SetFacts = {
      reads: of(this.read),
      administers: of(this.administer),
      writes: level(overlap(sure, this.#writing), mayGiveAnything || overlap(possible, this.#writing)),
      givesNothing: !mayGiveAnything && possible.every((word) => word === 0),
      sure,
      granular: maskOf(sets.granularOf(set), sets.stride),
      roles: sets.rolesOf(set).map((roleId) => {
        const definition = sets.definitionOf(roleId);
        return definition === undefined ? null : maskOf(definition, sets.stride);
      }),
    };
    this.#facts[set] = facts;
    return facts;
  }

  #flags: Uint8Array | undefined;
  readonly #spaceSets = new Map<number, SpaceSets>();

  /** By the number of a combination, its `doingFlags`. */
  get flags(): Uint8Array {
    if (this.#flags !== undefined) return this.#flags;
    const flags = new Uint8Array(this.view.tables.sets.size);
    for (let set = 0; set < flags.length; set += 1) {
      const { reads, writes, administers } = this.factsOf(set);
      flags[set] =
        (reads === surely ? doingFlags.reads : 0) |
        (writes === surely ? doingFlags.writes : 0) |
        (administers === surely ? doingFlags.administers : 0);
    }
    this.#flags = flags;
    return flags;
  }

  /** Of a holder of very many spaces: what it surely gives where, a bit a space. `null` where its rows are sooner walked. */
  spacesAsSets(holder: number): SpaceSets | null {
    const { holdings, ids } = this.view.tables.spaces;
    const rows = holdings.spacesOf(holder);
    const words = (ids.size + 31) >>> 5;
    if (rows.length < 8 * words) return null;
    const known = this.#spaceSets.get(holder);
    if (known !== undefined) return known;
    const sets: SpaceSets = [new Uint32Array(words), new Uint32Array(words), new Uint32Array(words)];
    addSpaces(sets, rows, this.flags);
    this.#spaceSets.set(holder, sets);
    return sets;
  }

  /** Whether a group surely has no members, suspended ones counted. */
  isEmpty(group: number): boolean {
    const known = this.#emptiness[group];
    if (known !== undefined) return known;
    const { hiddenGaps, memberships, nesting } = this.view.tables.groups;
    const isEmpty =
      hiddenGaps.length === 0 &&
      nesting.opennessOf(group) === "NOBODY" &&
      nesting.descendantsOf(group).every((each) => memberships.countOf(each) === 0);
    this.#emptiness[group] = isEmpty;
    return isEmpty;
  }

  /** Whether somebody in the group may be licensed, or may be a member without being known. */
  mayHoldLicensed(group: number): boolean {
    this.#licensable[group] ??= this.#hasMember(group, this.view.sets.licensed.possible.words, true);
    return this.#licensable[group] ?? true;
  }

  /** Whether somebody in the group surely is an active person with a licence. */
  holdsActivePerson(group: number): boolean {
    this.#administrable[group] ??= this.#hasMember(group, this.#licensedPeople(), false);
    return this.#administrable[group] ?? false;
  }

  /** All members of a group that are known. */
  membersOf(group: number): Bitmap {
    const members = new Bitmap(this.view.sets.words * 32);
    this.view.tables.groups.nesting.addMembersTo(members, group);
    return members;
  }

  heldBy(space: number, operation: number): HeldBy {
    return this.view.whoCan.heldBy(space, operation);
  }

  #people: Uint32Array | undefined;

  #licensedPeople(): Uint32Array {
    const { licensed } = this.view.sets;
    this.#people ??= this.people.sure.map((word, index) => word & (licensed.sure.words[index] ?? 0));
    return this.#people;
  }

  #hasMember(group: number, among: Uint32Array, isOpenEnough: boolean): boolean {
    const { memberships, nesting } = this.view.tables.groups;
    if (isOpenEnough && nesting.opennessOf(group) !== "NOBODY") return true;
    const groups = nesting.isPossible ? nesting.descendantsOf(group) : [group];
    for (const each of groups)
      for (const account of memberships.membersOf(each))
        if (((among[account >>> 5] ?? 0) & (1 << (account & 31))) !== 0) return true;
    return false;
  }

  #findPeople(): { readonly people: People; readonly barred: Bitmap; readonly hidden: Bitmap } {
    const { accounts } = this.view.tables;
    const { words } = this.view.sets;
    const isListWhole = accounts.list.gaps.length === 0 && !accounts.areFactsApart;
    const sure = new Uint32Array(words);
    const possible = new Uint32Array(words);
    const barred = new Bitmap(words * 32);
    const hidden = new Bitmap(words * 32);
    const { byStatus, byKind } = accounts;
    for (let word = 0; word < words; word += 1) {
      const at = (set: Bitmap) => set.words[word] ?? 0;
      const isBarred = at(byStatus.INACTIVE) | at(byStatus.SUSPENDED) | at(byStatus.DEACTIVATED) | at(byStatus.CLOSED);
      const isActive = at(byStatus.ACTIVE) & ~at(byKind.APP);
      // Whom nobody knows although nothing failed is nobody: so the guard of the last administrator counts as well.
      const isUnread = at(accounts.gapped) | (isListWhole ? 0 : ~at(accounts.described));
      const isHidden = isUnread & ~isBarred & ~at(byStatus.ACTIVE);
      barred.words[word] = isBarred;
      sure[word] = isActive;
      hidden.words[word] = isHidden;
      possible[word] = isActive | (isHidden & ~at(byKind.APP));
    }
    return { people: { sure, possible }, barred, hidden };
  }
}

/** Adds to each set the spaces of rows (pairs of space and combination) where it is surely given. */
export function addSpaces(sets: SpaceSets, rows: Uint32Array, flags: Uint8Array): void {
  const [reads, writes, administers] = sets;
  for (let at = 0; at < rows.length; at += 2) {
    const given = flags[rows[at + 1] ?? 0] ?? 0;
    if (given === 0) continue;
    const space = rows[at] ?? 0;
    const word = space >>> 5;
    const bit = 1 << (space & 31);
    if ((given & doingFlags.reads) !== 0) reads[word] = (reads[word] ?? 0) | bit;
    if ((given & doingFlags.writes) !== 0) writes[word] = (writes[word] ?? 0) | bit;
    if ((given & doingFlags.administers) !== 0) administers[word] = (administers[word] ?? 0) | bit;
  }
}

/** Whether two sets have anything in common. */
export function overlap(one: Uint32Array, other: Uint32Array): boolean {
  const length = Math.min(one.length, other.length);
  for (let word = 0; word < length; word += 1) if (((one[word] ?? 0) & (other[word] ?? 0)) !== 0) return true;
  return false;
}

/** Whether every member of one set is in another. */
export function isWithin(one: Uint32Array, other: Uint32Array): boolean {
  for (let word = 0; word < one.length; word += 1) if (((one[word] ?? 0) & ~(other[word] ?? 0)) !== 0) return false;
  return true;
}

export function sizeOf(set: Uint32Array): number {
  let size = 0;
  for (let word = 0; word < set.length; word += 1) size += bitsIn(set[word] ?? 0);
  return size;
}

export function isGroupCode(code: number): boolean {
  return code >= firstGroup && code < firstClass;
}

function maskOf(numbers: readonly number[], stride: number): Uint32Array {
  const mask = new Uint32Array(stride);
  for (const number of numbers) mask[number >>> 5] = (mask[number >>> 5] ?? 0) | (1 << (number & 31));
  return mask;
}
