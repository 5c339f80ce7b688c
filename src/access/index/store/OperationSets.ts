import type { SpaceRole } from "../../../domain/Grant.js";
import type { RoleId } from "../../../domain/ids.js";
import type { Operation } from "../../../domain/Operation.js";
import type { PermissionModel } from "../../../domain/Site.js";
import { compareText } from "../../../domain/textOrder.js";

/** Masks whose operations are remembered: a site has some dozens. */
const listsKept = 500;

/**
 * What one principal holds in one space, each combination once: granular operations as a mask of as many words as the known
 * operations take, and roles. Rows name a combination by its number, so what a role gives is changed here and in no row.
 */
export class OperationSets {
  readonly operations: Operation[] = [];
  /** Their numbers in the order that they are told in. */
  #ordered: readonly number[] = [];
  /** By key, then by target. */
  readonly #operationNumbers = new Map<string, Map<string, number>>();
  readonly #roleIds: RoleId[] = [];
  readonly #roleNumbers = new Map<RoleId, number>();
  /** What each role gives, by its number; `undefined` where its definition is not known: it may give anything. */
  #definitions: (readonly number[] | undefined)[] = [];
  #model: PermissionModel = "UNKNOWN";
  /** Words a mask. */
  stride = 1;
  #size = 0;
  #granular = new Uint32Array(64);
  #sure = new Uint32Array(64);
  #doubtful = new Uint32Array(64);
  #givesAnything = new Uint8Array(64);
  #rolesOf = new Uint32Array(64);
  readonly #roleLists: (readonly number[])[] = [[]];
  readonly #roleListNumbers = new Map<string, number>([["", 0]]);
  #table = new Uint32Array(128);
  /** What masks stand for. */
  readonly #listed = new Map<number | string, readonly Operation[]>();
  readonly #flags = new Map<number, { readonly flags: Uint8Array; readonly upTo: number }>();

  constructor() {
    this.intern(new Uint32Array(1), []);
  }

  /** How many combinations there are. Number 0 is to hold nothing. */
  get size(): number {
    return this.#size;
  }

  /** -1 for an operation that nothing names: only who may hold anything may hold it. */
  findOperation({ key, target }: Operation): number {
    return this.#operationNumbers.get(key)?.get(target) ?? -1;
  }

  internOperation(operation: Operation): number {
    const known = this.findOperation(operation);
    if (known >= 0) return known;
    const number = this.operations.length;
    this.operations.push({ key: operation.key, target: operation.target });
    const ofKey = this.#operationNumbers.get(operation.key) ?? new Map<string, number>();
    this.#operationNumbers.set(operation.key, ofKey.set(operation.target, number));
    this.#ordered = [...this.operations.keys()].sort((left, right) => compareOperations(this.operations, left, right));
    if (number >= this.stride * 32) this.#widen();
    return number;
  }

  internRole(roleId: RoleId): number {
    const known = this.#roleNumbers.get(roleId);
    if (known !== undefined) return known;
    this.#roleIds.push(roleId);
    this.#roleNumbers.set(roleId, this.#roleIds.length - 1);
    return this.#roleIds.length - 1;
  }

