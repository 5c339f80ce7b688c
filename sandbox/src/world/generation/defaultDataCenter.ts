import type {
  DataCenterGroup,
  DataCenterPermission,
  DataCenterSpace,
  DataCenterUser,
  DataCenterWorld,
  WorldAccount,
} from "../World.js";
import { departments, isReachablePerson, makeDataCenterUser, makeSharedUser, makeUserKey } from "./people.js";
import { dataCenterProfiles, globalPermissions } from "./permissions.js";
import { Random } from "./random.js";

/**
 * The Data Center half of the default world: two hundred users, half of them people of `accounts`, thirty groups and thirty
 * spaces that together show everything such a site can hold. The same at every start.
 */
export function defaultDataCenterWorld(accounts: readonly WorldAccount[]): DataCenterWorld {
  const random = new Random("the default Data Center");
  const colleagues = makeDefaultColleagues(random, accounts);
  const users = colleagues.map(({ user }) => user);
  return {
    version: "10.2.0",
    contextPath: "/confluence",
    users,
    groups: defaultDataCenterGroups.map((group) => makeDefaultGroup(random, group, colleagues)),
    spaces: makeDefaultSpaces(random, users),
    globalPermissions: [...globalPermissions, ...webmasters(users)],
    administrators: ["confluence-administrators"],
  };
}

/** One person holds a permission on the site as a whole by name, as on every site that has grown. */
function webmasters(users: readonly DataCenterUser[]): DataCenterPermission[] {
  return users
    .filter(({ username }) => username === "webmaster")
    .map(({ userKey }) => ({
      subject: { type: "user", userKey },
      operation: { operationKey: "create", targetType: "space" },
    }));
}

/** A user of the default world, and the department that their groups follow from. */
interface Colleague {
  readonly user: DataCenterUser;
  readonly department: string;
}

const counts: readonly (readonly [status: DataCenterUser["status"], count: number])[] = [
  ["current", 80],
  ["deactivated", 8],
  ["externally_deleted", 2],
  ["unlicensed", 2],
];

/**
 * Two hundred users, the administrator first. Half of them have an account on the Cloud site too, some suspended there and
 * active here, some the other way round.
 */
function makeDefaultColleagues(random: Random, accounts: readonly WorldAccount[]): Colleague[] {
  const known = accounts.slice(1).filter(isReachablePerson);
  const shared = known
    .filter((_, at) => at % 2 === 0)
    .map((account, at): Colleague => {
      const status = at % 25 === 7 ? "deactivated" : "current";
      return { user: makeSharedUser(random, account, status), department: account.department ?? "IT" };
    });
  const own = counts.flatMap(([status, count]) => Array.from({ length: count }, () => status));
  return [
    ...makeNamedUsers(random),
    ...shared,
    ...own.map((status, at): Colleague => {
      return { user: makeDataCenterUser(random, status, at + 1), department: random.pick(departments) };
    }),
  ];
}

function makeNamedUsers(random: Random): Colleague[] {
  const make = (username: string, displayName: string, email: string, lastLogin?: string): DataCenterUser => ({
    userKey: makeUserKey(random),
    username,
    displayName,
    email,
    status: "current",
    ...(lastLogin === undefined ? {} : { lastLogin }),
  });
  return [
    { user: make("admin", "Robin Adeyemi", "admin@sandbox.test", "2026-11-20T16:05:00.000Z"), department: "IT" },
    // A group has the same name.
    { user: make("webmaster", "Web master", "webmaster@northwind.example"), department: "IT" },
    // From a directory that names people by their address and keeps the case in which it was typed.
    {
      user: make(
        "Ines.Weber@Northwind.example",
        "Ines Weber",
        "ines.weber@northwind.example",
        "2026-11-19T09:12:00.000Z",
      ),
      department: "Marketing",
    },
  ];
}

/** A group of the default world, who is in it, and which groups are in it. */
interface DefaultDataCenterGroup {
  readonly name: string;
  /** `share` of everybody of the department, or of everybody; from 0 to 1. */
  readonly department?: string;
  readonly share?: number;
  /** User names of members besides. */
  readonly members?: readonly string[];
  /** Whether the share is taken of those without a licence, who are in no other group. */
  readonly isForUnlicensed?: boolean;
  readonly groups?: readonly string[];
}

