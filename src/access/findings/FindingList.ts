import { type Gap, mergeAssumptions, mergeGaps, type Trust } from "../../domain/Complete.js";
import { principalKey } from "../../domain/Principal.js";
import { compareText } from "../../domain/textOrder.js";
import { unknowable } from "../Belonging.js";
import type { AccessIndex } from "../index/AccessIndex.js";
import { firstClass, firstGroup } from "../index/store/Holders.js";
import type { Steps } from "../index/store/slices.js";
import { type Finding, type FindingKind, kindsInOrder } from "./Finding.js";
import { findPeopleGaps, findSiteGaps, type GapsByNeed, gapsFor, SpaceGaps } from "./findGaps.js";
import { findInSpace } from "./findInSpace.js";
import { type AccountFindingKind, accountKinds, askedOfAccount, doingOf, dormantFromMs } from "./findOfAccount.js";
import { SiteScan } from "./SiteScan.js";
import { tellFinding } from "./tellFinding.js";

/** Spaces that one step looks through at most, and rows of theirs; accounts that it looks at. */
const spacesAtOnce = 64;
const rowsAtOnce = 2_048;
const accountsAtOnce = 4_096;

/** Findings that one step puts into words: each may name hundreds of grants. */
const toldAtOnce = 16;

const changedMeanwhile = unknowable(
  "what changed while the site was looked through",
  "The access index is being read: ask again.",
  "ReadIncomplete",
);

export interface FindingPage {
  readonly findings: readonly Finding[];
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  readonly totalCount: number;
}

/**
 * Everything that was found on a site: two numbers a finding, in the order of the lists. What each says is told when it is
 * asked for, from the index, which must be as it was.
 */
export class FindingList {
  /** Which change of the index it was made after; 0 where it changed meanwhile. */
  readonly generation: number;
  /** From when on another would be found dormant. */
  readonly holdsUntilMs: number;
  readonly #scan: SiteScan;
  readonly #pairs: ReadonlyMap<FindingKind, Uint32Array>;
  readonly #gaps: GapsByNeed;
  readonly #asOfMs: number;
  readonly #assumptions: Trust["assumptions"];

  private constructor(
    scan: SiteScan,
    pairs: ReadonlyMap<FindingKind, Uint32Array>,
    {
      gaps,
      generation,
      holdsUntilMs,
    }: Pick<FindingList, "generation" | "holdsUntilMs"> & { readonly gaps: GapsByNeed },
  ) {
    const { tables } = scan.view;
    this.generation = generation;
    this.holdsUntilMs = holdsUntilMs;
    this.#scan = scan;
    this.#pairs = pairs;
    this.#gaps = gaps;
    this.#asOfMs = tables.oldestMs;
    this.#assumptions = mergeAssumptions(...assumptionLists(scan));
  }

  /**
   * Looks through the site in steps of some milliseconds. Where the index changes meanwhile the answer is `null`; or, for who
   * takes that as well, what was found all the same, with a gap.
   */
  static *finding(index: AccessIndex, nowMs: number, mayChange = false): Steps<FindingList | null> {
    const { generation } = index;
    const scan = new SiteScan(index.view());
    const lists = new Map<FindingKind, number[]>(kindsInOrder.map((kind) => [kind, []]));
    const spaceGaps = new SpaceGaps(scan.view);
    const until = { ms: Number.POSITIVE_INFINITY };
    for (const each of [throughSpaces(scan, lists, spaceGaps), throughAccounts(scan, lists, nowMs, until)]) {
      yield;
      if (index.generation !== generation && !mayChange) return null;
      for (const _ of each) {
        yield;
        if (index.generation !== generation && !mayChange) return null;
      }
    }
    const pairs = new Map<FindingKind, Uint32Array>();
    for (const [kind, list] of lists) {
      pairs.set(kind, new Uint32Array(list));
      yield;
    }
    const hasChanged = index.generation !== generation;
    if (hasChanged && !mayChange) return null;
    const siteGaps = findSiteGaps(scan.view);
    const ofSpaces = spaceGaps.tell();
    const spaces = hasChanged ? mergeGaps(ofSpaces.spaces, [changedMeanwhile]) : ofSpaces.spaces;
    const roles = mergeGaps(siteGaps.roles, ofSpaces.roles);
    const gaps = { ...siteGaps, ...findPeopleGaps(scan.view), ...ofSpaces, roles, spaces };
    return new FindingList(scan, pairs, { gaps, generation: hasChanged ? 0 : generation, holdsUntilMs: until.ms });
  }

