import type { Operation } from "../../domain/Operation.js";
import { readSpace } from "../../domain/Operation.js";
import type { Decision } from "../AccessDecision.js";
import { accessLimits } from "../findPaths.js";
import type { AccountSets } from "./AccountSets.js";
import type { SiteTables } from "./SiteTables.js";
import type { GroupTable } from "./store/GroupTable.js";
import { firstClass, firstGroup } from "./store/Holders.js";
import { placeIn } from "./store/RowPool.js";

/** How a row of the space reaches the account: surely; perhaps; or only if it turned out to have no licence. */
const surely = 2;
const perhaps = 1;
const withoutLicence = 3;

/** What an account can do in a space: each operation that the space names, by its decision. */
export interface HeldOperations {
  readonly allowed: readonly Operation[];
  readonly unknown: readonly Operation[];
  /** Whether it may hold operations that nothing names: behind a role or a page that could not be read. */
  readonly mayHoldMore: boolean;
}

/** What a row of a list is to tell of. */
interface Asked {
  /** Default: reading. */
  readonly operations?: readonly Operation[];
  readonly isNothingSure?: boolean;
}

/** How an account comes by an operation. */
export interface Ways {
  readonly isDirect: boolean;
  /** Known paths, as many as an explanation would list; none where DENIED. */
  readonly pathCount: number;
}

/**
 * One account in one space: which rows reach it, and what follows. Scratch space is reused from question to question, so an
 * answer is complete before the next one is asked.
 */
export class Inspector {
  readonly #tables: SiteTables;
  readonly #accountSets: AccountSets;
  readonly #sets: number[] = [];
  readonly #reach: number[] = [];
  readonly #holders: number[] = [];
  #matches = 0;
  #account = 0;
  #space = 0;
  /** Whether grants that were not read could reach the account, with a licence and without one. */
  #isOpen = false;
  #isOpenUnlicensed = false;

  constructor(tables: SiteTables, accountSets: AccountSets) {
    this.#tables = tables;
    this.#accountSets = accountSets;
  }