/** Groups in groups in groups, five deep below `staff`. */
const defaultDataCenterGroups: readonly DefaultDataCenterGroup[] = [
  { name: "confluence-users", share: 1 },
  { name: "confluence-administrators", members: ["admin"], groups: ["wiki-admins"] },
  { name: "wiki-admins", department: "IT", share: 0.15 },
  // Nobody is in it directly.
  { name: "staff", groups: ["engineering", "people", "finance", "legal", "marketing", "sales", "support", "it"] },
  { name: "engineering", department: "Engineering", share: 0.4, groups: ["platform", "payments", "mobile"] },
  { name: "platform", department: "Engineering", share: 0.2, groups: ["platform-oncall", "platform-storage"] },
  { name: "platform-oncall", department: "Engineering", share: 0.15, groups: ["platform-oncall-primary"] },
  { name: "platform-oncall-primary", department: "Engineering", share: 0.2 },
  { name: "platform-storage", department: "Engineering", share: 0.15 },
  { name: "payments", department: "Engineering", share: 0.25, groups: ["payments-oncall"] },
  { name: "payments-oncall", department: "Engineering", share: 0.15 },
  { name: "mobile", department: "Engineering", share: 0.25 },
  { name: "people", department: "People", share: 0.7, groups: ["recruiting"] },
  { name: "recruiting", department: "People", share: 0.4 },
  { name: "finance", department: "Finance", share: 0.8, groups: ["payroll"] },
  { name: "payroll", department: "Finance", share: 0.3 },
  { name: "legal", department: "Legal", share: 1 },
  { name: "marketing", department: "Marketing", share: 1, members: ["ines.weber@northwind.example"] },
  { name: "sales", department: "Sales", share: 0.6, groups: ["sales-emea"] },
  // No path can name it: the server refuses %2F.
  { name: "sales-emea", department: "Sales", share: 0.4 },
  { name: "support", department: "Support", share: 0.8, groups: ["support-tier-2"] },
  { name: "support-tier-2", department: "Support", share: 0.4 },
  { name: "it", department: "IT", share: 0.8, groups: ["it-service-desk"] },
  { name: "it-service-desk", department: "IT", share: 0.4 },
  // Each is in the other.
  { name: "docs-writers", department: "Marketing", share: 0.3, groups: ["docs-reviewers"] },
  { name: "docs-reviewers", department: "Support", share: 0.3, groups: ["docs-writers"] },
  // A user has the same name.
  { name: "webmaster", department: "IT", share: 0.2 },
  { name: "contractors", share: 1, isForUnlicensed: true },
  { name: "project-kingfisher" },
];

/** A group with its members. Whoever was deactivated keeps the memberships; whom the directory forgot has none. */
function makeDefaultGroup(
  random: Random,
  { name, department, share = 0, members = [], isForUnlicensed = false, groups }: DefaultDataCenterGroup,
  colleagues: readonly Colleague[],
): DataCenterGroup {
  const found = colleagues.filter((colleague) => {
    const { status } = colleague.user;
    if (status === "externally_deleted" || (status === "unlicensed") !== isForUnlicensed) return false;
    if (department !== undefined && colleague.department !== department) return false;
    return random.isLikely(share);
  });
  const named = new Set(members.map((username) => username.toLowerCase()));
  const others = found.map(({ user }) => user.username).filter((username) => !named.has(username.toLowerCase()));
  return { name, members: [...members, ...others], ...(groups === undefined ? {} : { groups }) };
}

/** A space of the default world: who holds what in it. */
interface DefaultDataCenterSpace {
  readonly key: string;
  readonly name: string;
  readonly status?: DataCenterSpace["status"];
  /** `group:NAME` (it may be gone), `user:NAME`, `some:STATUS` (one user of it), `gone:user`, `anonymous`, `unlicensed`. */
  readonly grants: Readonly<Record<string, keyof typeof dataCenterProfiles>>;
}

const usersRead = { "group:confluence-users": "viewing" } as const;

