import { firstClass, firstGroup } from "../index/store/Holders.js";
import { placeIn } from "../index/store/RowPool.js";
import type { FindingKind } from "./Finding.js";
import { isWithin, overlap, perhaps, type SetFacts, type SiteScan, surely } from "./SiteScan.js";

/** Takes what is found in a space: about a holder of grants there, or, with 0, about the space alone. */
export interface Found {
  add(kind: FindingKind, holder: number): void;
  /** Of a space: nobody knows whether somebody administers it. */
  doubtAdministrator(): void;
  /** A combination with roles of which nobody knows what they give was met. */
  doubtRoles(set: number): void;
}

/** Classes that stand for anybody who comes along; of others nobody knows how many they are. */
const broadClasses: ReadonlySet<string> = new Set([
  "anonymous-users",
  "authenticated-users",
  "all-licensed-users",
  "unlicensed",
]);

/** Everything that is to be found in one space that is surely in use: row by row, a row a holder of grants. */
export function findInSpace(scan: SiteScan, space: number, found: Found): void {
  const { spaces, accounts, sets } = scan.view.tables;
  const rows = spaces.holdings.rowsOf(space);
  const readers = new Readers(scan, space);
  // A row of a space that was not read whole may hold more than is known: what is said of a row as a whole waits.
  const isWhole = spaces.whole.has(space);
  const isAnyDoubted = spaces.rowGapsOf(space).length > 0;
  for (let at = 0; at < rows.length; at += 2) {
    const holder = rows[at] ?? 0;
    const set = rows[at + 1] ?? 0;
    // It may have gone with its holder.
    if (isAnyDoubted && spaces.rowGapsOf(space, holder).length > 0) continue;
    const facts = scan.factsOf(set);
    if (sets.givesAnything(set)) found.doubtRoles(set);
    if (holder >= firstClass) findOfClass(scan, { rows, holder, facts, readers, isWhole }, found);
    else if (holder >= firstGroup) findOfGroup(scan, { rows, holder, facts, readers, isWhole }, found);
    else if (scan.barred.has(holder)) found.add("GRANT_TO_INACTIVE_ACCOUNT", holder);
    else if (isWhole && !scan.hidden.has(holder)) {
      if (redundantIn(scan, rows, holder, facts) !== null) found.add("REDUNDANT_DIRECT_GRANT", holder);
      const isLicensed = scan.view.sets.licensed.possible.has(holder);
      const isRead = isLicensed && (facts.reads > 0 || readers.has(holder));
      if (!isRead || facts.givesNothing) found.add("INEFFECTIVE_GRANT", holder);
    }
  }
  const administered = findAdministrator(scan, space, rows);
  if (administered === "NO") found.add("NO_ACTIVE_ADMINISTRATOR", 0);
  else if (administered === "MAYBE") found.doubtAdministrator();
  const ownerId = spaces.kindOf(space) === "PERSONAL" ? spaces.ownerOf(space) : null;
  const owner = ownerId === null ? 0 : accounts.ids.find(ownerId);
  if (owner !== 0 && rows.length > 0 && scan.barred.has(owner)) found.add("PERSONAL_SPACE_OF_LEAVER", owner);
}

interface Row {
  readonly rows: Uint32Array;
  readonly holder: number;
  readonly facts: SetFacts;
  readonly readers: Readers;
  readonly isWhole: boolean;
}

function findOfClass(scan: SiteScan, { rows, holder, facts, readers, isWhole }: Row, found: Found): void {
  const { accounts, holders } = scan.view.tables;
  const name = holders.classNameOf(holder);
  const use = scan.useOf(holder);
  if (name === "anonymous-users" && use === "YES") {
    if (facts.reads === surely) found.add("ANONYMOUS_ACCESS", holder);
    if (facts.writes === surely && isReadByAnonymous(scan, rows)) found.add("ANONYMOUS_WRITE", holder);
  }
  if (broadClasses.has(name) && use === "YES" && facts.administers === surely)
    found.add("BROAD_ADMINISTRATION", holder);
  if (name === "OTHER" || !isWhole) return;
  const isRead = facts.reads > 0 || accounts.list.gaps.length > 0 || readers.hasOfClass(name);
  if (use === "NO" || facts.givesNothing || !isRead) found.add("INEFFECTIVE_GRANT", holder);
}

