import { type Gap, mergeAssumptions, mergeGaps } from "../../domain/Complete.js";
import type { AccountId, GroupId, SpaceId } from "../../domain/ids.js";
import { readSpace } from "../../domain/Operation.js";
import type { AccountSets } from "./AccountSets.js";
import {
  type EffectiveAccess,
  type EffectivePage,
  LaterAccess,
  type OrderedPageWanted,
  RowTeller,
  toldNow,
  type WhoCanWanted,
} from "./answers.js";
import type { Inspector } from "./Inspector.js";
import { addAll, countOf, keepNamed, keepOnly, pageOf, removeAll, unionOf, type WordBounds } from "./listing/pages.js";
import type { AccountSortKey } from "./parts.js";
import { type SiteTables, siteGapsOf, unnamedOf, untoldOf } from "./SiteTables.js";
import { Bitmap } from "./store/Bitmap.js";
import { firstClass, firstGroup } from "./store/Holders.js";

/** Who holds one operation in a space, before status and licence are asked about. */
class HoldersOf {
  readonly sure = new Bitmap();
  /** Who may hold it beyond those. */
  readonly possible = new Bitmap();
  isEverybodySure = false;
  isEverybodyPossible = false;
  /** Everybody, licensed or not: anonymous on Cloud. */
  isAnonymousSure = false;
  isAnonymousPossible = false;
  isUnlicensedPossible = false;

  reset(size: number): void {
    this.sure.reset(size);
    this.possible.reset(size);
    this.isEverybodySure = this.isEverybodyPossible = false;
    this.isAnonymousSure = this.isAnonymousPossible = this.isUnlicensedPossible = false;
  }
}

/** Who holds an operation by what a space grants, a bit an account, whatever their status and whoever is a super user. */
export interface HeldBy {
  readonly sure: Uint32Array;
  /** Who may hold it, as one with a licence; those of `sure` among them. */
  readonly possible: Uint32Array;
  /** Who may hold it for want of a licence. */
  readonly unlicensed: Uint32Array;
}

/** Who can do something in a space: every account at once, thirty-two a word, in two bounds. */
export class WhoCan {
  readonly #tables: SiteTables;
  readonly #accountSets: AccountSets;
  readonly #inspector: Inspector;
  readonly #held = new HoldersOf();
  readonly #read = new HoldersOf();

  constructor(tables: SiteTables, accountSets: AccountSets, inspector: Inspector) {
    this.#tables = tables;
    this.#accountSets = accountSets;
    this.#inspector = inspector;
  }

  find(spaceId: SpaceId, wanted: WhoCanWanted, page: OrderedPageWanted<AccountSortKey>): EffectivePage {
    const { accounts, sets, spaces } = this.#tables;
    const space = spaces.ids.find(spaceId);
    const operations = (wanted.operations ?? [readSpace]).map((operation) => sets.findOperation(operation));
    const { sure, possible } = this.#decideAny(space, operations);
    if (wanted.isNothingSure === true) sure.fill(0);
    const isTold = wanted.kinds !== undefined || wanted.statuses !== undefined || wanted.text !== undefined;
    const untold = untoldOf(this.#tables, possible, isTold ? null : sure);
    if (wanted.decision === "UNKNOWN")
      for (let word = 0; word < possible.length; word += 1) possible[word] = (possible[word] ?? 0) & ~(sure[word] ?? 0);
    if (wanted.decision === "ALLOWED") possible.set(sure);
    this.#filter(possible, space, operations, wanted);
    keepOnly(sure, possible);
    const allowed = countOf(sure);
    const order = accounts.orderBy(page.by ?? "ID");
    const { numbers, hasMore } = pageOf(possible, order, page);
    const teller = new RowTeller(this.#tables, ({ accountId }, found) => {
      this.#accountSets.refresh();
      const account = accounts.ids.find(accountId);
      return this.#inspector.tell(account, space, found ?? this.#inspector.decideAnew(account, space, wanted), wanted);
    });
    const rows = numbers.map((account): EffectiveAccess => {
      const isSure = ((sure[account >>> 5] ?? 0) & (1 << (account & 31))) !== 0;
      const id = accounts.ids.idOf(account) as AccountId;
      const row = new LaterAccess(id, spaceId, order.keyOf(account), isSure ? "ALLOWED" : "UNKNOWN", teller);
      return page.isToldLater === true ? row : toldNow(row);
    });
    return {
      rows,
      allowed,
      unknown: countOf(possible) - allowed,
      hasNextPage: hasMore,
      ...this.#trustOf(space, untold),
    };
  }

