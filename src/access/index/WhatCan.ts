import { mergeAssumptions, mergeGaps } from "../../domain/Complete.js";
import type { AccountId, SpaceId } from "../../domain/ids.js";
import { readSpace } from "../../domain/Operation.js";
import type { AccountSets } from "./AccountSets.js";
import {
  type EffectiveAccess,
  type EffectivePage,
  LaterAccess,
  type OrderedPageWanted,
  RowTeller,
  toldNow,
  type WhatCanWanted,
} from "./answers.js";
import type { Inspector } from "./Inspector.js";
import { addAll, countOf, keepNamed, keepOnly, pageOf, removeAll, type WordBounds } from "./listing/pages.js";
import type { SpaceSortKey } from "./parts.js";
import { gapsTold, type SiteTables, siteGapsOf } from "./SiteTables.js";
import { firstClass, firstGroup } from "./store/Holders.js";

/** Which rows of a walk count, and as what: see `Inspector`. */
interface Walk {
  readonly operation: number;
  readonly read: number;
  /** Where the operation, and reading, is surely held; where it may be; and where it may be for want of a licence. */
  readonly sure: Uint32Array;
  readonly sureRead: Uint32Array;
  readonly possible: Uint32Array;
  readonly possibleRead: Uint32Array;
  readonly unlicensed: Uint32Array;
  readonly unlicensedRead: Uint32Array;
}

/** Where one account can do something: every row of every holder that it is, or may be, in two bounds. */
export class WhatCan {
  readonly #tables: SiteTables;
  readonly #accountSets: AccountSets;
  readonly #inspector: Inspector;

  constructor(tables: SiteTables, accountSets: AccountSets, inspector: Inspector) {
    this.#tables = tables;
    this.#accountSets = accountSets;
    this.#inspector = inspector;
  }

  find(accountId: AccountId, wanted: WhatCanWanted, page: OrderedPageWanted<SpaceSortKey>): EffectivePage {
    const { accounts, sets, spaces } = this.#tables;
    const account = accounts.ids.find(accountId);
    const operations = (wanted.operations ?? [readSpace]).map((operation) => sets.findOperation(operation));
    const { sure, possible } = this.#decideAny(account, operations);
    if (wanted.isNothingSure === true) sure.fill(0);
    if (wanted.decision === "UNKNOWN")
      for (let word = 0; word < possible.length; word += 1) possible[word] = (possible[word] ?? 0) & ~(sure[word] ?? 0);
    if (wanted.decision === "ALLOWED") possible.set(sure);
    this.#filter(possible, account, operations, wanted);
    keepOnly(sure, possible);
    const allowed = countOf(sure);
    const order = spaces.orderBy(page.by ?? "ID");
    const { numbers, hasMore } = pageOf(possible, order, page);
    const teller = new RowTeller(this.#tables, ({ spaceId }, found) => {
      this.#accountSets.refresh();
      const space = spaces.ids.find(spaceId);
      return this.#inspector.tell(account, space, found ?? this.#inspector.decideAnew(account, space, wanted), wanted);
    });
    const rows = numbers.map((space): EffectiveAccess => {
      const isSure = ((sure[space >>> 5] ?? 0) & (1 << (space & 31))) !== 0;
      const id = spaces.ids.idOf(space) as SpaceId;
      const row = new LaterAccess(accountId, id, order.keyOf(space), isSure ? "ALLOWED" : "UNKNOWN", teller);
      return page.isToldLater === true ? row : toldNow(row);
    });
    return { rows, allowed, unknown: countOf(possible) - allowed, hasNextPage: hasMore, ...this.#trustOf(account) };
  }

  /** The spaces where any of some accounts can read, or may. */
  readableBy(accountIds: readonly AccountId[]): Uint32Array {
    const { accounts, sets, spaces } = this.#tables;
    const read = sets.findOperation(readSpace);
    const union = new Uint32Array((spaces.ids.size + 31) >>> 5);
    for (const accountId of accountIds) addAll(union, this.#decide(accounts.ids.find(accountId), read).possible);
    return union;
  }

  #decideAny(account: number, operations: readonly number[]): WordBounds {
    const [first = -1, ...others] = operations;
    const found = this.#decide(account, first);
    if (operations.length === 0) for (const set of [found.sure, found.possible]) set.fill(0);
    for (const operation of others) {
      const more = this.#decide(account, operation);
      addAll(found.sure, more.sure);
      addAll(found.possible, more.possible);
    }
    return found;
  }

