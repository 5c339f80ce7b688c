/** Made-up sites as files that the sandbox reads, the same in every run. */

export const personId = (number) => `712020:${String(number).padStart(8, "0")}-0000-4000-8000-000000000000`;
const groupId = (number) => `${String(number).padStart(8, "0")}-1111-4111-8111-111111111111`;
const operations = [
  ...["read/space", "create/page", "create/comment", "create/attachment", "delete/page"],
  ...["archive/page", "export/space", "administer/space"],
];

/** As many as in the words of the point that it stands for, or fewer. */
export const siteSizes = {
  /** A thousand grants, five spaces, 250 accounts: what cached answers are measured on. */
  cached: { accounts: 300, memberSizes: [300, ...times(29, () => 20)], spaces: 25, grantsOfSpace: 60 },
  /** 200 groups with 12,000 memberships on 233 pages, 500 spaces, 20,000 grants. */
  whole: { accounts: 1_200, memberSizes: sizesOf(200, 12_000, 33), spaces: 500, grantsOfSpace: 40 },
  /** The first 25 of 200 groups hold 1,427 memberships, all of them take 225 pages; 25 spaces have 848 grants. */
  joined: {
    accounts: 1_100,
    memberSizes: [1_000, ...times(24, (at) => (at < 19 ? 18 : 17)), ...times(175, (at) => (at < 21 ? 201 : 10))],
    spaces: 25,
    grantsOfSpace: (space) => (space < 23 ? 34 : 33),
    grantsOfHolder: 2,
  },
  /** 20,000 spaces with 500,000 grants, and no more accounts than user search lists. */
  large: { accounts: 9_000, memberSizes: sizesOf(2_000, 100_000, 20), spaces: 20_000, grantsOfSpace: 25 },
  short: { accounts: 260, memberSizes: [260, ...times(9, () => 12)], spaces: 12, grantsOfSpace: 20 },
};

function times(count, make) {
  return Array.from({ length: count }, (_, at) => make(at));
}

/** Groups of a page and a bit, as many as are to take a second page, and smaller ones that share what is left evenly. */
function sizesOf(groups, memberships, twoPages) {
  const left = memberships - twoPages * 201;
  const others = groups - twoPages;
  return Array.from({ length: groups }, (_, at) =>
    at < twoPages ? 201 : Math.floor(left / others) + (at - twoPages < left % others ? 1 : 0),
  );
}

export function makeSite({ accounts, memberSizes, spaces, grantsOfSpace, grantsOfHolder = operations.length }) {
  const person = (number) => personId(number % accounts);
  const row = (space, at) => {
    const [key, targetType] = operations[at % operations.length].split("/");
    const holder = Math.floor(at / grantsOfHolder);
    const principal =
      holder % 3 === 1
        ? { type: "group", id: groupId((space * 5 + holder) % memberSizes.length) }
        : { type: "user", id: person(space * 17 + holder * 101) };
    return { principal, operation: { key, targetType } };
  };
  return {
    cloud: {
      cloudId: "11111111-2222-3333-4444-555555555555",
      mode: "PRE_ROLES",
      accounts: Array.from({ length: accounts }, (_, number) => ({
        accountId: personId(number),
        accountType: "atlassian",
        accountStatus: number % 40 === 39 ? "inactive" : "active",
        displayName: `Person ${number}`,
        email: `person-${number}@example.com`,
      })),
      groups: memberSizes.map((count, group) => ({
        id: groupId(group),
        name: `Group ${String(group).padStart(4, "0")}`,
        members: Array.from({ length: count }, (_, place) => person(group * 31 + place)),
      })),
      roles: [],
      spaces: Array.from({ length: spaces }, (_, space) => ({
        id: String(100_000 + space),
        key: `S${space}`,
        name: `Space ${space}`,
        type: "global",
        status: "current",
        authorId: personId(0),
        createdAt: "2026-01-01T00:00:00.000Z",
        permissions: times(grantCount(grantsOfSpace, space), (at) => row(space, at)),
        roleAssignments: [],
      })),
    },
  };
}

const grantCount = (grantsOfSpace, space) => (typeof grantsOfSpace === "number" ? grantsOfSpace : grantsOfSpace(space));
const pages = (rows, aPage) => Math.max(1, Math.ceil(rows / aPage));

/** The calls that a reading of everything takes, worked out from the site's size alone. */
export function callsOf({ accounts, memberSizes, spaces, grantsOfSpace }) {
  return {
    groups: pages(memberSizes.length, 200),
    members: memberSizes.reduce((sum, count) => sum + pages(count, 200), 0),
    // In use, and a page each of the archived ones and those in the trash, whose grants name accounts too.
    spaces: pages(spaces, 250) + 2,
    grants: times(spaces, (space) => pages(grantCount(grantsOfSpace, space), 250)).reduce((sum, each) => sum + each, 0),
    accounts: pages(accounts, 250),
    // Search names no next page: an empty one ends it.
    search: pages(accounts, 200) + 1,
  };
}
