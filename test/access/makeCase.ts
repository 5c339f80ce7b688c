import type { AccountKind, AccountStatus } from "../../src/domain/Account.js";
import type { SpaceStatus } from "../../src/domain/Space.js";
import type { World } from "./naiveWorld.js";
import { gap, type Scene } from "./scene.js";

export interface Doubt {
  readonly gap: string;
  readonly fill: (world: World) => unknown;
}

export interface Case {
  readonly scene: Scene;
  readonly certain: World;
  readonly doubts: readonly Doubt[];
}

const groups = ["a", "b", "c", "confluence-administrators"];
export const operations = ["read/space", "create/page", "administer/space"];
const holders = [
  "account",
  ...groups.map((id) => `group:${id}`),
  ...["anonymous-users", "authenticated-users", "all-licensed-users", "all-product-admins", "unlicensed", "other"].map(
    (id) => `class:${id}`,
  ),
];

/** mulberry32 */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A small world with some of it in doubt: the scene that is asked, and every world that it may be. The same for the same seed. */
export function makeCase(seed: number): Case {
  const random = randomFrom(seed);
  const isLikely = (probability: number) => random() < probability;
  const some = <T>(items: readonly T[], probability: number) => items.filter(() => isLikely(probability));
  const pick = <T>(items: readonly [T, ...T[]]): T => items[Math.floor(random() * items.length)] ?? items[0];

  const isDataCenter = isLikely(0.5);
  const kind: AccountKind = isDataCenter ? "HUMAN" : pick(["HUMAN", "HUMAN", "HUMAN", "GUEST", "APP", "CUSTOMER"]);
  const status: AccountStatus = pick([
    "ACTIVE",
    "ACTIVE",
    "ACTIVE",
    "ACTIVE",
    "ACTIVE",
    "ACTIVE",
    "SUSPENDED",
    "UNKNOWN",
  ]);
  const spaceStatus: SpaceStatus = pick(["CURRENT", "CURRENT", "CURRENT", "CURRENT", "ARCHIVED", "TRASHED", "UNKNOWN"]);
  const direct = some(groups, 0.25);
  const edges = isDataCenter
    ? some(
        groups.flatMap((child) => groups.filter((parent) => parent !== child).map((parent) => `${child}>${parent}`)),
        0.15,
      )
    : [];
  const adminGroups = some(groups, 0.2);
  const rows = some(
    holders.flatMap((holder) => operations.map((what) => `${holder} ${what}`)),
    0.1,
  );
  const knowsGlobals = isDataCenter && isLikely(0.75);
  const globals = [
    ...some(["account", "group:a", "group:b", "group:c"], 0.3).map((holder) => `${holder} use/application`),
    ...some(["class:anonymous-users use/application", "class:unlicensed use_unlicensed/application"], 0.5),
  ];
  const isLicensed = pick<boolean | null>([true, true, false, null]);
  const roleHolders = isDataCenter ? [] : some(holders, 0.08);

  const certain: World = {
    isDataCenter,
    kind,
    status: status === "UNKNOWN" ? "SUSPENDED" : status,
    isTrashed: spaceStatus === "TRASHED" || spaceStatus === "UNKNOWN",
    isLicensed: isLicensed ?? true,
    hasAdminRole: false,
    direct: new Set(direct),
    nesting: new Set(edges),
    adminGroups: new Set(adminGroups),
    useHolders: knowsGlobals
      ? new Set(globals.filter((each) => each.endsWith(" use/application") && !each.startsWith("class")).map(holderOf))
      : null,
    hasAnonymousUse: knowsGlobals && globals.includes("class:anonymous-users use/application"),
    hasUnlicensedUse: knowsGlobals && globals.includes("class:unlicensed use_unlicensed/application"),
    isAmongUnlicensed: false,
    isInOtherClass: false,
    rows: new Set(rows),
  };
  const doubts: Doubt[] = [
    { gap: "class", fill: (world) => Object.assign(world, { isInOtherClass: true }) },
    { gap: "unlicensed", fill: (world) => Object.assign(world, { isAmongUnlicensed: true }) },
  ];
  if (status === "UNKNOWN") doubts.push({ gap: "status", fill: (world) => Object.assign(world, { status: "ACTIVE" }) });
  if (spaceStatus === "UNKNOWN")
    doubts.push({ gap: "space", fill: (world) => Object.assign(world, { isTrashed: false }) });
  if (isDataCenter && !knowsGlobals) {
    doubts.push({ gap: "anonymous use", fill: (world) => Object.assign(world, { hasAnonymousUse: true }) });
    doubts.push({ gap: "unlicensed use", fill: (world) => Object.assign(world, { hasUnlicensedUse: true }) });
  }

  let scene: Scene = {
    isDataCenter,
    account: { kind, status, isLicensed: knowsGlobals ? null : isLicensed },
    groups: direct,
    adminGroups,
    grants: [...rows, ...roleHolders.map((holder) => `${holder} role:writer`)],
    roles: { writer: ["read/space", "create/page"] },
    globalGrants: knowsGlobals ? globals : null,
    parents: Object.fromEntries(groups.map((child) => [child, parentsIn(edges, child)])),
    space: { status: spaceStatus },
  };
  for (const holder of roleHolders)
    for (const what of ["read/space", "create/page"]) certain.rows.add(`${holder} ${what}`);

  const direction = (id: string) => (world: World) => world.direct.add(id);
  const sources: (() => void)[] = [
    () => {
      scene = { ...scene, groupGaps: [gap("groups")], wholeGroups: ["b"] };
      for (const id of ["a", "c", "confluence-administrators"]) doubts.push({ gap: "groups", fill: direction(id) });
    },
    () => {
      scene = { ...scene, unreadGroups: { a: [gap("members of a")], c: [gap("members of c")] } };
      for (const id of ["a", "c"]) doubts.push({ gap: `members of ${id}`, fill: direction(id) });
    },
    () => {
      scene = { ...scene, grantGaps: [gap("grants")] };
      for (const holder of ["account", isDataCenter ? "class:unlicensed" : "class:anonymous-users"])
        for (const what of operations)
          doubts.push({ gap: "grants", fill: (world) => world.rows.add(`${holder} ${what}`) });
    },
    () => {
      if (isDataCenter) {
        if (!knowsGlobals) return;
        scene = { ...scene, globalGaps: [gap("globals")] };
        doubts.push({ gap: "globals", fill: (world) => world.useHolders?.add("account") });
        doubts.push({ gap: "globals", fill: (world) => Object.assign(world, { hasAnonymousUse: true }) });
        doubts.push({ gap: "globals", fill: (world) => Object.assign(world, { hasUnlicensedUse: true }) });
      } else {
        scene = { ...scene, roles: {}, roleGaps: [gap("roles")] };
        certain.rows = new Set(rows);
        for (const what of operations)
          doubts.push({
            gap: "roles",
            fill: (world) => {
              for (const holder of roleHolders) world.rows.add(`${holder} ${what}`);
            },
          });
      }
    },
    () => {
      if (isDataCenter) {
        scene = { ...scene, childGaps: { b: [gap("children of b")] } };
        for (const id of ["a", "c", "confluence-administrators"])
          doubts.push({ gap: "children of b", fill: (world) => world.nesting.add(`${id}>b`) });
      } else {
        scene = { ...scene, adminGroupGaps: [gap("admins")] };
        for (const id of groups) doubts.push({ gap: "admins", fill: (world) => world.adminGroups.add(id) });
      }
    },
  ];
  // Two at most, so that every filling can be tried.
  const chosen = new Set([Math.floor(random() * 8), Math.floor(random() * 8)]);
  for (const index of chosen) sources[index]?.();
  return { scene, certain, doubts };
}

function holderOf(row: string): string {
  return row.split(" ")[0] ?? "";
}

function parentsIn(edges: readonly string[], child: string): string[] {
  return edges.flatMap((edge) => (edge.startsWith(`${child}>`) ? [edge.slice(child.length + 1)] : []));
}
