import type { Assumption, Gap } from "../../../domain/Complete.js";
import type { SpaceGrant } from "../../../domain/Grant.js";
import type { AccountId, SpaceId, SpaceKey } from "../../../domain/ids.js";
import type { Principal } from "../../../domain/Principal.js";
import type { SpaceKind, SpaceStatus } from "../../../domain/Space.js";
import { ChangedParts } from "../copies/ChangedParts.js";
import { type GrantPart, ListState, notReadYet, type SpacePart, type SpaceSortKey } from "../parts.js";
import { Bitmap } from "./Bitmap.js";
import { type GrantId, GrantIds } from "./GrantIds.js";
import type { Holders } from "./Holders.js";
import { Interner, type Order } from "./Interner.js";
import { NameOrder } from "./NameOrder.js";
import type { OperationSets } from "./OperationSets.js";
import { placeIn, RowPool } from "./RowPool.js";
import { SpaceHoldings } from "./SpaceHoldings.js";
import type { Steps } from "./slices.js";

/** Grants that one step looks at at most. */
const grantsAtOnce = 2_048;
/** More grants than a space can have; a holder's number and a grant's place are sorted as one number. */
const placeScale = 2 ** 21;

interface Description {
  readonly key: SpaceKey | null;
  readonly name: string | null;
  readonly kind: SpaceKind;
  readonly ownerId: AccountId | null;
  readonly gaps: readonly Gap[];
}

interface Reading {
  readonly gaps: readonly Gap[];
  readonly asOfMs: number;
  readonly assumptions: readonly Assumption[];
}

/** The spaces, and what each grants: a row a principal, with a combination of operations and roles. */
export class SpaceTable {
  readonly ids = new Interner<SpaceId>();
  readonly list = new ListState("the list of spaces");
  /** Current and archived ones; where neither of these two, the status is not known. */
  readonly inUse = new Bitmap();
  readonly archived = new Bitmap();
  readonly trashed = new Bitmap();
  readonly described = new Bitmap();
  /** Spaces of whose grants anything was read. */
  readonly granting = new Bitmap();
  /** Spaces whose grants were read to the end. */
  readonly whole = new Bitmap();
  readonly holdings = new SpaceHoldings();
  readonly grantIds = new GrantIds();
  readonly #packed = new RowPool<Uint8Array>(6, (length): Uint8Array => new Uint8Array(length));
  readonly #descriptions: (Description | undefined)[] = [];
  readonly #readings: (Reading | undefined)[] = [];
  /** By space, the holders whose rows there may have gone with them, and why. */
  readonly #doubtedRows = new Map<number, Map<number, Gap>>();
  readonly #byName = new NameOrder(this.ids, (space) => this.nameOf(space));
  readonly #byKey = new NameOrder(this.ids, (space) => this.keyOf(space));
  readonly #sets: OperationSets;
  readonly #holders: Holders;
  readonly #touch: () => void;
  readonly #changed: ChangedParts;

  constructor(sets: OperationSets, holders: Holders, touch: () => void, changed = new ChangedParts(false)) {
    this.#changed = changed;
    this.#sets = sets;
    this.#holders = holders;
    this.#touch = touch;
  }

  describe({ spaceId, key, name, kind, status, ownerId = null, gaps }: SpacePart): void {
    const space = this.ids.intern(spaceId);
    if (!this.#isDescribedSo(space, { key, name, kind, ownerId, gaps }, status))
      this.#changed.noteRow("spaces", spaceId);
    this.#rename(space, { key, name });
    this.#descriptions[space] = { key, name, kind, ownerId, gaps };
    this.described.add(space);
    this.inUse.put(space, status === "CURRENT" || status === "ARCHIVED");
    this.archived.put(space, status === "ARCHIVED");
    this.trashed.put(space, status === "TRASHED");
    this.#touch();
  }

  /** Takes away a space that is gone, with all that it grants. */
  forget(space: number): void {
    if (space === 0) return;
    const spaceId = this.ids.idOf(space) ?? "";
    this.#changed.noteRow("spaces", spaceId);
    this.#changed.note(`space:${spaceId}`);
    this.#rename(space, { key: null, name: null });
    this.#descriptions[space] = undefined;
    this.#readings[space] = undefined;
    this.#doubtedRows.delete(space);
    for (const set of [this.described, this.inUse, this.archived, this.trashed, this.granting, this.whole])
      set.delete(space);
    this.holdings.replace(space, new Uint32Array(0));
    this.#packed.replace(space, new Uint8Array(0));
    this.#touch();
  }

  *replaceGrants(spaceId: SpaceId, reading: GrantPart): Steps {
    const space = this.ids.intern(spaceId);
    const { items } = reading;
    const order = new Float64Array(items.length);
    const operations = new Int32Array(items.length);
    for (let index = 0; index < items.length; index += 1) {
      const grant = items[index] as SpaceGrant;
      order[index] = this.#holders.codeOf(grant.principal) * placeScale + index;
      operations[index] =
        grant.kind === "role" ? this.#sets.internRole(grant.roleId) : this.#sets.internOperation(grant.operation);
      if (index % grantsAtOnce === grantsAtOnce - 1) yield;
    }
    order.sort();
    if (items.length >= grantsAtOnce) yield;
    const pairs = this.#pack(items, order, operations);
    const packed = this.grantIds.finish().slice();
    if (items.length >= grantsAtOnce) yield;
    // From here on in one step: who-can reads spaces and what-can reads holders, and they have to agree.
    this.holdings.replace(space, pairs);
    this.#packed.replace(space, packed);
    this.#readings[space] = { gaps: reading.gaps, asOfMs: reading.asOfMs, assumptions: reading.assumptions };
    this.#doubtedRows.delete(space);
    this.granting.add(space);
    this.whole.put(space, reading.gaps.length === 0);
    this.#changed.note(`space:${spaceId}`);
    this.#touch();
  }

  #rename(space: number, { key, name }: Pick<Description, "key" | "name">): void {
    if (this.nameOf(space) !== name) this.#byName.touch(space);
    if (this.keyOf(space) !== key) this.#byKey.touch(space);
  }

