import type { AccountKind, AccountStatus } from "../../src/domain/Account.js";

/**
 * The rules once more, the naive way, over worlds in which everything is known. A world with gaps is the set of all worlds
 * that the gaps leave possible: ALLOWED is what is allowed in every one, DENIED what is denied in every one.
 */
export interface World {
  isDataCenter: boolean;
  kind: AccountKind;
  status: AccountStatus;
  isTrashed: boolean;
  isLicensed: boolean;
  hasAdminRole: boolean;
  direct: Set<string>;
  /** `child>parent`. */
  nesting: Set<string>;
  adminGroups: Set<string>;
  useHolders: Set<string> | null;
  hasAnonymousUse: boolean;
  hasUnlicensedUse: boolean;
  isAmongUnlicensed: boolean;
  isInOtherClass: boolean;
  /** `holder operation`. */
  rows: Set<string>;
}

export function can(world: World, wanted: string): boolean {
  return world.status === "ACTIVE" && !world.isTrashed && holds(world, wanted) && holds(world, "read/space");
}

export function holds(world: World, wanted: string): boolean {
  const inGroups = new Set(world.direct);
  for (let size = -1; size !== inGroups.size; ) {
    size = inGroups.size;
    for (const edge of world.nesting) {
      const [child = "", parent = ""] = edge.split(">");
      if (inGroups.has(child)) inGroups.add(parent);
    }
  }
  if (world.isDataCenter && inGroups.has("confluence-administrators")) return true;
  const mine = principalsOf(world, inGroups);
  return mine.some((holder) => world.rows.has(`${holder} ${wanted}`));
}

function principalsOf(world: World, inGroups: ReadonlySet<string>): string[] {
  const own = ["account", ...[...inGroups].map((id) => `group:${id}`)];
  const isLicensed = world.useHolders === null ? world.isLicensed : own.some((holder) => world.useHolders?.has(holder));
  if (world.isDataCenter && !isLicensed)
    return world.hasUnlicensedUse && world.isAmongUnlicensed ? ["class:unlicensed"] : [];
  if (!world.isDataCenter && world.kind === "HUMAN" && !isLicensed) return ["class:anonymous-users"];
  const isAdmin = world.hasAdminRole || [...inGroups].some((id) => world.adminGroups.has(id));
  return [
    ...own,
    "class:authenticated-users",
    ...(!world.isDataCenter || world.hasAnonymousUse ? ["class:anonymous-users"] : []),
    ...(isLicensed && world.kind === "HUMAN" ? ["class:all-licensed-users"] : []),
    ...(isAdmin ? ["class:all-product-admins"] : []),
    ...(world.isInOtherClass ? ["class:other"] : []),
    // On Cloud nobody knows a class of that name.
    ...(!world.isDataCenter && world.isAmongUnlicensed ? ["class:unlicensed"] : []),
  ];
}

export function copy(world: World): World {
  return {
    ...world,
    direct: new Set(world.direct),
    nesting: new Set(world.nesting),
    adminGroups: new Set(world.adminGroups),
    useHolders: world.useHolders && new Set(world.useHolders),
    rows: new Set(world.rows),
  };
}
