import { createHash } from "node:crypto";
import { InvalidWorld, type SpaceRoleMode } from "../World.js";

/** A seeded stream of numbers: the same seed gives the same stream on every machine. */
export class Random {
  #state: number;

  constructor(seed: string) {
    this.#state = createHash("sha256").update(seed).digest().readUInt32LE(0);
  }

  /** From 0 up to, not including, 1 (mulberry32). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  /** A whole number from 0 up to, not including, `bound`. */
  below(bound: number): number {
    return Math.floor(this.next() * bound);
  }

  isLikely(probability: number): boolean {
    return this.next() < probability;
  }

  /** One of `choices`, which must not be empty. */
  pick<T>(choices: readonly [T, ...T[]]): T {
    return choices[this.below(choices.length)] ?? choices[0];
  }

  /** Up to `count` different whole numbers below `bound`. */
  sample(count: number, bound: number): number[] {
    const found = new Set<number>();
    const wanted = Math.min(count, bound);
    // Guessing is cheap while there is room; a crowded sample is filled by walking on from the guess.
    while (found.size < wanted) {
      let index = this.below(bound);
      while (found.has(index)) index = (index + 1) % bound;
      found.add(index);
    }
    return [...found];
  }

  uuid(): string {
    return asUuid(Array.from({ length: 4 }, () => this.below(4_294_967_296).toString(16).padStart(8, "0")).join(""));
  }
}

/** Hexadecimal digits in the shape of a random UUID. */
export function asUuid(hex: string): string {
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** Splits a total over groups, a few large and many small, none larger than there are people. */
export function shareOut(total: number, count: number, most: number): number[] {
  const weights = Array.from({ length: count }, (_, at) => 1 / Math.sqrt(at + 1));
  let weightLeft = weights.reduce((sum, weight) => sum + weight, 0);
  let left = Math.max(0, total);
  return weights.map((weight) => {
    const size = Math.min(most, Math.round((left * weight) / weightLeft));
    weightLeft -= weight;
    left -= size;
    return size;
  });
}

/** Which halves a generated world has, and their sizes. */
interface RandomSpec {
  readonly seed: string;
  readonly cloud?: CloudSize;
  readonly dataCenter?: DataCenterSize;
}

export interface CloudSize {
  readonly accounts: number;
  readonly groups: number;
  readonly spaces: number;
  /** About how many memberships all groups have together. */
  readonly memberships: number;
  readonly mode: SpaceRoleMode;
}

export interface DataCenterSize {
  readonly users: number;
  readonly groups: number;
  readonly spaces: number;
  readonly version: string;
}

const bounds = {
  accounts: { least: 1, most: 200_000, absent: 2_000 },
  groups: { least: 0, most: 20_000, absent: 200 },
  spaces: { least: 0, most: 20_000, absent: 500 },
  memberships: { least: 0, most: 5_000_000, absent: undefined },
  "dc-users": { least: 1, most: 200_000, absent: 1_000 },
  // The users' and the administrators' are always there: without them nobody may do anything.
  "dc-groups": { least: 2, most: 20_000, absent: 100 },
  "dc-spaces": { least: 0, most: 20_000, absent: 200 },
} as const;

const words: readonly string[] = [...Object.keys(bounds), "mode", "dc-version"];
const modes: readonly SpaceRoleMode[] = ["PRE_ROLES", "ROLES_TRANSITION", "ROLES"];

/**
 * Reads `random:SEED` or `random:SEED:accounts=2000,groups=200,spaces=500,memberships=12000,mode=ROLES`, every size optional.
 * Any of `dc-users=1000,dc-groups=100,dc-spaces=200,dc-version=10.2.0` asks for a Data Center half; when nothing else is
 * given there is no other. Throws `InvalidWorld` with every fault.
 */
export function parseRandomSpec(spec: string): RandomSpec {
  const [, seed = "", sizes = ""] = /^random:([^:]*)(?::(.*))?$/s.exec(spec) ?? [];
  const faults: string[] = [];
  if (seed === "") faults.push(`${spec}: must look like random:SEED:accounts=2000,groups=200,spaces=500`);
  const given = readWords(sizes, faults);
  const names = [...given.keys()];
  const isDataCenter = names.some((name) => name.startsWith("dc-"));
  const isCloud = !isDataCenter || names.some((name) => !name.startsWith("dc-"));
  const cloud = readCloud(given, faults);
  const dataCenter = readDataCenter(given, faults);
  if (faults.length > 0) throw new InvalidWorld(faults);
  return { seed, ...(isCloud ? { cloud } : {}), ...(isDataCenter ? { dataCenter } : {}) };
}

function readWords(sizes: string, faults: string[]): ReadonlyMap<string, string> {
  const given = new Map<string, string>();
  for (const part of sizes === "" ? [] : sizes.split(",")) {
    const [, name = part, value = ""] = /^([^=]*)=(.*)$/.exec(part) ?? [];
    if (!words.includes(name)) {
      faults.push(`${name}: unknown; known are ${words.slice(0, -1).join(", ")} and ${words.at(-1)}`);
    } else if (given.has(name)) faults.push(`${name}: given twice`);
    given.set(name, value);
  }
  return given;
}

function readCloud(given: ReadonlyMap<string, string>, faults: string[]): CloudSize {
  const accounts = readSize(given, "accounts", bounds.accounts.absent, faults);
  const groups = readSize(given, "groups", bounds.groups.absent, faults);
  const spaces = readSize(given, "spaces", bounds.spaces.absent, faults);
  const memberships = readSize(given, "memberships", accounts * 6, faults);
  const wanted = given.get("mode") ?? "ROLES_TRANSITION";
  const mode = modes.find((candidate) => candidate === wanted);
  if (mode === undefined) faults.push(`mode: must be one of ${modes.join(", ")}, not '${wanted}'`);
  return { accounts, groups, spaces, memberships, mode: mode ?? "ROLES_TRANSITION" };
}

function readDataCenter(given: ReadonlyMap<string, string>, faults: string[]): DataCenterSize {
  const users = readSize(given, "dc-users", bounds["dc-users"].absent, faults);
  const groups = readSize(given, "dc-groups", bounds["dc-groups"].absent, faults);
  const spaces = readSize(given, "dc-spaces", bounds["dc-spaces"].absent, faults);
  const version = given.get("dc-version") ?? "10.2.0";
  if (!/^\d+\.\d+(\.\d+)*$/.test(version)) faults.push(`dc-version: must look like 9.2.0, not '${version}'`);
  return { users, groups, spaces, version };
}

function readSize(
  given: ReadonlyMap<string, string>,
  name: keyof typeof bounds,
  absent: number,
  faults: string[],
): number {
  const text = given.get(name);
  if (text === undefined) return absent;
  const { least, most } = bounds[name];
  const value = /^\d{1,9}$/.test(text) ? Number(text) : -1;
  if (value < least || value > most) {
    faults.push(`${name}: must be a whole number from ${least} to ${most}, not '${text}'`);
  }
  return value;
}
