import type { Random } from "../random/Random.js";
import type {
  SpaceRoleMode,
  WorldAccount,
  WorldGroup,
  WorldPermission,
  WorldRoleAssignment,
  WorldSpace,
} from "../world/World.js";
import { defaultRoles } from "./defaultRoles.js";
import { operationProfiles } from "./operationProfiles.js";

/** What spaces are made from. */
export interface SpaceMaterial {
  readonly accounts: readonly WorldAccount[];
  readonly groups: readonly WorldGroup[];
  readonly mode: SpaceRoleMode;
  readonly count: number;
}

type Principal = WorldPermission["principal"];

const topics = ["Platform", "Payments", "Handbook", "Research", "Launch", "Policies", "Support", "Roadmap"] as const;
const knownClasses = ["anonymous-users", "all-licensed-users", "authenticated-users", "all-product-admins"] as const;
const roleTypes = { user: "USER", group: "GROUP", "access-class": "ACCESS_CLASS", role: "GROUP" } as const;
const profiles = [operationProfiles.viewing, operationProfiles.commenting, operationProfiles.editing] as const;

/** Spaces of every type and status, with grants to principals of every kind, some of them long gone. */
export function generateSpaces(random: Random, material: SpaceMaterial): WorldSpace[] {
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
    name: isPersonal ? `Personal space ${at + 1}` : `${random.pick(topics)} ${at + 1}`,
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
      ? operationProfiles.administering
      : index === 1 && at % 4 === 1
        ? operationProfiles.undocumented
        : principal.type === "access-class"
          ? operationProfiles.viewing
          : random.pick(profiles);
  return profile.map((operation) => ({ principal, operation }));
}

function assign(random: Random, { type, id }: Principal): WorldRoleAssignment[] {
  const role = defaultRoles[random.below(defaultRoles.length)];
  return role === undefined
    ? []
    : [{ principal: { principalType: roleTypes[type], principalId: id }, roleId: role.id }];
}
