import type { World, WorldAccount, WorldGroup, WorldPermission, WorldSpace } from "../World.js";
import { type DefaultGroup, type DefaultSpace, defaultGroups, defaultSpaces } from "./defaultCloud.js";
import { defaultDataCenterWorld } from "./defaultDataCenter.js";
import { makeAccount, makeAdministrator, type PersonKind } from "./people.js";
import { cloudProfiles, defaultRoles, giveRole, roleNamed } from "./permissions.js";
import { Random } from "./random.js";

type Principal = WorldPermission["principal"];
interface Person {
  readonly kind: PersonKind;
  readonly account: WorldAccount;
}

const counts: Readonly<Record<PersonKind, number>> = {
  licensed: 232,
  guest: 18,
  app: 8,
  customer: 10,
  suspended: 9,
  deactivated: 6,
  inactive: 6,
  closed: 7,
  unlicensed: 4,
  unknown: 1,
};

/**
 * The world without a world file: one Cloud site in role transition with some three hundred accounts, forty groups and fifty
 * spaces that together show everything a site can hold, and one Data Center site with some of the same people. The same at
 * every start.
 */
export function defaultWorld(): World {
  const random = new Random("the default world");
  const people = makePeople(random);
  const groups = defaultGroups.map((group) => makeGroup(random, group, people));
  const shared = defaultSpaces.map((space, at) => makeSpace(random, space, at, people, groups));
  const personal = people
    .filter(({ kind }, at) => at % 30 === 0 || (kind === "suspended" && at % 4 === 0))
    .map(({ account }, at) => makePersonalSpace(account, shared.length + at));
  const accounts = people.map(({ account }) => account);
  return {
    cloud: {
      cloudId: random.uuid(),
      mode: "ROLES_TRANSITION",
      accounts,
      groups,
      spaces: [...shared, ...personal],
      roles: defaultRoles,
    },
    dataCenter: defaultDataCenterWorld(accounts),
  };
}

function makePeople(random: Random): Person[] {
  const people: Person[] = [{ kind: "licensed", account: makeAdministrator(random) }];
  for (const [name, count] of Object.entries(counts)) {
    const kind = name as PersonKind;
    for (let made = 0; made < count; made += 1) {
      people.push({ kind, account: makeAccount(random, kind, people.length) });
    }
  }
  return people;
}

function makeGroup(random: Random, group: DefaultGroup, people: readonly Person[]): WorldGroup {
  // Whoever left or was suspended keeps the memberships; apps and guests are members only where a group is for them.
  const members = people.filter(({ kind, account }) => {
    if (group.department !== undefined && account.department !== group.department) return false;
    if (kind === "guest" || kind === "app") return group.kind === kind;
    const isEligible = kind !== "customer" && kind !== "unknown" && kind !== "closed";
    return isEligible && (group.kind ?? "licensed") === "licensed" && random.isLikely(group.share);
  });
  const administrator = people[0]?.account.accountId ?? "";
  const isAdministrators = group.traits?.accessType === "admin" || group.traits?.accessType === "site-admin";
  const ids = members.map(({ account }) => account.accountId);
  return {
    id: random.uuid(),
    name: group.name,
    ...group.traits,
    members: isAdministrators ? [...new Set([administrator, ...ids])] : ids,
  };
}

function makeSpace(
  random: Random,
  { key, name, type = "global", status = "current", grants, roles = {} }: DefaultSpace,
  at: number,
  people: readonly Person[],
  groups: readonly WorldGroup[],
): WorldSpace {
  const author = people[random.below(people.length - 60)]?.account.accountId ?? "";
  const principalOf = (text: string): Principal => findPrincipal(random, text, people, groups);
  return {
    ...frame(at),
    key,
    name,
    type,
    status,
    authorId: author,
    permissions: Object.entries(grants).flatMap(([text, profile]) => {
      const principal = principalOf(text);
      return cloudProfiles[profile].map((operation) => ({ principal, operation }));
    }),
    roleAssignments: Object.entries(roles).map(([text, role]) => giveRole(principalOf(text), roleNamed(role))),
  };
}

function findPrincipal(
  random: Random,
  text: string,
  people: readonly Person[],
  groups: readonly WorldGroup[],
): Principal {
  const [sort = "", name = ""] = text.split(":");
  if (sort === "class") return { type: "access-class", id: name };
  if (sort === "group") return { type: "group", id: groups.find((group) => group.name === name)?.id ?? "" };
  if (sort === "some") {
    const candidates = people.filter(({ kind }) => kind === name);
    return { type: "user", id: candidates[random.below(candidates.length)]?.account.accountId ?? "" };
  }
  // Left over from a deletion: nobody finds this principal any more.
  return name === "group" ? { type: "group", id: random.uuid() } : { type: "user", id: `712020:${random.uuid()}` };
}

function makePersonalSpace({ accountId, displayName }: WorldAccount, at: number): WorldSpace {
  return {
    ...frame(at),
    key: `~${accountId.replace(/[^a-z0-9]/gi, "")}`,
    name: displayName,
    type: "personal",
    status: "current",
    authorId: accountId,
    spaceOwnerId: accountId,
    permissions: cloudProfiles.administering.map((operation) => ({
      principal: { type: "user", id: accountId },
      operation,
    })),
    roleAssignments: [],
  };
}

function frame(at: number): Pick<WorldSpace, "id" | "createdAt"> {
  return {
    id: String(327_684 + at * 131_072),
    createdAt: new Date(Date.UTC(2021, 2, 1, 9) + at * 23 * 86_400_000).toISOString(),
  };
}