  /** Who holds an operation by grants alone, before reading, status and super users are asked about. */
  heldBy(space: number, operation: number): HeldBy {
    const { licensed, unlicensed, words } = this.#accountSets;
    const held = this.#held;
    this.#gather(held, space, operation);
    const sure = new Uint32Array(words);
    const possible = new Uint32Array(words);
    for (let word = 0; word < words; word += 1) {
      sure[word] = sureWord(held, word, licensed.sure.words[word] ?? 0);
      possible[word] = possibleWord(held, word, licensed.possible.words[word] ?? 0);
    }
    return {
      sure,
      possible,
      unlicensed: held.isUnlicensedPossible ? unlicensed.words.slice() : new Uint32Array(words),
    };
  }

  /** Who surely can do any of it, and who can if every gap were filled in their favour. */
  #decideAny(space: number, operations: readonly number[]): WordBounds {
    const [first = -1, ...others] = operations;
    const found = this.#decide(space, first);
    if (operations.length === 0) for (const set of [found.sure, found.possible]) set.fill(0);
    for (const operation of others) {
      const more = this.#decide(space, operation);
      addAll(found.sure, more.sure);
      addAll(found.possible, more.possible);
    }
    return found;
  }

  #decide(space: number, operation: number): WordBounds {
    const { sets, spaces } = this.#tables;
    const accountSets = this.#accountSets;
    const sure = new Uint32Array(accountSets.words);
    const possible = new Uint32Array(accountSets.words);
    if (spaces.trashed.has(space)) return { sure, possible };
    const read = sets.findOperation(readSpace);
    this.#gather(this.#held, space, operation);
    if (read !== operation) this.#gather(this.#read, space, read);
    const held = this.#held;
    const reading = read === operation ? held : this.#read;
    const isSettled = spaces.inUse.has(space) ? -1 : 0;
    const isUnlicensedOpen = held.isUnlicensedPossible && reading.isUnlicensedPossible ? -1 : 0;
    for (let word = 0; word < sure.length; word += 1) {
      const licensed = accountSets.licensed.sure.words[word] ?? 0;
      const maybeLicensed = accountSets.licensed.possible.words[word] ?? 0;
      const known = accountSets.known.words[word] ?? 0;
      const surelyHeld = sureWord(held, word, licensed) & sureWord(reading, word, licensed);
      const maybeHeld = possibleWord(held, word, maybeLicensed) & possibleWord(reading, word, maybeLicensed);
      const withoutLicence = isUnlicensedOpen & (accountSets.unlicensed.words[word] ?? 0);
      const superSure = accountSets.superusers.sure.words[word] ?? 0;
      const superPossible = accountSets.superusers.possible.words[word] ?? 0;
      const active = accountSets.active.sure.words[word] ?? 0;
      sure[word] = known & active & isSettled & (surelyHeld | superSure);
      possible[word] =
        known & (accountSets.active.possible.words[word] ?? 0) & (maybeHeld | withoutLicence | superPossible);
    }
    return { sure, possible };
  }

  #gather(into: HoldersOf, space: number, operation: number): void {
    const { groups, isCloud, sets, spaces } = this.#tables;
    const accountSets = this.#accountSets;
    into.reset(this.#tables.accounts.ids.size);
    const data = spaces.holdings.dataOf(space);
    const start = spaces.holdings.startOf(space);
    const end = start + spaces.holdings.lengthOf(space);
    for (let at = start; at < end; at += 2) {
      const holder = data[at] ?? 0;
      const set = data[at + 1] ?? 0;
      const isSure = sets.givesSurely(set, operation);
      if (!isSure && !sets.mayGive(set, operation)) continue;
      if (holder >= firstClass) this.#gatherClass(into, holder, isSure);
      else if (holder < firstGroup) (isSure ? into.sure : into.possible).add(holder);
      else {
        const group = holder - firstGroup;
        groups.nesting.addMembersTo(isSure ? into.sure : into.possible, group);
        const openness = groups.nesting.opennessOf(group);
        if (openness === "EVERYBODY") into.isEverybodyPossible = true;
        else if (openness === "MEMBERS_OF_ANY_GROUP") into.possible.addAll(accountSets.members);
      }
    }
    if (spaces.whole.has(space)) return;
    if (isCloud) into.isAnonymousPossible = true;
    else into.isEverybodyPossible = true;
    if (!isCloud && accountSets.unlicensedUse !== "NO") into.isUnlicensedPossible = true;
  }

  #gatherClass(into: HoldersOf, holder: number, isSure: boolean): void {
    const accountSets = this.#accountSets;
    const name = this.#tables.holders.classNameOf(holder);
    switch (name) {
      case "anonymous-users":
        if (this.#tables.isCloud) {
          into.isAnonymousPossible = true;
          if (isSure) into.isAnonymousSure = true;
        } else if (accountSets.anonymousUse !== "NO") {
          into.isEverybodyPossible = true;
          if (isSure && accountSets.anonymousUse === "YES") into.isEverybodySure = true;
        }
        return;
      case "all-licensed-users":
      case "all-product-admins": {
        const members = name === "all-licensed-users" ? accountSets.allLicensed : accountSets.administrators;
        into.possible.addAll(members.possible);
        if (isSure) into.sure.addAll(members.sure);
        return;
      }
      case "authenticated-users":
        into.isEverybodyPossible = true;
        if (isSure) into.isEverybodySure = true;
        return;
      case "unlicensed":
        if (!this.#tables.isCloud && accountSets.unlicensedUse !== "NO") into.isUnlicensedPossible = true;
        return;
      case "OTHER":
        into.isEverybodyPossible = true;
    }
  }

  #filter(set: Uint32Array, space: number, operations: readonly number[], wanted: WhoCanWanted): void {
    const { accounts, groups, sets, spaces } = this.#tables;
    if (wanted.kinds !== undefined) {
      const some = unionOf(
        wanted.kinds.map((kind) => accounts.byKind[kind]),
        set.length,
      );
      if (wanted.kinds.includes("UNKNOWN")) addUndescribed(some, accounts.described);
      keepOnly(set, some);
    }
    if (wanted.statuses !== undefined) {
      const some = unionOf(
        wanted.statuses.map((status) => accounts.byStatus[status]),
        set.length,
      );
      if (wanted.statuses.includes("UNKNOWN")) addUndescribed(some, accounts.described);
      keepOnly(set, some);
    }
    const rows = spaces.holdings.rowsOf(space);
    if (wanted.isDirect !== undefined) {
      const direct = new Bitmap(set.length * 32);
      for (let at = 0; at < rows.length && (rows[at] ?? 0) < firstGroup; at += 2)
        if (sets.givesAny(rows[at + 1] ?? 0, operations, !wanted.isDirect)) direct.add(rows[at] ?? 0);
      if (wanted.isDirect) keepOnly(set, direct.words);
      else removeAll(set, direct.words);
    }
    if (wanted.viaGroup !== undefined) {
      const members = new Bitmap(set.length * 32);
      const group = groups.ids.find(wanted.viaGroup as GroupId);
      const isHeld = [...groups.nesting.ancestorsOf(group)].some((each) =>
        sets.givesAny(spaces.holdings.setOf(space, firstGroup + each), operations, false),
      );
      if (group !== 0 && isHeld) groups.nesting.addMembersTo(members, group);
      keepOnly(set, members.words);
    }
    if (wanted.text !== undefined && wanted.text !== "")
      keepNamed(set, wanted.text, (number) => [accounts.nameOf(number), accounts.ids.idOf(number) ?? null]);
  }

  #trustOf(space: number, untold: readonly Gap[]) {
    const { accounts, groups, spaces } = this.#tables;
    const rows = spaces.holdings.rowsOf(space);
    const gaps = [accounts.listGaps, spaces.gapsOf(space), spaces.grantGapsOf(space), siteGapsOf(this.#tables), untold];
    const assumptions = [spaces.assumptionsOf(space)];
    let asOfMs = Math.min(accounts.list.asOfMs, spaces.asOfMsOf(space), this.#tables.roles.roles.asOfMs);
    for (let at = 0; at < rows.length; at += 2) {
      const holder = rows[at] ?? 0;
      if (holder < firstGroup || holder >= firstClass) continue;
      for (const group of groups.nesting.isPossible
        ? groups.nesting.descendantsOf(holder - firstGroup)
        : [holder - firstGroup]) {
        asOfMs = Math.min(asOfMs, groups.asOfMsOf(group));
        assumptions.push(groups.assumptionsOf(group));
        gaps.push(groups.memberGapsOf(group), groups.nesting.childGapsOf(group));
      }
    }
    if ((rows.at(-2) ?? 0) >= firstClass) gaps.push(unnamedOf(this.#tables));
    return this.#tables.aged({ gaps: mergeGaps(...gaps), assumptions: mergeAssumptions(...assumptions), asOfMs });
  }
}

function sureWord(held: HoldersOf, word: number, licensed: number): number {
  if (held.isAnonymousSure) return -1;
  return (held.isEverybodySure ? -1 : (held.sure.words[word] ?? 0)) & licensed;
}

function possibleWord(held: HoldersOf, word: number, licensed: number): number {
  if (held.isAnonymousPossible) return -1;
  if (held.isEverybodyPossible) return licensed;
  return ((held.sure.words[word] ?? 0) | (held.possible.words[word] ?? 0)) & licensed;
}

function addUndescribed(set: Uint32Array, described: Bitmap): void {
  for (let word = 0; word < set.length; word += 1) set[word] = (set[word] ?? 0) | ~(described.words[word] ?? 0);
}
