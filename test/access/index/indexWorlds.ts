import { cloudAccessRules, dataCenterAccessRules, type SiteFacts } from "../../../src/access/SiteFacts.js";
import type { AccountKind, AccountStatus } from "../../../src/domain/Account.js";
import type { GlobalGrant, SpaceGrant, SpaceRole } from "../../../src/domain/Grant.js";
import type { AccountId, GroupId, RoleId, SpaceId } from "../../../src/domain/ids.js";
import type { Operation } from "../../../src/domain/Operation.js";
import type { Principal } from "../../../src/domain/Principal.js";
import type { PermissionModel } from "../../../src/domain/Site.js";
import type { SpaceStatus } from "../../../src/domain/Space.js";
import { operation } from "../scene.js";

export const deployments = ["PRE_ROLES", "ROLES_TRANSITION", "ROLES", "DATA_CENTER"] as const;
export type WorldKind = (typeof deployments)[number];

export interface WorldAccount {
  readonly accountId: AccountId;
  readonly kind: AccountKind;
  readonly status: AccountStatus;
  readonly isLicensed: boolean | null;
  readonly hasAdminRole: boolean | null;
}

export interface WorldGroup {
  readonly groupId: GroupId;
  readonly members: readonly AccountId[];
  readonly children: readonly GroupId[];
  /** Stands in no list and cannot be found. */
  readonly isGone: boolean;
}

export interface WorldSpace {
  readonly spaceId: SpaceId;
  readonly status: SpaceStatus;
  readonly grants: readonly SpaceGrant[];
}

/** A whole small site, everything of it known. */
export interface SiteWorld {
  readonly kind: WorldKind;
  readonly rules: SiteFacts["rules"];
  readonly model: PermissionModel;
  readonly accounts: readonly WorldAccount[];
  readonly groups: readonly WorldGroup[];
  readonly adminGroups: readonly GroupId[];
  readonly globals: readonly GlobalGrant[] | null;
  readonly roles: readonly SpaceRole[];
  readonly spaces: readonly WorldSpace[];
}

/** `create/page` and the like, and one that no grant names. */
export const questions: readonly Operation[] = [
  "read/space",
  "create/page",
  "administer/space",
  "odd/thing",
  "never/named",
].map(operation);

const classIds = [
  "anonymous-users",
  "authenticated-users",
  "all-licensed-users",
  "all-product-admins",
  "unlicensed",
  "odd",
];

export interface Random {
  (): number;
  isLikely(probability: number): boolean;
  pick<T>(items: readonly T[]): T;
  some<T>(items: readonly T[], probability: number): T[];
}

/** mulberry32 */
export function randomFrom(seed: number): Random {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  return Object.assign(next, {
    isLikely: (probability: number) => next() < probability,
    pick: <T>(items: readonly T[]): T => items[Math.floor(next() * items.length)] as T,
    some: <T>(items: readonly T[], probability: number) => items.filter(() => next() < probability),
  });
}

/** A small site, the same for the same seed. */
export function makeWorld(seed: number): SiteWorld {
  const random = randomFrom(seed);
  const kind = deployments[seed % deployments.length] ?? "PRE_ROLES";
  const isCloud = kind !== "DATA_CENTER";
  const accounts = ["ann", "bob", "cat", "dan", "eve"].map((id) => makeAccount(id, isCloud, random));
  const accountIds = accounts.map(({ accountId }) => accountId);
  const groupIds = ["users", "staff", "leads", "empty", "confluence-administrators"] as GroupId[];
  const groups = groupIds.map((groupId): WorldGroup => {
    const isGone = random.isLikely(0.06);
    return {
      groupId,
      isGone,
      members: isGone ? [] : random.some(accountIds, groupId === "users" ? 0.7 : groupId === "empty" ? 0 : 0.25),
      children:
        isCloud || isGone
          ? []
          : random.some(
              groupIds.filter((id) => id !== groupId),
              0.14,
            ),
    };
  });
  const roles: SpaceRole[] = isCloud
    ? [role("reader", ["read/space"]), role("writer", ["read/space", "create/page"])]
    : [];
  const principals: Principal[] = [
    ...accountIds.map((accountId): Principal => ({ kind: "account", accountId })),
    ...groupIds.map((groupId): Principal => ({ kind: "group", groupId })),
    ...classIds.map((classId): Principal => ({ kind: "accessClass", classId, reportedType: "access-class" })),
  ];
  const holdsGlobal = (principal: Principal, what: string): GlobalGrant => ({ principal, operation: operation(what) });
  const globals = [
    ...random.some(principals.slice(0, 9), 0.25).map((each) => holdsGlobal(each, "use/application")),
    ...random.some([holdsGlobal(classPrincipal("anonymous-users"), "use/application")], 0.5),
    ...random.some([holdsGlobal(classPrincipal("unlicensed"), "use_unlicensed/application")], 0.5),
    holdsGlobal({ kind: "group", groupId: "users" as GroupId }, "use/application"),
  ];
  return {
    kind,
    rules: isCloud ? cloudAccessRules : dataCenterAccessRules(),
    model: kind === "DATA_CENTER" ? "PRE_ROLES" : kind,
    accounts,
    groups,
    adminGroups: isCloud ? random.some(groupIds, 0.15) : [],
    globals: isCloud || random.isLikely(0.2) ? null : globals,
    roles,
    spaces: ["1", "2", "10"].map((id) => makeSpace(id as SpaceId, principals, isCloud, random)),
  };
}