  decide(account: number, space: number, operation: number): Decision {
    if (!this.#accountSets.active.possible.has(account) || this.#tables.spaces.trashed.has(space)) return "DENIED";
    this.#collect(account, space);
    const read = this.#tables.sets.findOperation(readSpace);
    if (!this.#mayHold(operation, read)) return "DENIED";
    return this.#isSettled() && this.#surelyHolds(operation, read) ? "ALLOWED" : "UNKNOWN";
  }

  /**
   * What a row is to say once the index has changed since it was found: nobody knows of what is not allowed any more, until it is looked
   * for anew.
   */
  decideAnew(
    account: number,
    space: number,
    { operations = [readSpace], isNothingSure }: Asked,
  ): "ALLOWED" | "UNKNOWN" {
    const isAllowed = (each: Operation) =>
      this.decide(account, space, this.#tables.sets.findOperation(each)) === "ALLOWED";
    return isNothingSure !== true && operations.some(isAllowed) ? "ALLOWED" : "UNKNOWN";
  }

  /** Everything it can do there, and may be able to do. */
  list(account: number, space: number): HeldOperations {
    const nothing = { allowed: [], unknown: [], mayHoldMore: false };
    if (!this.#accountSets.active.possible.has(account) || this.#tables.spaces.trashed.has(space)) return nothing;
    this.#collect(account, space);
    const { sets } = this.#tables;
    const read = sets.internOperation(readSpace);
    if (!this.#mayHold(read, read)) return nothing;
    const isSuper = this.#accountSets.superusers.sure.has(account);
    const mayHoldMore = !isSuper && this.#mayHold(-1, read);
    const named = this.#namedIn(space, read);
    const sure = new Uint32Array(sets.stride);
    if (isSuper) sure.set(named);
    else if (this.#surelyHolds(read, read))
      for (let match = 0; match < this.#matches; match += 1)
        if (this.#reach[match] === surely) sets.addSure(this.#sets[match] ?? 0, sure);
    const allowed = this.#isSettled() ? sure : new Uint32Array(sets.stride);
    const unknown = isSuper || mayHoldMore ? named : this.#possible(read);
    for (let word = 0; word < unknown.length; word += 1) unknown[word] = (unknown[word] ?? 0) & ~(allowed[word] ?? 0);
    return { allowed: sets.operationsIn(allowed), unknown: sets.operationsIn(unknown), mayHoldMore };
  }

  /** All that a row of a list tells of an account in a space where it can, or may be able to, do any of what is wanted. */
  tell<D extends Decision>(account: number, space: number, decision: D, { operations, isNothingSure }: Asked) {
    const wanted = operations ?? [readSpace];
    const number = (operation: Operation) => this.#tables.sets.findOperation(operation);
    const operation =
      wanted.length === 1
        ? wanted[0]
        : wanted.find((each) => isLike(this.decide(account, space, number(each)), decision, isNothingSure));
    const ways = wanted.map((each) => this.ways(account, space, number(each)));
    return {
      decision,
      operation: operation ?? readSpace,
      operations: isNothingSure === true ? unsure(this.list(account, space)) : this.list(account, space),
      isDirect: ways.some(({ isDirect }) => isDirect),
      pathCount: operation === undefined ? 0 : (ways[wanted.indexOf(operation)]?.pathCount ?? 0),
    };
  }

  /** Of an operation that is not DENIED; see `decide`. */
  ways(account: number, space: number, operation: number): Ways {
    this.#collect(account, space);
    const { sets, groups } = this.#tables;
    let isDirect = false;
    let pathCount = 0;
    for (let match = 0; match < this.#matches; match += 1) {
      if (this.#reach[match] !== surely) continue;
      const ends = sets.countGiving(this.#sets[match] ?? 0, operation);
      if (ends === 0) continue;
      const holder = this.#holders[match] ?? 0;
      if (holder < firstGroup) isDirect = true;
      const isGroup = holder >= firstGroup && holder < firstClass;
      pathCount += ends * (isGroup ? countChains(groups, account, holder - firstGroup) : 1);
    }
    const { superGroupId } = this.#tables.options.rules;
    if (superGroupId !== null && this.#accountSets.superusers.sure.has(account))
      pathCount += countChains(groups, account, groups.ids.find(superGroupId));
    return { isDirect, pathCount: Math.min(pathCount, accessLimits.paths) };
  }

  #isSettled(): boolean {
    return this.#accountSets.active.sure.has(this.#account) && this.#tables.spaces.inUse.has(this.#space);
  }

  #surelyHolds(operation: number, read: number): boolean {
    if (this.#accountSets.superusers.sure.has(this.#account)) return true;
    let isHeld = false;
    let isRead = false;
    for (let match = 0; match < this.#matches; match += 1) {
      if (this.#reach[match] !== surely) continue;
      const set = this.#sets[match] ?? 0;
      isHeld ||= this.#tables.sets.givesSurely(set, operation);
      isRead ||= this.#tables.sets.givesSurely(set, read);
    }
    return isHeld && isRead;
  }

  /** What a licence gives and what its absence gives are never held together. */
  #mayHold(operation: number, read: number): boolean {
    if (this.#accountSets.superusers.possible.has(this.#account) || this.#isOpen || this.#isOpenUnlicensed) return true;
    let held = 0;
    let isRead = 0;
    for (let match = 0; match < this.#matches; match += 1) {
      const set = this.#sets[match] ?? 0;
      const scenario = this.#reach[match] === withoutLicence ? 2 : 1;
      if (this.#tables.sets.mayGive(set, operation)) held |= scenario;
      if (this.#tables.sets.mayGive(set, read)) isRead |= scenario;
    }
    return (held & isRead) !== 0;
  }

  /** The operations by name that some row may give in a scenario, licensed or not, in which reading may be held. */
  #possible(read: number): Uint32Array {
    const { sets } = this.#tables;
    const possible = new Uint32Array(sets.stride);
    let isRead = 0;
    for (let match = 0; match < this.#matches; match += 1)
      if (sets.mayGive(this.#sets[match] ?? 0, read)) isRead |= this.#reach[match] === withoutLicence ? 2 : 1;
    for (let match = 0; match < this.#matches; match += 1)
      if ((isRead & (this.#reach[match] === withoutLicence ? 2 : 1)) !== 0)
        sets.addPossible(this.#sets[match] ?? 0, possible);
    return possible;
  }

  /** What any row of the space gives by name, and reading. */
  #namedIn(space: number, read: number): Uint32Array {
    const { sets, spaces } = this.#tables;
    const named = new Uint32Array(sets.stride);
    const rows = spaces.holdings.rowsOf(space);
    for (let at = 1; at < rows.length; at += 2) sets.addPossible(rows[at] ?? 0, named);
    named[read >>> 5] = (named[read >>> 5] ?? 0) | (1 << (read & 31));
    return named;
  }

  #collect(account: number, space: number): void {
    const { groups, spaces, isCloud } = this.#tables;
    const accountSets = this.#accountSets;
    this.#account = account;
    this.#space = space;
    this.#matches = 0;
    const { holdings } = spaces;
    const data = holdings.dataOf(space);
    const start = holdings.startOf(space);
    const length = holdings.lengthOf(space);
    // Asked before anything is made of the space's row: the two are far apart in memory, and so are waited for together.
    const isInGroups = groups.memberships.isInAny(account);
    const isUnread = !spaces.whole.has(space);
    const mayLackLicence = !isCloud && accountSets.unlicensedUse !== "NO" && accountSets.unlicensed.has(account);
    const mayHaveLicence = accountSets.licensed.possible.has(account);
    this.#isOpen = isUnread && (isCloud || mayHaveLicence);
    this.#isOpenUnlicensed = isUnread && mayLackLicence;
    // Classes stand last in a row, groups before them, accounts first.
    let to = start + length;
    for (; to > start && (data[to - 2] ?? 0) >= firstClass; to -= 2)
      this.#matchClass(data[to - 2] ?? 0, data[to - 1] ?? 0, account, mayHaveLicence, mayLackLicence);
    if (!mayHaveLicence) return;
    const known = accountSets.licensed.sure.has(account) ? surely : perhaps;
    if (isInGroups && groups.nesting.isPossible) this.#matchNestedGroups(data, start, to, account, known);
    else if (isInGroups) this.#matchGroups(data, start, to, account, known);
    if (groups.nesting.open.length > 0) this.#matchOpenGroups(data, start, to, account);
    if (account !== 0) this.#match(data, start, to - start, account, known);
  }

  /** @param to where the classes of the row begin */
  #matchGroups(data: Uint32Array, start: number, to: number, account: number, known: number): void {
    const { memberships } = this.#tables.groups;
    const own = memberships.groupsDataOf(account);
    const first = memberships.groupsStartOf(account);
    let mine = first + memberships.groupCountOf(account) - 1;
    if ((mine + 1 - first) * 20 < to - start) {
      const from = start + placeIn(data, start, to - start, 2, firstGroup);
      for (; mine >= first; mine -= 1) this.#match(data, from, to - from, firstGroup + (own[mine] ?? 0), known);
      return;
    }
    // Many groups and few holders: both are sorted, and walked side by side, from the back because accounts stand in front.
    for (let at = to - 2; at >= start && mine >= first; ) {
      const holder = data[at] ?? 0;
      if (holder < firstGroup) return;
      const difference = holder - firstGroup - (own[mine] ?? 0);
      if (difference === 0) this.#add(holder, data[at + 1] ?? 0, known);
      if (difference >= 0) at -= 2;
      if (difference <= 0) mine -= 1;
    }
  }

  #matchNestedGroups(data: Uint32Array, start: number, to: number, account: number, known: number): void {
    const { memberships, nesting } = this.#tables.groups;
    const from = start + placeIn(data, start, to - start, 2, firstGroup);
    if (from === to) return;
    for (const group of memberships.groupsOf(account))
      for (const each of nesting.ancestorsOf(group))
        if (!this.#isMatched(firstGroup + each)) this.#match(data, from, to - from, firstGroup + each, known);
  }

  /** Groups that may have more members than are known. */
  #matchOpenGroups(data: Uint32Array, start: number, to: number, account: number): void {
    const { nesting } = this.#tables.groups;
    for (let at = to - 2; at >= start; at -= 2) {
      const holder = data[at] ?? 0;
      if (holder < firstGroup) return;
      const openness = nesting.opennessOf(holder - firstGroup);
      if (openness === "NOBODY" || this.#isMatched(holder)) continue;
      if (openness === "EVERYBODY" || this.#accountSets.members.has(account))
        this.#add(holder, data[at + 1] ?? 0, perhaps);
    }
  }

  #matchClass(holder: number, set: number, account: number, mayHaveLicence: boolean, mayLackLicence: boolean): void {
    const accountSets = this.#accountSets;
    const { isCloud, holders } = this.#tables;
    const name = holders.classNameOf(holder);
    if (name === "anonymous-users" && isCloud) {
      this.#add(holder, set, surely);
      return;
    }
    if (name === "unlicensed") {
      if (mayLackLicence) this.#add(holder, set, withoutLicence);
      return;
    }
    if (!mayHaveLicence) return;
    let isSure = true;
    if (name === "anonymous-users") {
      if (accountSets.anonymousUse === "NO") return;
      isSure = accountSets.anonymousUse === "YES";
    } else if (name === "all-licensed-users" || name === "all-product-admins") {
      const members = name === "all-licensed-users" ? accountSets.allLicensed : accountSets.administrators;
      if (!members.possible.has(account)) return;
      isSure = members.sure.has(account);
    } else if (name === "OTHER") isSure = false;
    this.#add(holder, set, isSure && accountSets.licensed.sure.has(account) ? surely : perhaps);
  }

  #match(data: Uint32Array, start: number, length: number, holder: number, reach: number): void {
    const at = placeIn(data, start, length, 2, holder);
    if (at < length && data[start + at] === holder) this.#add(holder, data[start + at + 1] ?? 0, reach);
  }

  #isMatched(holder: number): boolean {
    for (let match = 0; match < this.#matches; match += 1) if (this.#holders[match] === holder) return true;
    return false;
  }

  #add(holder: number, set: number, reach: number): void {
    const match = this.#matches;
    this.#holders[match] = holder;
    this.#sets[match] = set;
    this.#reach[match] = reach;
    this.#matches = match + 1;
  }
}

/** How many chains of memberships lead from an account to a group, a group at most once in each; no more than one answer lists. */
function countChains(groups: GroupTable, account: number, target: number): number {
  const { memberships, nesting } = groups;
  if (!nesting.isPossible || nesting.childrenOf(target).length === 0) return memberships.has(target, account) ? 1 : 0;
  const within = new Set<number>();
  for (const group of memberships.groupsOf(account)) for (const each of nesting.ancestorsOf(group)) within.add(each);
  if (!within.has(target)) return 0;
  const onChain = new Set<number>();
  let found = 0;
  let steps = 0;
  const walk = (group: number): void => {
    steps += 1;
    if (steps > accessLimits.chainSteps || found >= accessLimits.paths) return;
    if (memberships.has(group, account)) found += 1;
    onChain.add(group);
    for (const child of nesting.childrenOf(group)) if (within.has(child) && !onChain.has(child)) walk(child);
    onChain.delete(group);
  };
  walk(target);
  return found;
}

function isLike(found: Decision, wanted: Decision, isNothingSure = false): boolean {
  return isNothingSure ? found !== "DENIED" : found === wanted;
}

/** What was given and what was taken away since may both be missing. */
function unsure({ allowed, unknown }: HeldOperations): HeldOperations {
  return { allowed: [], unknown: [...allowed, ...unknown], mayHoldMore: true };
}