  count(kinds: readonly FindingKind[]): number {
    return kinds.reduce((sum, kind) => sum + (this.#pairs.get(kind)?.length ?? 0) / 2, 0);
  }

  trust(kinds: readonly FindingKind[]): Trust {
    return this.#scan.view.tables.aged({
      ...{ gaps: this.gaps(kinds), asOfMs: this.#asOfMs, assumptions: this.#assumptions },
    });
  }

  gaps(kinds: readonly FindingKind[]): readonly Gap[] {
    return gapsFor(kinds, this.#gaps);
  }

  /** The findings of some kinds behind a key, which need not stand any more; told in steps of some milliseconds. */
  *page(kinds: readonly FindingKind[], first: number, after: string | null): Steps<FindingPage> {
    const findings: Finding[] = [];
    const afterParts = after === null ? null : readKey(after);
    let isBehind = after === null;
    let hasNextPage = false;
    let hasPreviousPage = false;
    for (const kind of kindsInOrder) {
      if (!kinds.includes(kind)) continue;
      const pairs = this.#pairs.get(kind) ?? new Uint32Array(0);
      let place = 0;
      if (!isBehind && afterParts !== null) {
        const order = kindsInOrder.indexOf(kind) - kindsInOrder.indexOf(afterParts.kind);
        if (order < 0) place = pairs.length / 2;
        else if (order === 0) place = this.#placeAfter(pairs, kind, afterParts.subject);
        if (place > 0) hasPreviousPage = true;
        isBehind = order >= 0;
      }
      for (; place < pairs.length / 2; place += 1) {
        if (findings.length === first) {
          hasNextPage = true;
          break;
        }
        const [one = 0, other = 0] = pairs.subarray(place * 2, place * 2 + 2);
        findings.push(tellFinding(this.#scan, kind, one, other, writeKey(kind, this.#subjectOf(kind, one, other))));
        if (findings.length % toldAtOnce === 0) yield;
      }
    }
    return { findings, hasNextPage, hasPreviousPage, totalCount: this.count(kinds) };
  }

  /** How many of a kind stand before or at a subject. */
  #placeAfter(pairs: Uint32Array, kind: FindingKind, subject: string): number {
    let low = 0;
    let high = pairs.length / 2;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const at = this.#subjectOf(kind, pairs[middle * 2] ?? 0, pairs[middle * 2 + 1] ?? 0);
      if (compareText(at, subject) <= 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #subjectOf(kind: FindingKind, space: number, holder: number): string {
    const { holders, spaces } = this.#scan.view.tables;
    const principal = holder === 0 ? "" : principalKey(holders.principalOf(holder));
    return isOfAccount(kind) ? principal : `${spaces.ids.idOf(space) ?? ""}\u0000${principal}`;
  }
}

export function isOfAccount(kind: FindingKind): kind is AccountFindingKind {
  return kind in accountKinds;
}

function writeKey(kind: FindingKind, subject: string): string {
  return `${kind}\u0000${subject}`;
}

function readKey(key: string): { readonly kind: FindingKind; readonly subject: string } {
  const [name = "", ...subject] = key.split("\u0000");
  return { kind: kindsInOrder.find((kind) => kind === name) ?? "ANONYMOUS_WRITE", subject: subject.join("\u0000") };
}

function* throughSpaces(scan: SiteScan, lists: ReadonlyMap<FindingKind, number[]>, gaps: SpaceGaps): Steps {
  const { spaces } = scan.view.tables;
  const order = spaces.ids.order.slice(0, spaces.ids.size - 1);
  let found: { readonly kind: FindingKind; readonly holder: number }[] = [];
  let rows = 0;
  for (const [place, space] of order.entries()) {
    if (place % spacesAtOnce === spacesAtOnce - 1 || rows > rowsAtOnce) {
      rows = 0;
      yield;
    }
    if (!gaps.isInUse(space)) continue;
    rows += spaces.holdings.lengthOf(space) / 2;
    findInSpace(scan, space, {
      add: (kind, holder) => found.push({ kind, holder }),
      doubtAdministrator: () => gaps.doubtAdministrator(space),
      doubtRoles: (set) => gaps.doubtRoles(set),
    });
    if (found.length > 1) found.sort((left, right) => compareHolders(scan, left.holder, right.holder));
    for (const { kind, holder } of found) lists.get(kind)?.push(space, holder);
    if (found.length > 0) found = [];
  }
}

function* throughAccounts(
  scan: SiteScan,
  lists: ReadonlyMap<FindingKind, number[]>,
  nowMs: number,
  until: { ms: number },
): Steps {
  const { accounts } = scan.view.tables;
  const order = accounts.ids.order.slice(0, accounts.ids.size - 1);
  let spent = 0;
  for (const account of order) {
    spent += 1;
    const asked = askedOfAccount(scan, account, nowMs);
    until.ms = Math.min(until.ms, dormantFromMs(scan, account, nowMs));
    if (asked.length > 0) {
      spent += accountsAtOnce / 16;
      const doing = doingOf(scan, account);
      for (const kind of asked)
        if (doing[accountKinds[kind]].some((word) => word !== 0)) lists.get(kind)?.push(0, account);
    }
    if (spent < accountsAtOnce) continue;
    spent = 0;
    yield;
  }
}

/** Accounts, then classes, then groups, each by id: the order of their keys. */
function compareHolders(scan: SiteScan, left: number, right: number): number {
  const { accounts, groups, holders } = scan.view.tables;
  const sort = (code: number) => (code >= firstClass ? 1 : code >= firstGroup ? 2 : 0);
  if (sort(left) !== sort(right)) return sort(left) - sort(right);
  if (left < firstGroup) return (accounts.ids.ranks[left] ?? 0) - (accounts.ids.ranks[right] ?? 0);
  if (left < firstClass)
    return (groups.ids.ranks[left - firstGroup] ?? 0) - (groups.ids.ranks[right - firstGroup] ?? 0);
  return compareText(principalKey(holders.principalOf(left)), principalKey(holders.principalOf(right)));
}

function assumptionLists({ view }: SiteScan): Trust["assumptions"][] {
  const { groups, spaces } = view.tables;
  const lists = new Set<Trust["assumptions"]>();
  for (let group = 1; group < groups.ids.size; group += 1) lists.add(groups.assumptionsOf(group));
  for (let space = 1; space < spaces.ids.size; space += 1) lists.add(spaces.assumptionsOf(space));
  return [...lists];
}
