import type {
  CloudWorld,
  SpaceRoleMode,
  World,
  WorldAccount,
  WorldGroup,
  WorldPermission,
  WorldRoleAssignment,
  WorldSpace,
} from "../World.js";
import { generateDataCenterWorld, spaceTopics } from "./generateDataCenter.js";
import { makeAccount, makeAdministrator, type PersonKind } from "./people.js";
import { cloudProfiles, defaultRoles, giveRole } from "./permissions.js";
import { type CloudSize, parseRandomSpec, Random, shareOut } from "./random.js";

const rareKinds: readonly PersonKind[] = [
  "guest",
  "app",
  "customer",
  "suspended",
  "deactivated",
  "inactive",
  "closed",
  "unlicensed",
  "unknown",
];

/**
 * Makes up a world, the same for the same description: `random:SEED:accounts=2000,groups=200,spaces=500` (`parseRandomSpec`
 * says what else). It holds every kind of account, group, space, principal and grant as soon as it is large enough for them.
 * Where it has both halves, people of one are people of the other.
 */
export function generateWorld(spec: string): World {
  const { seed, cloud: cloudSize, dataCenter } = parseRandomSpec(spec);
  const cloud = cloudSize === undefined ? undefined : makeCloud(seed, cloudSize);
  return {
    ...(cloud === undefined ? {} : { cloud }),
    ...(dataCenter === undefined
      ? {}
      : { dataCenter: generateDataCenterWorld(seed, dataCenter, cloud?.accounts ?? []) }),
  };
}

function makeCloud(seed: string, { mode, ...sizes }: CloudSize): CloudWorld {
  const random = new Random(`${seed} accounts`);
  const accounts = Array.from({ length: sizes.accounts }, (_, at): WorldAccount => {
    if (at === 0) return makeAdministrator(random);
    return makeAccount(random, kindOf(at, random), at);
  });
  const groups = generateGroups(new Random(`${seed} groups`), accounts, sizes.groups, sizes.memberships);
  const spaces = generateSpaces(new Random(`${seed} spaces`), { accounts, groups, mode, count: sizes.spaces });
  return { cloudId: new Random(seed).uuid(), mode, accounts, groups, spaces, roles: defaultRoles };
}

/** One of each rare kind early on, so that small worlds have them too; then about three in ten. */
function kindOf(at: number, random: Random): PersonKind {
  const early = at % 2 === 1 ? rareKinds[(at - 1) / 2] : undefined;
  if (early !== undefined) return early;
  if (!random.isLikely(0.28)) return "licensed";
  return rareKinds[random.below(rareKinds.length)] ?? "licensed";
}

const teams = [
  "platform",
  "payments",
  "mobile",
  "search",
  "people",
  "finance",
  "legal",
  "sales",
  "support",
  "data",
] as const;
const places = [
  "amsterdam",
  "austin",
  "bengaluru",
  "kraków",
  "lagos",
  "osaka",
  "são-paulo",
  "sydney",
  "global",
] as const;

/** Groups of every manager and size: one of everybody, large and small ones, and an empty one. */
function generateGroups(
  random: Random,
  accounts: readonly WorldAccount[],
  count: number,
  memberships: number,
): WorldGroup[] {
  const people = accounts.filter((account) => account.accountType !== "customer" && account.accountType !== "unknown");
  const ids = people.map((account) => account.accountId);
  const licensed = people.filter((account) => account.productRoles?.includes("atlassian/user") === true);
  const fixed: WorldGroup[] = [
    {
      id: random.uuid(),
      name: "confluence-users",
      managedBy: "ADMINS",
      accessType: "user",
      members: licensed.map((account) => account.accountId).slice(0, memberships),
    },
    {
      id: random.uuid(),
      name: "confluence-admins",
      managedBy: "ADMINS",
      accessType: "admin",
      members: ids.slice(0, 1),
    },
    { id: random.uuid(), name: "site-admins", managedBy: "ADMINS", accessType: "site-admin", members: ids.slice(0, 1) },
    { id: random.uuid(), name: "nobody-yet", managedBy: "OPEN", members: [] },
  ];
  const groups = fixed.slice(0, count);
  const others = Math.max(0, count - groups.length);
  const left = memberships - groups.reduce((sum, group) => sum + group.members.length, 0);
  const sizes = shareOut(left, others, ids.length);
  return [
    ...groups,
    ...sizes.map((size, at) =>
      makeGroup(
        random,
        at,
        random.sample(size, ids.length).flatMap((i) => ids[i] ?? []),
      ),
    ),
  ];
}

