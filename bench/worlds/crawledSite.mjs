/** The sites of `bench/crawl.mjs`: groups of which some have several pages, and as many grants in each space. */

export const size = { accounts: 1_200, groups: 200, memberships: 12_000, spaces: 500, grants: 20_000, suspended: 7 };
const operations = ["read/space", "create/page", "create/comment", "delete/page"];

/** How many members each group has: one of everybody, some of several pages, the rest alike. */
export const sizes = Array.from({ length: size.groups }, (_, group) =>
  group === 0 ? size.accounts : group < 20 ? 290 : 0,
);
const left = size.memberships - sizes.reduce((sum, each) => sum + each, 0);
for (let group = 20; group < size.groups; group += 1)
  sizes[group] = Math.floor(left / (size.groups - 20)) + (group - 20 < left % (size.groups - 20) ? 1 : 0);
const memberOf = (group, place) => (group * 31 + place) % size.accounts;

/** `spaces`: how many, where it is not as many as usual. */
export function cloudWorld({ spaces = size.spaces, ...mode }) {
  const isSuspended = (number) => number < size.suspended;
  const accounts = Array.from({ length: size.accounts }, (_, number) => ({
    accountId: `712020:${String(number).padStart(8, "0")}`,
    accountType: "atlassian",
    accountStatus: "active",
    displayName: `Person ${number}`,
    email: `person-${number}@example.com`,
    ...(mode.isOrganization && isSuspended(number) ? { orgStatus: "suspended" } : {}),
  }));
  const id = (number) => accounts[number % size.accounts].accountId;
  const perSpace = size.grants / size.spaces;
  const row = (space, at) => {
    const [key, targetType] = operations[at % operations.length].split("/");
    const holder = Math.floor(at / operations.length);
    const principal =
      holder % 2 === 0
        ? { type: "user", id: id(space * 7 + holder) }
        : { type: "group", id: `g-${(space + holder) % size.groups}` };
    return { principal, operation: { key, targetType } };
  };
  return {
    cloud: {
      cloudId: "11111111-2222-3333-4444-555555555555",
      mode: mode.model,
      accounts,
      groups: sizes.map((count, group) => ({
        id: `g-${group}`,
        name: `Group ${group}`,
        members: Array.from({ length: count }, (_, place) => id(memberOf(group, place))),
      })),
      roles: [{ id: "role-1", type: "SYSTEM", name: "Viewer", description: "", spacePermissions: ["read/space"] }],
      spaces: Array.from({ length: spaces }, (_, space) => ({
        id: String(1_000 + space),
        key: `S${space}`,
        name: `Space ${space}`,
        type: "global",
        status: "current",
        authorId: id(0),
        createdAt: "2026-01-01T00:00:00.000Z",
        permissions: Array.from({ length: perSpace }, (_, at) => row(space, at)),
        roleAssignments: [],
      })),
    },
  };
}

export function dataCenterWorld() {
  const key = (number) => String(number % size.accounts).padStart(32, "0");
  const group = (number) => `group-${number % size.groups}`;
  const perSpace = size.grants / size.spaces;
  const row = (space, at) => {
    const [operationKey, targetType] = operations[at % operations.length].split("/");
    const holder = Math.floor(at / operations.length);
    const subject =
      holder % 2 === 0
        ? { type: "user", userKey: key(space * 7 + holder) }
        : { type: "group", name: group(space + holder) };
    return { subject, operation: { operationKey, targetType } };
  };
  return {
    dataCenter: {
      version: "10.2.0",
      contextPath: "/confluence",
      users: Array.from({ length: size.accounts }, (_, number) => ({
        userKey: key(number),
        username: `person-${number}`,
        displayName: `Person ${number}`,
        email: `person-${number}@example.com`,
        status: "current",
      })),
      groups: sizes.map((count, number) => ({
        name: group(number),
        members: Array.from({ length: count }, (_, place) => `person-${memberOf(number, place)}`),
      })),
      spaces: Array.from({ length: size.spaces }, (_, space) => ({
        id: 131_072 + space,
        key: `S${space}`,
        name: `Space ${space}`,
        type: "global",
        status: "current",
        permissions: Array.from({ length: perSpace }, (_, at) => row(space, at)),
      })),
      globalPermissions: [
        { subject: { type: "group", name: group(0) }, operation: { operationKey: "use", targetType: "application" } },
      ],
      administrators: [group(0)],
    },
  };
}
