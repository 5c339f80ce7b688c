import type { Complete, Gap } from "../../../domain/Complete.js";
import type { GlobalGrant, SpaceRole } from "../../../domain/Grant.js";
import type { GroupId, SpaceId } from "../../../domain/ids.js";
import type { PermissionModel } from "../../../domain/Site.js";
import type { GroupPart, ListState, SpacePart } from "../parts.js";
import type { SiteTables } from "../SiteTables.js";
import type { StoredGroup } from "../store/GroupTable.js";
import type { Interner } from "../store/Interner.js";
import { atOnce, type Steps } from "../store/slices.js";
import { type AccountRow, copyAccount, takeAccount } from "./accountCopies.js";
import { bucketOf, type ChangedParts, type PartName, type Rows } from "./ChangedParts.js";
import { copyReading, ownMs, type ReadingCopy, readingOf, type ToOwn } from "./readings.js";
import { copyingSpaceGrants, copySpace, type SpaceGrantsCopy, takeSpaceGrants } from "./spaceCopies.js";

type ListCopy<T> = ReadingCopy & { readonly items: readonly T[] };

interface SiteCopy {
  readonly model: PermissionModel;
  readonly modelGaps: readonly Gap[];
  readonly roles: ListCopy<SpaceRole>;
  readonly adminGroups: ListCopy<GroupId>;
  readonly globals: ListCopy<GlobalGrant> | null;
  readonly hiddenGaps: readonly Gap[];
  readonly lists: Readonly<Record<Rows, ReadingCopy & { readonly told: readonly Gap[] }>>;
}

type GroupCopy = Omit<StoredGroup, "reading"> & { readonly reading: ReadingCopy | null };

/** A part of an index as plain data: what stands in it, how far it was read, and when. */
export type PartCopy =
  | { readonly of: "site"; readonly site: SiteCopy }
  | { readonly of: "accounts"; readonly bucket: number; readonly rows: readonly AccountRow[] }
  | { readonly of: "groups"; readonly bucket: number; readonly rows: readonly GroupPart[] }
  | { readonly of: "spaces"; readonly bucket: number; readonly rows: readonly SpacePart[] }
  | { readonly of: "group"; readonly id: GroupId; readonly group: GroupCopy }
  | { readonly of: "space"; readonly id: SpaceId; readonly grants: SpaceGrantsCopy };

/** Rows that one step copies or takes over at most. */
const rowsAStep = 250;
/** Ids that one step puts into their buckets, or parts that it notes. */
const idsAStep = 4_096;

/**
 * The parts of an index as they stand, for an index of the same site elsewhere that takes them over. A copy tells the whole of its
 * part, so that whoever takes the last one has what all before told.
 */
export class PartCopies {
  readonly #tables: SiteTables;
  readonly #buckets = new Map<Rows, Buckets>();

  constructor(tables: SiteTables) {
    this.#tables = tables;
  }

  /** What was changed since it was last copied. */
  get changed(): ChangedParts {
    return this.#tables.changed;
  }

  /** Every part of which anything was read. */
  *names(): Generator<PartName> {
    const { groups, spaces } = this.#tables;
    yield "site";
    for (const rows of ["accounts", "groups", "spaces"] as const) {
      const buckets = this.#bucketsOf(rows);
      atOnce(buckets.catchingUp());
      for (const bucket of buckets.filled()) yield `${rows}:${bucket}`;
    }
    for (let group = 1; group < groups.ids.size; group += 1)
      if (groups.isRead(group)) yield `group:${groups.ids.idOf(group)}`;
    for (let space = 1; space < spaces.ids.size; space += 1)
      if (spaces.granting.has(space)) yield `space:${spaces.ids.idOf(space)}`;
  }

  /** All of them count as changed, in steps. */
  *notingAll(): Steps {
    for (const rows of ["accounts", "groups", "spaces"] as const) yield* this.#bucketsOf(rows).catchingUp();
    let noted = 0;
    for (const name of this.names()) {
      this.changed.note(name);
      noted += 1;
      if (noted % idsAStep === 0) yield;
    }
  }

  copy(name: PartName): PartCopy {
    return atOnce(this.copying(name));
  }

