import { InvalidWorld } from "../world/InvalidWorld.js";
import type { SpaceRoleMode } from "../world/World.js";

/** The size of a generated world. */
export interface RandomSpec {
  readonly seed: string;
  readonly accounts: number;
  readonly groups: number;
  readonly spaces: number;
  /** About how many memberships all groups have together. */
  readonly memberships: number;
  readonly mode: SpaceRoleMode;
}

const bounds = {
  accounts: { least: 1, most: 200_000, absent: 2_000 },
  groups: { least: 0, most: 20_000, absent: 200 },
  spaces: { least: 0, most: 20_000, absent: 500 },
  memberships: { least: 0, most: 5_000_000, absent: undefined },
} as const;

const modes: readonly SpaceRoleMode[] = ["PRE_ROLES", "ROLES_TRANSITION", "ROLES"];

/**
 * Reads `random:SEED` or `random:SEED:accounts=2000,groups=200,spaces=500,memberships=12000,mode=ROLES`, every size optional.
 * Throws `InvalidWorld` with every fault.
 */
export function parseRandomSpec(spec: string): RandomSpec {
  const [, seed = "", sizes = ""] = /^random:([^:]*)(?::(.*))?$/s.exec(spec) ?? [];
  const faults: string[] = [];
  if (seed === "") faults.push(`${spec}: must look like random:SEED:accounts=2000,groups=200,spaces=500`);
  const given = new Map<string, string>();
  for (const part of sizes === "" ? [] : sizes.split(",")) {
    const [, name = part, value = ""] = /^([^=]*)=(.*)$/.exec(part) ?? [];
    if (name !== "mode" && !Object.hasOwn(bounds, name)) {
      faults.push(`${name}: unknown; known are ${Object.keys(bounds).join(", ")} and mode`);
    } else if (given.has(name)) faults.push(`${name}: given twice`);
    given.set(name, value);
  }
  const size = (name: keyof typeof bounds, absent: number): number => {
    const text = given.get(name);
    if (text === undefined) return absent;
    const { least, most } = bounds[name];
    const value = /^\d{1,9}$/.test(text) ? Number(text) : -1;
    if (value < least || value > most)
      faults.push(`${name}: must be a whole number from ${least} to ${most}, not '${text}'`);
    return value;
  };
  const accounts = size("accounts", bounds.accounts.absent);
  const groups = size("groups", bounds.groups.absent);
  const spaces = size("spaces", bounds.spaces.absent);
  const memberships = size("memberships", accounts * 6);
  const wanted = given.get("mode") ?? "ROLES_TRANSITION";
  const mode = modes.find((candidate) => candidate === wanted);
  if (mode === undefined) faults.push(`mode: must be one of ${modes.join(", ")}, not '${wanted}'`);
  if (faults.length > 0) throw new InvalidWorld(faults);
  return { seed, accounts, groups, spaces, memberships, mode: mode ?? "ROLES_TRANSITION" };
}