function makeAccount(id: string, isCloud: boolean, random: Random): WorldAccount {
  const statuses: AccountStatus[] = ["ACTIVE", "ACTIVE", "ACTIVE", "ACTIVE", "ACTIVE", "SUSPENDED", "UNKNOWN"];
  const kinds: AccountKind[] = ["HUMAN", "HUMAN", "HUMAN", "HUMAN", "GUEST", "APP", "CUSTOMER", "UNKNOWN"];
  return {
    accountId: id as AccountId,
    kind: isCloud ? random.pick(kinds) : "HUMAN",
    status: random.pick(statuses),
    isLicensed: random.pick([true, true, false, null]),
    hasAdminRole: random.pick([true, false, false, null]),
  };
}

function makeSpace(spaceId: SpaceId, principals: readonly Principal[], isCloud: boolean, random: Random): WorldSpace {
  const statuses: SpaceStatus[] = ["CURRENT", "CURRENT", "CURRENT", "CURRENT", "ARCHIVED", "TRASHED", "UNKNOWN"];
  const status = random.pick(statuses);
  const grants: SpaceGrant[] = [];
  const density = random.pick([0.05, 0.1, 0.2]);
  let row = Number(spaceId) * 1_000;
  for (const principal of principals) {
    for (const what of ["read/space", "create/page", "administer/space", "odd/thing"]) {
      if (!random.isLikely(what === "read/space" ? density * 2 : density)) continue;
      const rows = random.isLikely(0.1) ? 2 : 1;
      for (let copy = 0; copy < rows; copy += 1) {
        row += random.isLikely(0.2) ? -37 : 3;
        const permissionId = random.isLikely(0.05) ? `x${row}-${copy}` : String(row);
        grants.push({ kind: "permission", permissionId, principal, operation: operation(what) });
      }
    }
    if (isCloud && random.isLikely(0.08))
      grants.push({ kind: "role", principal, roleId: random.pick(["reader", "writer", "writer", "lost"]) as RoleId });
  }
  // As a site answers: in no order.
  return {
    spaceId,
    status,
    grants: grants
      .map((grant) => ({ grant, at: random() }))
      .sort((a, b) => a.at - b.at)
      .map(({ grant }) => grant),
  };
}

function classPrincipal(classId: string): Principal {
  return { kind: "accessClass", classId, reportedType: "access-class" };
}

function role(name: string, texts: readonly string[]): SpaceRole {
  const permissions = texts.map(operation);
  return { roleId: name as RoleId, name, description: null, reportedType: "CUSTOM", permissions };
}

/** The accounts that are asked about: those of the world, and one that nobody knows. */
export function askedAccounts(world: SiteWorld): AccountId[] {
  return [...world.accounts.map(({ accountId }) => accountId), "nobody" as AccountId];
}

/** Everything a site may be asked for, as parts that can go missing one by one. */
export function partsOf(world: SiteWorld): string[] {
  return [
    "list of accounts",
    "list of groups",
    "list of spaces",
    ...world.accounts.flatMap(({ accountId }) => [`account ${accountId}`, `admin role of ${accountId}`]),
    ...world.groups.flatMap(({ groupId }) => [`members of ${groupId}`, `children of ${groupId}`]),
    ...world.spaces.flatMap(({ spaceId }) => [`space ${spaceId}`, `grants of ${spaceId}`]),
    "roles",
    "model",
    "globals",
    "admin groups",
  ];
}