  /** The same in steps. Of a group or a space it tells what is there at the first of them; rows of a list are told one by one. */
  *copying(name: PartName): Steps<PartCopy> {
    const tables = this.#tables;
    const { groups, spaces } = tables;
    const [of, id] = split(name);
    const bucket = Number(id);
    switch (of) {
      case "site":
        return { of, site: this.#copySite() };
      case "accounts":
        return { of, bucket, rows: yield* this.#copyingAccounts(bucket) };
      case "groups": {
        const described = (yield* this.#rowsOf(of, bucket)).filter((group) => groups.isDescribed(group));
        return {
          of,
          bucket,
          rows: described.map((group) => ({ groupId: groups.ids.idOf(group) as GroupId, name: groups.nameOf(group) })),
        };
      }
      case "spaces": {
        const described = (yield* this.#rowsOf(of, bucket)).filter((space) => spaces.described.has(space));
        return { of, bucket, rows: described.map((space) => copySpace(tables, space)) };
      }
      case "group": {
        const { reading, ...stored } = yield* groups.storing(groups.ids.find(id as GroupId));
        return {
          of,
          id: id as GroupId,
          group: { ...stored, reading: reading === null ? null : copyReading(reading) },
        };
      }
      case "space":
        return { of, id: id as SpaceId, grants: yield* copyingSpaceGrants(tables, id as SpaceId) };
    }
  }

  /** Takes a part over, where it is not known better here: what was read later, or at all while there it is in doubt. */
  *taking(copy: PartCopy, toOwn: ToOwn): Steps {
    const { changed } = this.#tables;
    const name = nameOf(copy);
    const wasChanged = changed.has(name);
    const isTaken = yield* this.#take(copy, toOwn);
    // What is known better here is still to be copied.
    if (isTaken || !wasChanged) changed.drop(name);
    this.#tables.touch();
  }

  /** Answers whether all of it was taken. */
  *#take(copy: PartCopy, toOwn: ToOwn): Steps<boolean> {
    const tables = this.#tables;
    const { groups, spaces } = tables;
    switch (copy.of) {
      case "site":
        this.#takeSite(copy.site, toOwn);
        return true;
      case "accounts": {
        let left = 0;
        for (const [at, row] of copy.rows.entries()) {
          if (!takeAccount(tables, row, toOwn)) left += 1;
          if (at % rowsAStep === rowsAStep - 1) yield;
        }
        return left === 0;
      }
      case "groups":
        for (const row of copy.rows) groups.restoreName(row);
        return true;
      case "spaces":
        yield* this.#takeSpaces(copy.bucket, copy.rows);
        return true;
      case "group": {
        const { reading, ...stored } = copy.group;
        const group = groups.ids.find(copy.id);
        const known = { asOfMs: groups.asOfMsOf(group), isWhole: groups.whole.has(group) };
        // Without a reading it was gone and is listed again: it is to be read anew.
        if (reading !== null && !isBetter(reading, known, toOwn)) return false;
        yield* groups.restore(copy.id, { ...stored, reading: reading === null ? null : readingOf(reading, toOwn) });
        return true;
      }
      case "space": {
        const space = spaces.ids.find(copy.id);
        const known = { asOfMs: spaces.asOfMsOf(space), isWhole: spaces.whole.has(space) };
        if (!isBetter(copy.grants.reading, known, toOwn)) return false;
        yield* takeSpaceGrants(tables, copy.id, copy.grants, toOwn);
        return true;
      }
    }
  }

  #copySite(): SiteCopy {
    const { accounts, adminGroups, globals, groups, roles, spaces } = this.#tables;
    const list = ({ told, ...state }: ListState) => ({ told, ...copyReading(state) });
    const whole = <T>(list: Complete<T>) => ({ items: list.items, ...copyReading(list) });
    return {
      model: roles.model,
      modelGaps: roles.gaps,
      roles: whole(roles.roles),
      adminGroups: whole(adminGroups),
      globals: globals === null ? null : whole(globals),
      hiddenGaps: groups.hiddenGaps,
      lists: { accounts: list(accounts.list), groups: list(groups.list), spaces: list(spaces.list) },
    };
  }

  #takeSite({ model, modelGaps, roles, adminGroups, globals, hiddenGaps, lists }: SiteCopy, toOwn: ToOwn): void {
    const tables = this.#tables;
    const whole = <T>({ items, ...reading }: ListCopy<T>): Complete<T> => ({ items, ...readingOf(reading, toOwn) });
    tables.roles = { model, roles: whole(roles), gaps: modelGaps };
    tables.sets.describeRoles(model, roles.items);
    tables.adminGroups = whole(adminGroups);
    for (const groupId of adminGroups.items) tables.groups.intern(groupId);
    tables.globals = globals === null ? null : whole(globals);
    for (const { principal } of globals?.items ?? []) tables.holders.codeOf(principal);
    tables.groups.doubtHidden(hiddenGaps);
    for (const rows of ["accounts", "groups", "spaces"] as const) {
      const { told, gaps, asOf, assumptions } = lists[rows];
      tables[rows].list.restore(told, { gaps, asOfMs: ownMs(asOf, toOwn), assumptions });
    }
    tables.groups.nesting.forget();
  }

  /** Of one bucket: what is here of it and not there was taken from the list. */
  *#takeSpaces(bucket: number, rows: readonly SpacePart[]): Steps {
    const { spaces } = this.#tables;
    for (const row of rows) spaces.describe(row);
    const listed = new Set(rows.map(({ spaceId }) => spaceId));
    for (const space of yield* this.#rowsOf("spaces", bucket))
      if (spaces.described.has(space) && !listed.has(spaces.ids.idOf(space) as SpaceId)) spaces.forget(space);
  }

  *#copyingAccounts(bucket: number): Steps<AccountRow[]> {
    const rows: AccountRow[] = [];
    for (const account of yield* this.#rowsOf("accounts", bucket)) {
      rows.push(copyAccount(this.#tables, account));
      if (rows.length % rowsAStep === 0) yield;
    }
    return rows;
  }

  *#rowsOf(rows: Rows, bucket: number): Steps<readonly number[]> {
    const buckets = this.#bucketsOf(rows);
    yield* buckets.catchingUp();
    return buckets.rowsOf(bucket);
  }

  #bucketsOf(rows: Rows): Buckets {
    const known = this.#buckets.get(rows) ?? new Buckets(rows, this.#tables[rows].ids);
    this.#buckets.set(rows, known);
    return known;
  }
}

