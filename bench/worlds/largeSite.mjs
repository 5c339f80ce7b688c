/**
 * A site of full size, or of a part of it, made from a seed part by part: 100,000 accounts, 5,000 groups with 2,000,000
 * memberships, 20,000 spaces in which 2,000,000 times somebody holds something.
 */
import { performance } from "node:perf_hooks";

const full = { accounts: 100_000, groups: 5_000, memberships: 2_000_000, spaces: 20_000, rows: 2_000_000 };

export const sizeOf = (scale) =>
  Object.fromEntries(Object.entries(full).map(([name, count]) => [name, Math.round(count * scale)]));

/** mulberry32 */
export function randomFrom(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const pairs = [
  ...["read/space", "export_content/space", "create/page", "update/page", "create/comment", "create/attachment"],
  ...["delete/page", "delete/comment", "create/blogpost", "delete/blogpost", "delete/attachment", "archive/page"],
  ...["restrict_content/space", "export/space", "delete/space", "administer/space", "archive_space/space"],
  ...["delete_space/space", "manage_content/space", "manage_guest_users/space", "manage_look_and_feel/space"],
  ...["manage_nonlicensed_users/space", "manage_public_links/space", "manage_templates/space", "manage_users/space"],
  ...Array.from({ length: 15 }, (_, index) => `app_${index}/content`),
];
export const operations = pairs.map((pair) => ({ key: pair.split("/")[0], target: pair.split("/")[1] }));
export const roles = ["viewer", "editor", "manager"].map((name, index) => ({
  roleId: `role-${name}`,
  name,
  description: null,
  reportedType: "SYSTEM",
  permissions: operations.slice(0, [2, 8, 25][index]),
}));
const hex = (number, length) => number.toString(16).padStart(length, "0");
export const accountId = (number) =>
  `712020:${hex(Math.imul(number, 0x9e3779b1) >>> 0, 8)}-4c1d-4a5b-9e0f-${hex(number, 12)}`;
export const groupId = (number) => `${hex(Math.imul(number, 0x85ebca6b) >>> 0, 8)}-77aa-4b1c-8d2e-${hex(number, 12)}`;
export const spaceId = (number) => String(327_680 + number * 64);
export const whole = (items) => ({ items, gaps: [], asOfMs: 1_000, assumptions: [] });

function* membersOf(size, group, random) {
  // A few large groups, as every site has them, and many small ones.
  const count = group === 1 ? size.accounts : group <= 20 ? size.accounts / 10 : 0;
  const left = (size.memberships - size.accounts - (size.accounts / 10) * 19) / (size.groups - 20);
  const wanted = Math.round(count > 0 ? count : left);
  const start = Math.floor(random() * size.accounts);
  const stride = group === 1 ? 1 : 1 + Math.floor(random() * 13);
  for (let index = 0; index < wanted; index += 1) yield accountId(1 + ((start + index * stride) % size.accounts));
}

const templates = [[0, 1], [0, 1, 2, 3, 4], [0, 1, 2, 3, 4, 5], [0, 2, 3, 4, 6, 7, 8, 9], [0, 13, 15, 24], [0]];

export function grantsOf(size, space, random, counts) {
  const grants = [];
  const rows = size.rows / size.spaces;
  const seen = new Set();
  let row = space * 4_000;
  const add = (principal, key) => {
    if (seen.has(key)) return false;
    seen.add(key);
    if (random() < 0.15) grants.push({ kind: "role", principal, roleId: roles[Math.floor(random() * 3)].roleId });
    if (grants.length === 0 || random() < 0.9) {
      const template = templates[Math.floor(random() * templates.length)];
      const extra = random() < 0.2 ? [10 + Math.floor(random() * (operations.length - 10))] : [];
      for (const place of new Set([...template, ...extra])) {
        row += 1 + Math.floor(random() * 3);
        grants.push({ kind: "permission", permissionId: String(row), principal, operation: operations[place] });
      }
    } else grants.push({ kind: "role", principal, roleId: roles[0].roleId });
    counts.rows += 1;
    return true;
  };
  if (random() < 0.3) add({ kind: "accessClass", classId: "all-licensed-users", reportedType: "access-class" }, "c1");
  if (random() < 0.03) add({ kind: "accessClass", classId: "anonymous-users", reportedType: "access-class" }, "c2");
  while (seen.size < rows) {
    const number = Math.floor(random() ** 2 * size.groups) + 1;
    if (random() < 0.5) add({ kind: "group", groupId: groupId(number) }, `g${number}`);
    else {
      const account = Math.floor(random() * size.accounts) + 1;
      add({ kind: "account", accountId: accountId(account) }, `a${account}`);
    }
  }
  counts.grants += grants.length;
  return grants;
}

/** Once around the event loop for whoever builds beside others; nothing to do for who does not. */
const plainly = {
  measure: (_what, work) => work(),
  all(_what, steps) {
    while (!steps.next().done);
  },
};

/**
 * Puts the site into an index in the order of a crawl: spaces, groups with their members, accounts, grants.
 *
 * @param steps told of each step that the index takes; `askMeanwhile` is called now and then with the number of an account
 * @returns what was put in, and how long making it up took
 */
export function fill(index, { size, random, steps = plainly, askMeanwhile = () => undefined }) {
  const counts = { memberships: 0, rows: 0, grants: 0 };
  let generatingMs = 0;
  const made = (make) => {
    const began = performance.now();
    const result = make();
    generatingMs += performance.now() - began;
    return result;
  };
  const pageOf = (first, last, make) =>
    Array.from({ length: Math.min(250, last - first + 1) }, (_, at) => make(first + at));
  index.replaceRoles({ model: "ROLES_TRANSITION", roles: whole(roles), gaps: [] });
  for (let first = 1; first <= size.spaces; first += 250) {
    const page = made(() =>
      pageOf(first, size.spaces, (number) => ({
        spaceId: spaceId(number),
        key: `S${number}`,
        name: `Space number ${number}`,
        kind: "GLOBAL",
        status: random() < 0.05 ? "ARCHIVED" : "CURRENT",
        gaps: [],
      })),
    );
    steps.measure("a page of spaces", () => index.replaceSpaces(page));
  }
  for (let group = 1; group <= size.groups; group += 1) {
    const members = made(() => [...new Set(membersOf(size, group, random))]);
    counts.memberships += members.length;
    steps.measure("a group", () => index.replaceGroups([{ groupId: groupId(group), name: `group-${group}` }]));
    steps.all("members of a group", index.replacingGroupMembers(groupId(group), whole(members)));
    if (group % 250 === 0) askMeanwhile(group);
  }
  for (let first = 1; first <= size.accounts; first += 250) {
    const page = made(() =>
      pageOf(first, size.accounts, (number) => ({
        accountId: accountId(number),
        displayName: `Person ${number}`,
        kind: random() < 0.95 ? "HUMAN" : "GUEST",
        status: random() < 0.97 ? "ACTIVE" : "SUSPENDED",
        isLicensed: random() < 0.97,
        hasAdminRole: false,
        roleGaps: [],
        gaps: [],
      })),
    );
    steps.measure("a page of accounts", () => index.replaceAccounts(page, 1_000));
  }
  for (let space = 1; space <= size.spaces; space += 1) {
    const grants = made(() => grantsOf(size, space, random, counts));
    steps.all("grants of a space", index.replacingSpaceGrants(spaceId(space), whole(grants)));
    if (space % 1_000 === 0) askMeanwhile(space);
  }
  index.replaceAdminGroups(whole([groupId(3)]));
  for (const name of ["accounts", "groups", "spaces"]) index.settleList(name, whole([]));
  return { counts, generatingMs };
}
