import type {
  DataCenterGroup,
  DataCenterPermission,
  DataCenterSpace,
  DataCenterUser,
  DataCenterWorld,
  WorldAccount,
} from "../World.js";
import { isReachablePerson, makeDataCenterUser, makeSharedUser, makeUserKey } from "./people.js";
import { dataCenterProfiles, globalPermissions } from "./permissions.js";
import { type DataCenterSize, Random, shareOut } from "./random.js";

/**
 * Makes up a Data Center site, the same for the same seed, sizes and `accounts`. About half of its users are people behind
 * `accounts`, as far as those reach. It holds every kind of user, nesting, space, subject and permission as soon as it is
 * large enough for them.
 */
export function generateDataCenterWorld(
  seed: string,
  { version, ...sizes }: DataCenterSize,
  accounts: readonly WorldAccount[],
): DataCenterWorld {
  const users = generateDataCenterUsers(new Random(`${seed} dc-users`), sizes.users, accounts);
  const groups = generateDataCenterGroups(new Random(`${seed} dc-groups`), users, sizes.groups);
  const spaces = generateDataCenterSpaces(new Random(`${seed} dc-spaces`), { users, groups, count: sizes.spaces });
  return {
    version,
    contextPath: "/confluence",
    users,
    groups,
    spaces,
    globalPermissions,
    administrators: ["confluence-administrators"],
  };
}

type Status = DataCenterUser["status"];

const rareStatuses: readonly Status[] = ["deactivated", "unlicensed", "externally_deleted"];

/** Users of every status, an administrator first; every second one has one of `accounts`, while there are any left. */
function generateDataCenterUsers(random: Random, count: number, accounts: readonly WorldAccount[]): DataCenterUser[] {
  const people = accounts.slice(1).filter(isReachablePerson);
  return Array.from({ length: count }, (_, at) => {
    const status = statusOf(at, random);
    const person = at % 2 === 0 ? people[at / 2 - 1] : undefined;
    const user = person === undefined ? makeDataCenterUser(random, status, at) : makeSharedUser(random, person, status);
    return at === 0 ? { ...user, username: "admin", displayName: "Robin Adeyemi", email: "admin@sandbox.test" } : user;
  });
}

/** One of each rare status early on, so that small worlds have them too; then about one in ten. */
function statusOf(at: number, random: Random): Status {
  if (at === 0) return "current";
  const early = at % 2 === 1 ? rareStatuses[(at - 1) / 2] : undefined;
  if (early !== undefined) return early;
  if (!random.isLikely(0.1)) return "current";
  return random.isLikely(0.7) ? "deactivated" : random.isLikely(0.7) ? "unlicensed" : "externally_deleted";
}

const teams = ["platform", "payments", "mobile", "people", "finance", "legal", "sales", "support", "data"] as const;
const places = ["amsterdam", "austin", "kraków", "lagos", "osaka", "são-paulo", "sydney"] as const;

/** The users' group, the administrators', an empty one, then large and small ones, in one another up to five deep. */
function generateDataCenterGroups(random: Random, users: readonly DataCenterUser[], count: number): DataCenterGroup[] {
  const isLicensed = ({ status }: DataCenterUser) => status === "current" || status === "deactivated";
  const fixed: DataCenterGroup[] = [
    { name: "confluence-users", members: users.filter(isLicensed).map(({ username }) => username) },
    { name: "confluence-administrators", members: users.slice(0, 1).map(({ username }) => username) },
    { name: "nobody-yet", members: [] },
  ];
  const groups = fixed.slice(0, count);
  // Whom the directory forgot is in no group any more.
  const usernames = users.filter(({ status }) => status !== "externally_deleted").map(({ username }) => username);
  const sizes = shareOut(usernames.length * 5, count - groups.length, usernames.length);
  const names = sizes.map((_, at) => `${random.pick(teams)}-${random.pick(places)}-${at + 1}`);
  const nesting = nestGroups(random, names.length);
  const others = sizes.map((size, at): DataCenterGroup => {
    const members = random.sample(size, usernames.length).flatMap((index) => usernames[index] ?? []);
    const children = (nesting[at] ?? []).flatMap((index) => names[index] ?? []);
    return { name: names[at] ?? "", members, ...(children.length === 0 ? {} : { groups: children }) };
  });
  return [...groups, ...others];
}