  orderBy(key: SpaceSortKey): Order {
    if (key === "ID") return this.ids;
    return key === "NAME" ? this.#byName : this.#byKey;
  }

  *ordering(key: string): Steps {
    if (key === "NAME") yield* this.#byName.settling();
    if (key === "KEY") yield* this.#byKey.settling();
  }

  statusOf(space: number): SpaceStatus {
    if (this.trashed.has(space)) return "TRASHED";
    if (this.archived.has(space)) return "ARCHIVED";
    return this.inUse.has(space) ? "CURRENT" : "UNKNOWN";
  }

  kindOf(space: number): SpaceKind {
    return this.#descriptions[space]?.kind ?? "UNKNOWN";
  }

  keyOf(space: number): SpaceKey | null {
    return this.#descriptions[space]?.key ?? null;
  }

  /** Whose personal space it is, where anybody tells. */
  ownerOf(space: number): AccountId | null {
    return this.#descriptions[space]?.ownerId ?? null;
  }

  nameOf(space: number): string | null {
    return this.#descriptions[space]?.name ?? null;
  }

  /** Why its status is not known, where reading it failed or is still to come. */
  gapsOf(space: number): readonly Gap[] {
    const known = this.#descriptions[space];
    if (known !== undefined) return known.gaps;
    return [notReadYet(`space ${this.ids.idOf(space) ?? ""}`)];
  }

  grantGapsOf(space: number): readonly Gap[] {
    if (this.whole.has(space)) return [];
    return this.#readings[space]?.gaps ?? [notReadYet(`what space ${this.ids.idOf(space) ?? ""} grants`)];
  }

  /** What a holder is granted there may have gone with it, until the space is read again. Whoever it is can do nothing by it. */
  doubtRow(space: number, holder: number, gap: Gap): void {
    const known = this.#doubtedRows.get(space) ?? new Map<number, Gap>();
    this.#doubtedRows.set(space, known.set(holder, gap));
    this.#changed.note(`space:${this.ids.idOf(space)}`);
    this.#touch();
  }