function findOfGroup(scan: SiteScan, { holder, facts, readers, isWhole }: Row, found: Found): void {
  const { groups } = scan.view.tables;
  const group = holder - firstGroup;
  if (groups.gone.has(group)) found.add("GRANT_TO_VANISHED_GROUP", holder);
  else if (scan.isEmpty(group)) found.add("GRANT_TO_EMPTY_GROUP", holder);
  else if (isWhole) {
    const mayRead =
      scan.mayHoldLicensed(group) &&
      (facts.reads > 0 || groups.nesting.opennessOf(group) !== "NOBODY" || readers.hasOfGroup(group));
    // Of one without a known member nobody knows which of the two it is.
    const isInhabited = groups.nesting.opennessOf(group) === "NOBODY" || !scan.membersOf(group).isEmpty;
    if ((!mayRead || facts.givesNothing) && isInhabited) found.add("INEFFECTIVE_GRANT", holder);
  }
}

/** Whether an anonymous visitor surely reads the space: without it nothing else that they are granted counts (rule 5). */
function isReadByAnonymous(scan: SiteScan, rows: Uint32Array): boolean {
  const { holders } = scan.view.tables;
  for (let at = rows.length - 2; at >= 0 && (rows[at] ?? 0) >= firstClass; at -= 2)
    if (holders.classNameOf(rows[at] ?? 0) === "anonymous-users" && scan.factsOf(rows[at + 1] ?? 0).reads === surely)
      return true;
  return false;
}

/** Who may read a space, whatever their status: found once a space, and only where a row asks. */
class Readers {
  readonly #scan: SiteScan;
  readonly #space: number;
  #licensed: Uint32Array | undefined;
  #unlicensed: Uint32Array | undefined;

  constructor(scan: SiteScan, space: number) {
    this.#scan = scan;
    this.#space = space;
  }