  #decide(account: number, operation: number): WordBounds {
    const { spaces, sets, isCloud } = this.#tables;
    const accountSets = this.#accountSets;
    const words = (spaces.ids.size + 31) >>> 5;
    const sure = new Uint32Array(words);
    const possible = new Uint32Array(words);
    if (!accountSets.active.possible.has(account)) return { sure, possible };
    const walk = newWalk(operation, sets.findOperation(readSpace), words);
    this.#walkAll(walk, account);
    const isActive = accountSets.active.sure.has(account) ? -1 : 0;
    const isSuper = accountSets.superusers.sure.has(account) ? -1 : 0;
    const mayBeSuper = accountSets.superusers.possible.has(account) ? -1 : 0;
    const isReached = isCloud || accountSets.licensed.possible.has(account) || this.#mayLackLicence(account) ? -1 : 0;
    for (let word = 0; word < words; word += 1) {
      const isInUse = spaces.inUse.words[word] ?? 0;
      const isKnown = (spaces.described.words[word] ?? 0) | (spaces.granting.words[word] ?? 0);
      const isUnread = ~(spaces.whole.words[word] ?? 0) & isReached;
      const surelyHeld = (walk.sure[word] ?? 0) & (walk.sureRead[word] ?? 0);
      const maybeHeld = (walk.possible[word] ?? 0) & (walk.possibleRead[word] ?? 0);
      const withoutLicence = (walk.unlicensed[word] ?? 0) & (walk.unlicensedRead[word] ?? 0);
      sure[word] = isKnown & isInUse & isActive & (surelyHeld | isSuper);
      possible[word] =
        isKnown & ~(spaces.trashed.words[word] ?? 0) & (maybeHeld | withoutLicence | isUnread | mayBeSuper);
    }
    return { sure, possible };
  }

  #mayLackLicence(account: number): boolean {
    const { unlicensed, unlicensedUse } = this.#accountSets;
    return !this.#tables.isCloud && unlicensedUse !== "NO" && unlicensed.has(account);
  }

  #walkAll(walk: Walk, account: number): void {
    const { groups, holders, isCloud } = this.#tables;
    const accountSets = this.#accountSets;
    const mayHaveLicence = accountSets.licensed.possible.has(account);
    const isLicensed = accountSets.licensed.sure.has(account);
    if (mayHaveLicence) {
      if (account !== 0) this.#walk(walk, account, isLicensed);
      const seen = new Set<number>();
      for (const group of groups.memberships.groupsOf(account)) {
        if (!groups.nesting.isPossible) this.#walk(walk, firstGroup + group, isLicensed);
        else for (const each of groups.nesting.ancestorsOf(group)) seen.add(each);
      }
      for (const group of seen) this.#walk(walk, firstGroup + group, isLicensed);
      for (const group of groups.nesting.open) {
        const isAnybodys = groups.nesting.opennessOf(group) === "EVERYBODY";
        if (isAnybodys || accountSets.members.has(account)) this.#walk(walk, firstGroup + group, false);
      }
    }
    for (let number = 0; number < holders.classCount; number += 1) {
      const holder = firstClass + number;
      const name = holders.classNameOf(holder);
      if (name === "anonymous-users" && isCloud) this.#walk(walk, holder, true);
      else if (name === "unlicensed") {
        if (this.#mayLackLicence(account)) this.#walkUnlicensed(walk, holder);
      } else if (!mayHaveLicence) continue;
      else if (name === "anonymous-users") {
        if (accountSets.anonymousUse !== "NO")
          this.#walk(walk, holder, isLicensed && accountSets.anonymousUse === "YES");
      } else if (name === "authenticated-users") this.#walk(walk, holder, isLicensed);
      else if (name === "OTHER") this.#walk(walk, holder, false);
      else {
        const members = name === "all-licensed-users" ? accountSets.allLicensed : accountSets.administrators;
        if (members.possible.has(account)) this.#walk(walk, holder, isLicensed && members.sure.has(account));
      }
    }
  }

  #walk(walk: Walk, holder: number, isSure: boolean): void {
    const { sets, spaces } = this.#tables;
    const rows = spaces.holdings.spacesOf(holder);
    const flags = sets.flagsOf(walk.operation);
    const readFlags = sets.flagsOf(walk.read);
    for (let at = 0; at < rows.length; at += 2) {
      const space = rows[at] ?? 0;
      const set = rows[at + 1] ?? 0;
      const held = flags[set] ?? 0;
      const read = readFlags[set] ?? 0;
      const word = space >>> 5;
      const bit = 1 << (space & 31);
      if (isSure && (held & 1) !== 0) walk.sure[word] = (walk.sure[word] ?? 0) | bit;
      if (isSure && (read & 1) !== 0) walk.sureRead[word] = (walk.sureRead[word] ?? 0) | bit;
      if (held !== 0) walk.possible[word] = (walk.possible[word] ?? 0) | bit;
      if (read !== 0) walk.possibleRead[word] = (walk.possibleRead[word] ?? 0) | bit;
    }
  }

  #walkUnlicensed(walk: Walk, holder: number): void {
    const { sets, spaces } = this.#tables;
    const rows = spaces.holdings.spacesOf(holder);
    for (let at = 0; at < rows.length; at += 2) {
      const space = rows[at] ?? 0;
      const set = rows[at + 1] ?? 0;
      const word = space >>> 5;
      const bit = 1 << (space & 31);
      if (sets.mayGive(set, walk.operation)) walk.unlicensed[word] = (walk.unlicensed[word] ?? 0) | bit;
      if (sets.mayGive(set, walk.read)) walk.unlicensedRead[word] = (walk.unlicensedRead[word] ?? 0) | bit;
    }
  }

  #filter(set: Uint32Array, account: number, operations: readonly number[], wanted: WhatCanWanted): void {
    const { groups, spaces } = this.#tables;
    const keepWhere = (isWanted: (space: number) => boolean) => {
      for (let space = 1; space < spaces.ids.size; space += 1)
        if (!isWanted(space)) set[space >>> 5] = (set[space >>> 5] ?? 0) & ~(1 << (space & 31));
    };
    const { kinds, statuses } = wanted;
    if (kinds !== undefined) keepWhere((space) => kinds.includes(spaces.kindOf(space)));
    if (statuses !== undefined) keepWhere((space) => statuses.includes(spaces.statusOf(space)));
    const own = account === 0 ? [] : [account];
    if (wanted.isDirect === true) keepOnly(set, this.#heldBy(set.length, own, operations, false));
    if (wanted.isDirect === false) removeAll(set, this.#heldBy(set.length, own, operations, true));
    if (wanted.viaGroup !== undefined) {
      const via = groups.ids.find(wanted.viaGroup);
      const memberships = groups.memberships.groupsOf(account);
      const isIn = via !== 0 && [...memberships].some((group) => groups.nesting.ancestorsOf(group).includes(via));
      const ancestors = isIn ? [...groups.nesting.ancestorsOf(via)].map((group) => firstGroup + group) : [];
      keepOnly(set, this.#heldBy(set.length, ancestors, operations, false));
    }
    if (wanted.text !== undefined && wanted.text !== "")
      keepNamed(set, wanted.text, (space) => [
        spaces.nameOf(space),
        spaces.keyOf(space),
        spaces.ids.idOf(space) ?? null,
      ]);
  }

  /** The spaces where one of some holders has a row that surely gives, or may give, any of some operations. */
  #heldBy(words: number, holders: readonly number[], operations: readonly number[], isSure: boolean): Uint32Array {
    const { sets, spaces } = this.#tables;
    const held = new Uint32Array(words);
    for (const holder of holders) {
      const rows = spaces.holdings.spacesOf(holder);
      for (let at = 0; at < rows.length; at += 2) {
        const space = rows[at] ?? 0;
        if (sets.givesAny(rows[at + 1] ?? 0, operations, isSure))
          held[space >>> 5] = (held[space >>> 5] ?? 0) | (1 << (space & 31));
      }
    }
    return held;
  }

  #trustOf(account: number) {
    const { accounts, groups, roles, spaces } = this.#tables;
    const openGroups = groups.nesting.open
      .slice(0, gapsTold)
      .flatMap((group) => [groups.memberGapsOf(group), groups.nesting.childGapsOf(group)]);
    const unread: number[] = [];
    for (let space = 1; space < spaces.ids.size && unread.length < gapsTold; space += 1)
      if (!spaces.whole.has(space) && spaces.described.has(space)) unread.push(space);
    const gaps = mergeGaps(
      spaces.list.gaps,
      accounts.gapsOf(account),
      accounts.roleGapsOf(account),
      siteGapsOf(this.#tables),
      ...openGroups,
      ...unread.map((space) => spaces.grantGapsOf(space)),
    );
    const own = [...groups.memberships.groupsOf(account)].map((group) => groups.assumptionsOf(group));
    const asOfMs = Math.min(this.#tables.oldestMs, accounts.asOfMsOf(account), roles.roles.asOfMs);
    return this.#tables.aged({ gaps, assumptions: mergeAssumptions(...own), asOfMs });
  }
}

function newWalk(operation: number, read: number, words: number): Walk {
  const empty = () => new Uint32Array(words);
  const sure = empty();
  const possible = empty();
  const unlicensed = empty();
  const isReading = operation === read;
  return {
    operation,
    read,
    sure,
    sureRead: isReading ? sure : empty(),
    possible,
    possibleRead: isReading ? possible : empty(),
    unlicensed,
    unlicensedRead: isReading ? unlicensed : empty(),
  };
}