/** Which numbers stand in which bucket; caught up with when it is asked for. */
class Buckets {
  readonly #rows: Rows;
  readonly #ids: Interner<string>;
  readonly #numbers: number[][] = [];
  #seen = 1;

  constructor(rows: Rows, ids: Interner<string>) {
    this.#rows = rows;
    this.#ids = ids;
  }

  /** Those that were caught up with. */
  rowsOf(bucket: number): readonly number[] {
    return this.#numbers[bucket] ?? [];
  }

  filled(): number[] {
    return [...this.#numbers.keys()].filter((bucket) => this.#numbers[bucket] !== undefined);
  }

  *catchingUp(): Steps {
    for (; this.#seen < this.#ids.size; this.#seen += 1) {
      if (this.#seen % idsAStep === 0) yield;
      if (this.#seen >= this.#ids.size) return;
      const bucket = bucketOf(this.#rows, this.#ids.idOf(this.#seen) ?? "");
      const numbers = this.#numbers[bucket] ?? [];
      this.#numbers[bucket] = numbers;
      numbers.push(this.#seen);
    }
  }
}

/** Whether a reading from elsewhere is to take the place of what is known here. What is in doubt there is known no better. */
function isBetter(
  reading: ReadingCopy | null,
  known: { readonly asOfMs: number; readonly isWhole: boolean },
  toOwn: ToOwn,
): boolean {
  if (!known.isWhole) return true;
  return reading !== null && reading.asOf !== null && toOwn(reading.asOf) >= known.asOfMs;
}

function split(name: PartName): [PartCopy["of"], string] {
  const at = name.indexOf(":");
  return at < 0 ? [name as "site", ""] : [name.slice(0, at) as PartCopy["of"], name.slice(at + 1)];
}

function nameOf(copy: PartCopy): PartName {
  switch (copy.of) {
    case "site":
      return copy.of;
    case "group":
    case "space":
      return `${copy.of}:${copy.id}`;
    default:
      return `${copy.of}:${copy.bucket}`;
  }
}