  /** The principals whose rows there may have gone with them, and why. */
  doubtedRowsOf(space: number): [Principal, Gap][] {
    return [...(this.#doubtedRows.get(space) ?? [])].map(([holder, gap]) => [this.#holders.principalOf(holder), gap]);
  }

  /** Puts back which rows were in doubt elsewhere. */
  restoreDoubts(space: number, rows: readonly (readonly [Principal, Gap])[]): void {
    this.#doubtedRows.delete(space);
    for (const [principal, gap] of rows) this.doubtRow(space, this.#holders.codeOf(principal), gap);
  }

  #isDescribedSo(space: number, { key, name, kind, ownerId, gaps }: Description, status: SpaceStatus): boolean {
    const known = this.#descriptions[space];
    if (known === undefined || this.statusOf(space) !== status || known.gaps.length + gaps.length > 0) return false;
    return known.key === key && known.name === name && known.kind === kind && known.ownerId === ownerId;
  }

  /** Why the rows that are known may not be those that are stored: of one holder or of any. */
  rowGapsOf(space: number, holder?: number): readonly Gap[] {
    const doubted = this.#doubtedRows.get(space);
    if (doubted === undefined) return [];
    const gap = holder === undefined ? undefined : doubted.get(holder);
    return holder === undefined ? [...doubted.values()] : gap === undefined ? [] : [gap];
  }

  assumptionsOf(space: number): readonly Assumption[] {
    return this.#readings[space]?.assumptions ?? [];
  }

  asOfMsOf(space: number): number {
    return this.#readings[space]?.asOfMs ?? Number.POSITIVE_INFINITY;
  }

  get oldestMs(): number {
    return this.#readings.reduce((oldest, reading) => Math.min(oldest, reading?.asOfMs ?? oldest), this.list.asOfMs);
  }

  /** Everything that the space grants, or grants one holder, in the order of its rows; equal rows each for itself. */
  grantsOf(space: number, onlyTo?: number): SpaceGrant[] {
    const rows = this.holdings.rowsOf(space);
    const packed = this.#packedOf(space);
    const at = onlyTo === undefined ? 0 : placeIn(rows, 0, rows.length, 2, onlyTo);
    if (onlyTo !== undefined && rows[at] !== onlyTo) return [];
    return [...this.#unpack(rows, this.grantIds.read(packed, onlyTo === undefined ? undefined : at / 2), at)].flat();
  }

  /** The same, holder by holder, all as they are now: what changes before the next is taken does not count. */
  grantsByHolder(space: number): Iterable<SpaceGrant[]> {
    return this.#unpack(this.holdings.rowsOf(space).slice(), this.grantIds.read(this.#packedOf(space).slice()), 0);
  }

  #packedOf(space: number): Uint8Array {
    const start = this.#packed.startOf(space);
    return this.#packed.dataOf(space).subarray(start, start + this.#packed.lengthOf(space));
  }

  *#unpack(rows: Uint32Array, idsOfRows: Iterable<readonly GrantId[]>, first: number): Generator<SpaceGrant[]> {
    let at = first;
    for (const ids of idsOfRows) {
      const grants: SpaceGrant[] = [];
      const holder = rows[at] ?? 0;
      const set = rows[at + 1] ?? 0;
      at += 2;
      const principal = this.#holders.principalOf(holder);
      const add = (number: number, permissionId: string) => {
        const operation = this.#sets.operations[number];
        if (operation !== undefined) grants.push({ kind: "permission", permissionId, principal, operation });
      };
      const told = new Set(ids.map(({ operation }) => operation));
      for (const number of this.#sets.granularOf(set)) {
        const operation = this.#sets.operations[number];
        if (!told.has(number) && operation !== undefined)
          add(number, this.#holders.permissionIdOf(principal, operation));
      }
      for (const { operation, permissionId } of ids) add(operation, permissionId);
      for (const roleId of this.#sets.rolesOf(set)) grants.push({ kind: "role", principal, roleId });
      yield grants;
    }
  }

  *compact(): Steps {
    yield* this.holdings.compact();
    yield* this.#packed.compact();
  }

  get bytes(): number {
    const bits = [this.inUse, this.archived, this.trashed, this.described, this.granting, this.whole];
    let own = bits.reduce((sum, set) => sum + set.bytes, 0) + this.#readings.length * 72;
    own += this.#byName.bytes + this.#byKey.bytes;
    for (const each of this.#descriptions)
      own += each === undefined ? 8 : 96 + (each.name?.length ?? 0) + (each.key?.length ?? 0);
    return this.ids.bytes + own + this.holdings.bytes + this.#packed.bytes + this.grantIds.bytes;
  }

  /** One pair of holder and combination for each principal, ascending; the ids of its granular rows go to `grantIds`. */
  #pack(items: readonly SpaceGrant[], order: Float64Array, operations: Int32Array): Uint32Array {
    const pairs: number[] = [];
    const mask = new Uint32Array(this.#sets.stride);
    this.grantIds.begin();
    for (let from = 0, to = 0; from < order.length; from = to) {
      const holder = Math.floor((order[from] ?? 0) / placeScale);
      while (to < order.length && (order[to] ?? 0) < (holder + 1) * placeScale) to += 1;
      const roles: number[] = [];
      const told: { operation: number; permissionId: string }[] = [];
      mask.fill(0);
      for (let place = from; place < to; place += 1) {
        const index = (order[place] ?? 0) % placeScale;
        const grant = items[index] as SpaceGrant;
        const operation = operations[index] ?? 0;
        if (grant.kind === "role") {
          if (!roles.includes(operation)) roles.push(operation);
          continue;
        }
        mask[operation >>> 5] = (mask[operation >>> 5] ?? 0) | (1 << (operation & 31));
        if (this.#holders.permissionIdOf(grant.principal, grant.operation) !== grant.permissionId)
          told.push({ operation, permissionId: grant.permissionId });
      }
      roles.sort((left, right) => left - right);
      pairs.push(holder, this.#sets.intern(mask, roles));
      this.grantIds.startRow(told.length);
      for (const { operation, permissionId } of told) this.grantIds.add(operation, permissionId);
    }
    return Uint32Array.from(pairs);
  }
}