const family = 10;

/**
 * Which of `count` groups are in which, by number. Of ten groups in a row five are a chain, each in the one before, three are
 * in one of the chain, and two stand alone; in the first ten, and in every tenth ten, those two are in each other.
 */
function nestGroups(random: Random, count: number): readonly (readonly number[])[] {
  const children = Array.from({ length: count }, (): number[] => []);
  const nest = (parent: number, child: number): void => {
    if (parent < count && child < count) children[parent]?.push(child);
  };
  for (let first = 0; first < count; first += family) {
    if (first % (family * 10) === 0) {
      nest(first, first + 1);
      nest(first + 1, first);
    }
    for (let link = 2; link < 6; link += 1) nest(first + link, first + link + 1);
    // Below the last of the chain they would make it deeper than five.
    for (let side = 7; side < family; side += 1) nest(first + 2 + random.below(4), first + side);
  }
  return children;
}

/** What spaces are made from. */
interface DataCenterSpaceMaterial {
  readonly users: readonly DataCenterUser[];
  readonly groups: readonly DataCenterGroup[];
  readonly count: number;
}

type Subject = DataCenterPermission["subject"];

/** What made-up spaces of either half are about. */
export const spaceTopics = [
  "Platform",
  "Payments",
  "Handbook",
  "Research",
  "Launch",
  "Policies",
  "Support",
  "Roadmap",
] as const;

const { viewing, commenting, editing, maintaining, administering, undocumented } = dataCenterProfiles;
const profiles = [viewing, commenting, editing, maintaining] as const;

/** Global and personal spaces, some archived, with grants to subjects of every kind, some of them long gone. */
function generateDataCenterSpaces(random: Random, material: DataCenterSpaceMaterial): DataCenterSpace[] {
  return Array.from({ length: material.count }, (_, at) => makeSpace(random, material, at));
}

function makeSpace(random: Random, material: DataCenterSpaceMaterial, at: number): DataCenterSpace {
  const { users } = material;
  // Nobody has two personal spaces.
  const owner = at % 5 === 3 ? users[(at - 3) / 5] : undefined;
  const creator = owner ?? users[random.below(users.length)];
  const subjects = pickSubjects(random, material, at, creator?.userKey ?? "");
  return {
    id: 131_073 + at * 65_536,
    key: owner === undefined ? `SP${at + 1}` : `~${owner.username}`,
    name: owner === undefined ? `${random.pick(spaceTopics)} ${at + 1}` : owner.displayName,
    type: owner === undefined ? "global" : "personal",
    status: at % 12 === 4 ? "archived" : "current",
    ...(creator === undefined || at % 10 === 9 ? {} : { creator: creator.userKey }),
    permissions: subjects.flatMap((subject, index) => grant(random, subject, index, at)),
  };
}

function pickSubjects(
  random: Random,
  { users, groups }: DataCenterSpaceMaterial,
  at: number,
  creatorKey: string,
): Subject[] {
  const found: Subject[] = [{ type: "user", userKey: creatorKey }];
  for (const index of random.sample(2 + random.below(5), groups.length)) {
    found.push({ type: "group", name: groups[index]?.name ?? "" });
  }
  for (const index of random.sample(1 + random.below(4), users.length)) {
    const userKey = users[index]?.userKey ?? "";
    if (userKey !== creatorKey) found.push({ type: "user", userKey });
  }
  if (at % 6 === 0) found.push({ type: "anonymous" });
  if (at % 8 === 2) found.push({ type: "unlicensed" });
  // Left over from deletions: nobody finds these any more.
  if (at % 7 === 1) found.push({ type: "user", userKey: makeUserKey(random) });
  if (at % 9 === 2) found.push({ type: "group", name: `dissolved-team-${at + 1}` });
  return found;
}

function grant(random: Random, subject: Subject, index: number, at: number): DataCenterPermission[] {
  const profile =
    index === 0
      ? administering
      : index === 1 && at % 4 === 1
        ? undocumented
        : subject.type === "anonymous" || subject.type === "unlicensed"
          ? viewing
          : random.pick(profiles);
  return profile.map((operation) => ({ subject, operation }));
}