/** Spaces with telling names; together they hold every kind of subject, grant and state. */
const defaultDataCenterSpaces: readonly DefaultDataCenterSpace[] = [
  {
    key: "ds",
    name: "Demonstration Space",
    grants: { "group:confluence-users": "editing", "group:confluence-administrators": "administering" },
  },
  { key: "ENG", name: "Engineering", grants: { "group:engineering": "editing", "group:wiki-admins": "administering" } },
  { key: "PLAT", name: "Platform", grants: { "group:platform": "administering", "group:engineering": "commenting" } },
  {
    key: "ONCALL",
    name: "On call",
    grants: {
      "group:platform-oncall-primary": "administering",
      "group:platform-oncall": "maintaining",
      "group:payments-oncall": "editing",
    },
  },
  { key: "STORE", name: "Storage", grants: { "group:platform-storage": "administering", ...usersRead } },
  {
    key: "PAY",
    name: "Payments",
    grants: { "group:payments": "administering", "group:finance": "viewing", "some:current": "editing" },
  },
  { key: "MOBILE", name: "Mobile apps", grants: { "group:mobile": "administering", "group:engineering": "viewing" } },
  { key: "HR", name: "People", grants: { "group:people": "administering", "some:unlicensed": "viewing" } },
  { key: "JOBS", name: "Recruiting", grants: { "group:recruiting": "administering", "group:people": "viewing" } },
  { key: "FIN", name: "Finance", grants: { "group:finance": "administering", "some:deactivated": "editing" } },
  { key: "PAYROLL", name: "Payroll", grants: { "group:payroll": "administering" } },
  // Its only administrator was deactivated.
  {
    key: "LEGACY",
    name: "Legacy contracts",
    grants: { "some:deactivated": "administering", "group:legal": "viewing" },
  },
  { key: "LEGAL", name: "Legal", grants: { "group:legal": "administering", "group:staff": "viewing" } },
  { key: "MKT", name: "Marketing", grants: { "group:marketing": "administering", "group:staff": "commenting" } },
  {
    key: "SALES",
    name: "Sales",
    grants: { "group:sales": "administering", "group:sales-emea": "maintaining", "gone:user": "editing" },
  },
  // What deletions left behind: a user and a group that nobody finds any more.
  {
    key: "EXPO",
    name: "Trade fairs",
    grants: { "group:marketing": "administering", "group:events-2019": "editing", "gone:user": "viewing" },
  },
  { key: "SUP", name: "Support", grants: { "group:support": "editing", "group:support-tier-2": "administering" } },
  {
    key: "IT",
    name: "IT services",
    grants: { "group:it": "administering", "group:it-service-desk": "maintaining", unlicensed: "commenting" },
  },
  {
    key: "DOCS",
    name: "Product documentation",
    grants: { "group:docs-writers": "administering", "group:docs-reviewers": "commenting", anonymous: "viewing" },
  },
  {
    key: "WEB",
    name: "Web site",
    grants: { "user:webmaster": "administering", "group:webmaster": "editing", ...usersRead },
  },
  {
    key: "EXPORT",
    name: "Exports for audits",
    grants: { "user:admin": "administering", "group:finance": "undocumented", "group:contractors": "undocumented" },
  },
  { key: "KING", name: "Project Kingfisher", grants: { "group:project-kingfisher": "administering" } },
  {
    key: "OLD",
    name: "Old intranet",
    status: "archived",
    grants: { "group:confluence-administrators": "administering", ...usersRead, anonymous: "viewing" },
  },
  {
    key: "ACQ",
    name: "Acquisition 2022",
    status: "archived",
    grants: { "group:legal": "administering", "some:externally_deleted": "viewing" },
  },
];

type Subject = DataCenterPermission["subject"];

/** The named spaces, then personal ones: of the administrator, of whoever has an odd name, of one in fifty, one archived. */
function makeDefaultSpaces(random: Random, users: readonly DataCenterUser[]): DataCenterSpace[] {
  const named = defaultDataCenterSpaces.map((space, at) => makeNamedSpace(random, space, at, users));
  const hermit = users.find(({ status }) => status === "deactivated");
  const owners = users.filter(({ username }, at) => at % 50 === 0 || username.includes("@"));
  const personal = [...owners, ...(hermit === undefined ? [] : [hermit])].map((owner, at) =>
    makePersonal(owner, named.length + at, owner === hermit ? "archived" : "current"),
  );
  return [...named, ...personal];
}

function makeNamedSpace(
  random: Random,
  { key, name, status = "current", grants }: DefaultDataCenterSpace,
  at: number,
  users: readonly DataCenterUser[],
): DataCenterSpace {
  const creator = users[random.below(users.length)];
  return {
    id: idAt(at),
    key,
    name,
    type: "global",
    status,
    // Older sites do not know of every space who made it.
    ...(creator === undefined || at % 9 === 8 ? {} : { creator: creator.userKey }),
    permissions: Object.entries(grants).flatMap(([text, profile]) => {
      const subject = findSubject(random, text, users);
      return dataCenterProfiles[profile].map((operation) => ({ subject, operation }));
    }),
  };
}

function findSubject(random: Random, text: string, users: readonly DataCenterUser[]): Subject {
  if (text === "anonymous" || text === "unlicensed") return { type: text };
  const [sort, name = ""] = text.split(":");
  if (sort === "group") return { type: "group", name };
  // Left over from a deletion: nobody has this key any more.
  if (sort === "gone") return { type: "user", userKey: makeUserKey(random) };
  const candidates = users.filter(({ username, status }) => (sort === "user" ? username : status) === name);
  return { type: "user", userKey: candidates[random.below(candidates.length)]?.userKey ?? "" };
}

function makePersonal(
  { userKey, username, displayName }: DataCenterUser,
  at: number,
  status: DataCenterSpace["status"],
) {
  const subject: Subject = { type: "user", userKey };
  return {
    id: idAt(at),
    key: `~${username}`,
    name: displayName,
    type: "personal",
    status,
    creator: userKey,
    permissions: dataCenterProfiles.administering.map((operation) => ({ subject, operation })),
  } satisfies DataCenterSpace;
}

function idAt(at: number): number {
  return 131_073 + at * 65_536;
}