  /** @param words the mask of granular operations, `stride` words; @param roles numbers of roles, each once, ascending */
  intern(words: Uint32Array, roles: readonly number[]): number {
    const list = this.#internRoleList(roles);
    const mask = this.#table.length - 1;
    for (let slot = this.#hash(words, list) & mask; ; slot = (slot + 1) & mask) {
      const found = this.#table[slot] ?? 0;
      if (found === 0) return this.#append(words, list, slot);
      if (this.#isEqual(found - 1, words, list)) return found - 1;
    }
  }

  /** Takes over what roles give, and whether they count (rule 4). */
  describeRoles(model: PermissionModel, roles: readonly SpaceRole[]): void {
    this.#model = model;
    this.#definitions = [];
    this.#flags.clear();
    for (const { roleId, permissions } of roles)
      this.#definitions[this.internRole(roleId)] = [...new Set(permissions.map((each) => this.internOperation(each)))];
    for (let set = 0; set < this.#size; set += 1) this.#expand(set);
  }

  givesSurely(set: number, operation: number): boolean {
    if (operation < 0) return false;
    return ((this.#sure[set * this.stride + (operation >>> 5)] ?? 0) & (1 << (operation & 31))) !== 0;
  }

  mayGive(set: number, operation: number): boolean {
    if (this.#givesAnything[set] === 1) return true;
    if (operation < 0) return false;
    const at = set * this.stride + (operation >>> 5);
    return (((this.#sure[at] ?? 0) | (this.#doubtful[at] ?? 0)) & (1 << (operation & 31))) !== 0;
  }

  /** Whether it surely gives, or may give, any of some operations. */
  givesAny(set: number, operations: readonly number[], isSure: boolean): boolean {
    return operations.some((each) => (isSure ? this.givesSurely(set, each) : this.mayGive(set, each)));
  }

  givesAnything(set: number): boolean {
    return this.#givesAnything[set] === 1;
  }

  /** By combination: 3 where it surely gives the operation, 2 where it may, 0 where it does not. */
  flagsOf(operation: number): Uint8Array {
    const known = this.#flags.get(operation) ?? { flags: new Uint8Array(0), upTo: 0 };
    if (known.upTo === this.#size) return known.flags;
    let { flags } = known;
    if (flags.length < this.#size) {
      flags = new Uint8Array(this.#size + (this.#size >>> 2));
      flags.set(known.flags);
    }
    for (let set = known.upTo; set < this.#size; set += 1)
      flags[set] = this.givesSurely(set, operation) ? 3 : this.mayGive(set, operation) ? 2 : 0;
    this.#flags.set(operation, { flags, upTo: this.#size });
    return flags;
  }

  /** Adds what the combination surely gives to a mask. */
  addSure(set: number, into: Uint32Array): void {
    const at = set * this.stride;
    for (let word = 0; word < this.stride; word += 1) into[word] = (into[word] ?? 0) | (this.#sure[at + word] ?? 0);
  }

  /** Adds all that the combination may give by name to a mask. */
  addPossible(set: number, into: Uint32Array): void {
    const at = set * this.stride;
    for (let word = 0; word < this.stride; word += 1)
      into[word] = (into[word] ?? 0) | (this.#sure[at + word] ?? 0) | (this.#doubtful[at + word] ?? 0);
  }

  isGranular(set: number, operation: number): boolean {
    if (operation < 0) return false;
    return ((this.#granular[set * this.stride + (operation >>> 5)] ?? 0) & (1 << (operation & 31))) !== 0;
  }

  /** The granular operations of the combination. */
  granularOf(set: number): number[] {
    return this.operations.flatMap((_, operation) => (this.isGranular(set, operation) ? [operation] : []));
  }

  rolesOf(set: number): readonly RoleId[] {
    return this.#rolesIn(set)
      .map((role) => this.#roleIds[role] as RoleId)
      .sort(compareText);
  }

  /** What a role gives, by numbers of operations; `undefined` where that is not known, or where roles do not count. */
  definitionOf(roleId: RoleId): readonly number[] | undefined {
    if (this.#model === "PRE_ROLES" || this.#model === "UNKNOWN") return undefined;
    return this.#definitions[this.#roleNumbers.get(roleId) ?? -1];
  }

  /** How many grants of the combination surely give the operation: the granular one, and each role (rule 8). */
  countGiving(set: number, operation: number): number {
    let count = this.isGranular(set, operation) ? 1 : 0;
    if (this.#model === "PRE_ROLES" || this.#model === "UNKNOWN") return count;
    for (const role of this.#rolesIn(set)) if (this.#definitions[role]?.includes(operation) === true) count += 1;
    return count;
  }

  /** The operations of a mask, by key, then by target: one list for all who ask for the same, for rows that name them are many. */
  operationsIn(words: Uint32Array): readonly Operation[] {
    const mask = words.length === 1 ? (words[0] ?? 0) : words.join();
    const known = this.#listed.get(mask);
    if (known !== undefined) return known;
    const found = this.#operationsIn(words);
    if (this.#listed.size >= listsKept) this.#listed.clear();
    this.#listed.set(mask, found);
    return found;
  }

  #operationsIn(words: Uint32Array): Operation[] {
    const found: Operation[] = [];
    for (const number of this.#ordered) {
      const operation = this.operations[number];
      if (operation !== undefined && ((words[number >>> 5] ?? 0) & (1 << (number & 31))) !== 0) found.push(operation);
    }
    return found;
  }

  get bytes(): number {
    const masks = this.#granular.byteLength + this.#sure.byteLength + this.#doubtful.byteLength;
    const lists = this.#roleLists.length * 96 + this.operations.length * 160 + this.#roleIds.length * 120;
    return masks + this.#givesAnything.byteLength + this.#rolesOf.byteLength + this.#table.byteLength + lists;
  }

  #rolesIn(set: number): readonly number[] {
    return this.#roleLists[this.#rolesOf[set] ?? 0] ?? [];
  }

  #internRoleList(roles: readonly number[]): number {
    if (roles.length === 0) return 0;
    const name = roles.join();
    const known = this.#roleListNumbers.get(name);
    if (known !== undefined) return known;
    this.#roleLists.push([...roles]);
    this.#roleListNumbers.set(name, this.#roleLists.length - 1);
    return this.#roleLists.length - 1;
  }

  #append(words: Uint32Array, list: number, slot: number): number {
    const set = this.#size;
    this.#size += 1;
    if (this.#size * this.stride > this.#granular.length) this.#grow(this.#size * 2, this.stride);
    for (let word = 0; word < this.stride; word += 1) this.#granular[set * this.stride + word] = words[word] ?? 0;
    this.#rolesOf[set] = list;
    this.#table[slot] = set + 1;
    if (this.#size * 2 > this.#table.length) this.#rehash();
    this.#expand(set);
    return set;
  }

  #expand(set: number): void {
    const at = set * this.stride;
    for (let word = 0; word < this.stride; word += 1) {
      this.#sure[at + word] = this.#granular[at + word] ?? 0;
      this.#doubtful[at + word] = 0;
    }
    this.#givesAnything[set] = 0;
    if (this.#model === "PRE_ROLES") return;
    const into = this.#model === "UNKNOWN" ? this.#doubtful : this.#sure;
    for (const role of this.#rolesIn(set)) {
      const definition = this.#definitions[role];
      if (definition === undefined) this.#givesAnything[set] = 1;
      else for (const each of definition) into[at + (each >>> 5)] = (into[at + (each >>> 5)] ?? 0) | (1 << (each & 31));
    }
  }

  #widen(): void {
    const { stride } = this;
    this.stride += 1;
    this.#grow(Math.max(this.#size, 1), stride);
  }

  #grow(sets: number, strideBefore: number): void {
    const widened = (masks: Uint32Array) => {
      const grown = new Uint32Array(sets * this.stride);
      for (let set = 0; set < this.#size; set += 1)
        for (let word = 0; word < strideBefore; word += 1)
          grown[set * this.stride + word] = masks[set * strideBefore + word] ?? 0;
      return grown;
    };
    this.#granular = widened(this.#granular);
    this.#sure = widened(this.#sure);
    this.#doubtful = widened(this.#doubtful);
    if (this.#rolesOf.length >= sets) return;
    const rolesOf = new Uint32Array(sets);
    rolesOf.set(this.#rolesOf);
    this.#rolesOf = rolesOf;
    const givesAnything = new Uint8Array(sets);
    givesAnything.set(this.#givesAnything);
    this.#givesAnything = givesAnything;
  }

  #rehash(): void {
    this.#table = new Uint32Array(this.#table.length * 2);
    const mask = this.#table.length - 1;
    for (let set = 0; set < this.#size; set += 1) {
      const words = this.#granular.subarray(set * this.stride, (set + 1) * this.stride);
      let slot = this.#hash(words, this.#rolesOf[set] ?? 0) & mask;
      while (this.#table[slot] !== 0) slot = (slot + 1) & mask;
      this.#table[slot] = set + 1;
    }
  }

  /** Words without a bit do not count, so that wider masks keep their place. */
  #hash(words: Uint32Array, list: number): number {
    let hash = Math.imul(list + 1, 0x9e37_79b1);
    for (let word = 0; word < this.stride; word += 1) {
      const bits = words[word] ?? 0;
      if (bits !== 0) hash = Math.imul(hash ^ (bits + word), 0x85eb_ca6b) ^ (hash >>> 15);
    }
    return (hash ^ (hash >>> 13)) >>> 0;
  }

  #isEqual(set: number, words: Uint32Array, list: number): boolean {
    if (this.#rolesOf[set] !== list) return false;
    for (let word = 0; word < this.stride; word += 1)
      if ((this.#granular[set * this.stride + word] ?? 0) !== (words[word] ?? 0)) return false;
    return true;
  }
}

function compareOperations(operations: readonly Operation[], left: number, right: number): number {
  const [one, other] = [operations[left], operations[right]];
  if (one === undefined || other === undefined) return 0;
  return compareText(one.key, other.key) || compareText(one.target, other.target);
}