function makeGroup(random: Random, at: number, members: readonly string[]): WorldGroup {
  const group = { id: random.uuid(), name: `${random.pick(teams)}-${random.pick(places)}-${at + 1}`, members };
  const dice = random.next();
  if (at === 0 || dice < 0.2) return { ...group, managedBy: "EXTERNAL" };
  if (at === 1 || dice < 0.3) return { ...group, usageType: "TEAM_COLLABORATION", managedBy: "TEAM_MEMBERS" };
  if (dice < 0.35) return { ...group, managedBy: "OPEN" };
  // The rest says nothing and is managed by administrators, the default.
  return dice < 0.7 ? { ...group, managedBy: "ADMINS" } : group;
}

/** What spaces are made from. */
interface SpaceMaterial {
  readonly accounts: readonly WorldAccount[];
  readonly groups: readonly WorldGroup[];
  readonly mode: SpaceRoleMode;
  readonly count: number;
}

type Principal = WorldPermission["principal"];

const knownClasses = ["anonymous-users", "all-licensed-users", "authenticated-users", "all-product-admins"] as const;
const profiles = [cloudProfiles.viewing, cloudProfiles.commenting, cloudProfiles.editing] as const;

/** Spaces of every type and status, with grants to principals of every kind, some of them long gone. */
function generateSpaces(random: Random, material: SpaceMaterial): WorldSpace[] {
  return Array.from({ length: material.count }, (_, at) => makeSpace(random, material, at));
}

function makeSpace(random: Random, material: SpaceMaterial, at: number): WorldSpace {
  const { accounts, mode } = material;
  const owner = accounts[random.below(accounts.length)]?.accountId ?? "";
  const isPersonal = at % 5 === 3;
  const principals = pickPrincipals(random, material, at, owner);
  // A roles-only site keeps few granular rows; the others live by them.
  const granular = mode === "ROLES" && at % 10 !== 0 ? [] : principals;
  const withRoles = mode === "PRE_ROLES" ? [] : principals.filter(() => mode === "ROLES" || random.isLikely(0.3));
  return {
    id: String(327_684 + at * 131_072),
    key: isPersonal ? `~${owner.replace(/[^a-z0-9]/gi, "")}${at}` : `SP${at + 1}`,
    name: isPersonal ? `Personal space ${at + 1}` : `${random.pick(spaceTopics)} ${at + 1}`,
    type: isPersonal ? "personal" : at % 13 === 7 ? "knowledge_base" : at % 11 === 6 ? "collaboration" : "global",
    status: at % 12 === 4 ? "archived" : at % 24 === 9 ? "trashed" : "current",
    authorId: owner,
    ...(random.isLikely(0.5) ? { spaceOwnerId: owner } : {}),
    createdAt: new Date(Date.UTC(2020, 0, 1) + random.below(2_000) * 86_400_000).toISOString(),
    permissions: granular.flatMap((principal, index) => grants(random, principal, index, at)),
    roleAssignments: withRoles.flatMap((principal) => assign(random, principal)),
  };
}

function pickPrincipals(random: Random, { accounts, groups }: SpaceMaterial, at: number, owner: string): Principal[] {
  const found: Principal[] = [{ type: "user", id: owner }];
  for (const index of random.sample(2 + random.below(5), groups.length)) {
    found.push({ type: "group", id: groups[index]?.id ?? "" });
  }
  for (const index of random.sample(1 + random.below(4), accounts.length)) {
    const id = accounts[index]?.accountId ?? "";
    if (id !== owner) found.push({ type: "user", id });
  }
  if (at % 3 === 0)
    found.push({ type: "access-class", id: knownClasses[(at / 3) % knownClasses.length] ?? "anonymous-users" });
  if (at % 17 === 1) found.push({ type: "access-class", id: "partner-portal-users" });
  if (at % 19 === 2) found.push({ type: "access-class", id: "jsm-project-admins" });
  // Left over from deletions: nobody finds these principals any more.
  if (at % 7 === 1) found.push({ type: "user", id: `712020:${random.uuid()}` });
  if (at % 9 === 2) found.push({ type: "group", id: random.uuid() });
  return found;
}

function grants(random: Random, principal: Principal, index: number, at: number): WorldPermission[] {
  const profile =
    index === 0
      ? cloudProfiles.administering
      : index === 1 && at % 4 === 1
        ? cloudProfiles.undocumented
        : principal.type === "access-class"
          ? cloudProfiles.viewing
          : random.pick(profiles);
  return profile.map((operation) => ({ principal, operation }));
}

function assign(random: Random, principal: Principal): WorldRoleAssignment[] {
  const role = defaultRoles[random.below(defaultRoles.length)];
  return role === undefined ? [] : [giveRole(principal, role.id)];
}