  /** As one who may have a licence, or as a super user. */
  has(account: number): boolean {
    return ((this.#all()[account >>> 5] ?? 0) & (1 << (account & 31))) !== 0;
  }

  hasOfGroup(group: number): boolean {
    const members = this.#scan.membersOf(group).words;
    const { licensed } = this.#scan.view.sets;
    const readers = this.#all();
    return members.some((word, index) => (word & (readers[index] ?? 0) & (licensed.possible.words[index] ?? 0)) !== 0);
  }

  hasOfClass(name: string): boolean {
    const { allLicensed, administrators, licensed } = this.#scan.view.sets;
    const readers = this.#all();
    if (name === "anonymous-users" && this.#scan.view.tables.isCloud) return this.#isKnown(readers);
    if (name === "unlicensed") return this.#isReadWithoutLicence();
    const { known } = this.#scan.view.sets;
    const reading = readers.map(
      (word, index) => word & (licensed.possible.words[index] ?? 0) & (known.words[index] ?? 0),
    );
    if (name === "all-licensed-users") return overlap(reading, allLicensed.possible.words);
    if (name === "all-product-admins") return overlap(reading, administrators.possible.words);
    return this.#isKnown(reading);
  }

  #isReadWithoutLicence(): boolean {
    const { superusers, unlicensed } = this.#scan.view.sets;
    return this.#isKnown(
      unlicensed.words.map(
        (word, index) => word & ((this.#unlicensed?.[index] ?? 0) | (superusers.possible.words[index] ?? 0)),
      ),
    );
  }

  #isKnown(set: Uint32Array): boolean {
    return overlap(set, this.#scan.view.sets.known.words);
  }

  #all(): Uint32Array {
    if (this.#licensed !== undefined) return this.#licensed;
    const { possible, unlicensed } = this.#scan.heldBy(this.#space, this.#scan.read);
    const { superusers } = this.#scan.view.sets;
    this.#unlicensed = unlicensed;
    this.#licensed = possible.map((word, index) => word | (superusers.possible.words[index] ?? 0));
    return this.#licensed;
  }
}

/** What of an account's own row its groups surely give as well: granular operations, and roles by their place; or nothing. */
export interface Redundant {
  readonly granular: Uint32Array;
  readonly roles: readonly boolean[];
}

/**
 * What an account surely holds a second time through groups, so that taking it away changes nothing. On Cloud taking reading
 * away takes all other single permissions of the account with it: there it only counts where all of them do.
 */
export function redundantIn(scan: SiteScan, rows: Uint32Array, account: number, facts: SetFacts): Redundant | null {
  const given = givenByGroups(scan, rows, account);
  if (given === null || !overlap(given, facts.sure)) return null;
  const { read } = scan;
  const isReadKept = scan.view.tables.isCloud && read >= 0 && !isWithin(facts.granular, given);
  let isAny = false;
  const granular = new Uint32Array(facts.granular.length);
  for (let word = 0; word < granular.length; word += 1) {
    const kept = isReadKept && read >>> 5 === word ? 1 << (read & 31) : 0;
    granular[word] = (facts.granular[word] ?? 0) & (given[word] ?? 0) & ~kept;
    if (granular[word] !== 0) isAny = true;
  }
  if (facts.roles.length === 0) return isAny ? { granular, roles: [] } : null;
  const roles = facts.roles.map((role) => role?.some((word) => word !== 0) === true && isWithin(role, given));
  return isAny || roles.includes(true) ? { granular, roles } : null;
}

/** What the groups of an account surely give in a space, until it is asked again; `null` where none holds anything there. */
function givenByGroups(scan: SiteScan, rows: Uint32Array, account: number): Uint32Array | null {
  const { memberships, nesting } = scan.view.tables.groups;
  const given = scan.scratch;
  let isAny = false;
  const take = (set: number): void => {
    const { sure } = scan.factsOf(set);
    for (let word = 0; word < given.length; word += 1)
      given[word] = (isAny ? (given[word] ?? 0) : 0) | (sure[word] ?? 0);
    isAny = true;
  };
  const own = memberships.groupsOf(account);
  const first = placeIn(rows, 0, rows.length, 2, firstGroup);
  if (nesting.isPossible) {
    const all = new Set<number>();
    for (const group of own) for (const each of nesting.ancestorsOf(group)) all.add(firstGroup + each);
    for (let at = first; at < rows.length; at += 2) if (all.has(rows[at] ?? 0)) take(rows[at + 1] ?? 0);
    return isAny ? given : null;
  }
  // Both are sorted, and walked side by side.
  for (let at = first, mine = 0; at < rows.length && mine < own.length; ) {
    const difference = (rows[at] ?? 0) - firstGroup - (own[mine] ?? 0);
    if (difference === 0) take(rows[at + 1] ?? 0);
    if (difference <= 0) at += 2;
    if (difference >= 0) mine += 1;
  }
  return isAny ? given : null;
}

/** Whether an active person surely administers a space, or may (rules 5 and 12): not by being a super user alone. */
function findAdministrator(scan: SiteScan, space: number, rows: Uint32Array): "YES" | "NO" | "MAYBE" {
  let mayBe = !scan.view.tables.spaces.whole.has(space);
  for (let at = 0; at < rows.length; at += 2) {
    const holder = rows[at] ?? 0;
    const { administers, reads } = scan.factsOf(rows[at + 1] ?? 0);
    if (administers >= perhaps) mayBe = true;
    // Mostly one row proves it.
    if (administers !== surely || reads !== surely || holder >= firstClass) continue;
    if (holder >= firstGroup ? scan.holdsActivePerson(holder - firstGroup) : isActivePerson(scan, holder)) return "YES";
  }
  if (!mayBe) return "NO";
  const { administer, read, people } = scan;
  const held = scan.heldBy(space, administer);
  const reading = scan.heldBy(space, read);
  const { superusers } = scan.view.sets;
  let isPossible = false;
  for (let word = 0; word < people.possible.length; word += 1) {
    const superSure = superusers.sure.words[word] ?? 0;
    const superPossible = superusers.possible.words[word] ?? 0;
    const isSure = (held.sure[word] ?? 0) & ((reading.sure[word] ?? 0) | superSure);
    if ((isSure & (people.sure[word] ?? 0)) !== 0) return "YES";
    const licensed = (held.possible[word] ?? 0) & ((reading.possible[word] ?? 0) | superPossible);
    const unlicensed = (held.unlicensed[word] ?? 0) & ((reading.unlicensed[word] ?? 0) | superPossible);
    if (((licensed | unlicensed) & (people.possible[word] ?? 0)) !== 0) isPossible = true;
  }
  return isPossible ? "MAYBE" : "NO";
}

function isActivePerson(scan: SiteScan, account: number): boolean {
  const isPerson = ((scan.people.sure[account >>> 5] ?? 0) & (1 << (account & 31))) !== 0;
  return isPerson && scan.view.sets.licensed.sure.has(account);
}
