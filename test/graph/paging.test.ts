import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Stack, startStack } from "../support/startStack.js";
import { human } from "../support/worlds.js";
import { pagingWorld, pagingWorldFacts } from "./pagingWorld.js";
import { keyOf, keysOf, type List, readPage, walk } from "./walkPages.js";

const { members, groups, spaces, roles, crowdId } = pagingWorldFacts;
const someone = human(1).accountId;
const account = [`account(accountId: "${someone}")`];
const group = [`group(groupId: "${crowdId}")`];
const oneSpace = ['space(key: "S1")'];
const grantsOfOneSpace = 1 + members + 1 + members;
const allGrants = members + (groups - 1) + grantsOfOneSpace + 3 * (spaces - 1);

const lists: [string, number, List][] = [
  ["Query.accounts", members, { parents: [], field: "accounts", key: "accountId" }],
  ["Query.groups", groups, { parents: [], field: "groups", key: "groupId" }],
  ["Query.spaces", spaces, { parents: [], field: "spaces", key: "spaceId" }],
  ["Query.grants", allGrants, { parents: [], field: "grants", key: "id" }],
  ["Site.accounts", members, { parents: ["sites"], field: "accounts", key: "accountId" }],
  ["Site.groups", groups, { parents: ["sites"], field: "groups", key: "groupId" }],
  ["Site.spaces", spaces, { parents: ["sites"], field: "spaces", key: "spaceId" }],
  ["Site.grants", allGrants, { parents: ["sites"], field: "grants", key: "id" }],
  ["Site.spaceRoles", roles, { parents: ["sites"], field: "spaceRoles", key: "roleId" }],
  ["Account.groups", groups, { parents: account, field: "groups", key: "groupId" }],
  ["Account.grants", groups + spaces + 1, { parents: account, field: "grants", key: "id" }],
  ["Group.members", members, { parents: group, field: "members", key: "accountId" }],
  ["Group.allMembers", members, { parents: group, field: "allMembers", key: "account { accountId }" }],
  ["Group.grants", spaces, { parents: group, field: "grants", key: "id" }],
  [
    "Identity.accounts",
    1,
    { parents: [`identity(atlassianAccountId: "${someone}")`], field: "accounts", key: "accountId" },
  ],
  ["Space.grants", grantsOfOneSpace, { parents: oneSpace, field: "grants", key: "id" }],
  ["Space.roleAssignments", members, { parents: oneSpace, field: "roleAssignments", key: "id" }],
  [
    "Space.holders",
    2 + members,
    {
      parents: oneSpace,
      field: "holders",
      key: "principal { __typename ... on Account { accountId } ... on Group { groupId } }",
    },
  ],
  [
    "Space.effectiveAccess",
    members,
    { parents: oneSpace, field: "effectiveAccess", args: "wait: 30", key: "accountId" },
  ],
  ["Account.effectiveAccess", spaces, { parents: account, field: "effectiveAccess", args: "wait: 30", key: "spaceId" }],
];
const filtered: [string, number, List][] = [
  ["accounts", 11, { parents: [], field: "accounts", args: 'filter: { text: "human 1" }', key: "accountId" }],
  ["spaces", 5, { parents: [], field: "spaces", args: 'filter: { kinds: [GLOBAL], text: "2" }', key: "spaceId" }],
  [
    "groups",
    groups,
    { parents: [], field: "groups", args: "filter: { managedBy: [ADMINS, UNKNOWN] }", key: "groupId" },
  ],
  ["grants", members, { parents: [], field: "grants", args: "filter: { entitlements: [SPACE_ROLE] }", key: "id" }],
];

describe("walking a list page by page", () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack({ world: pagingWorld() });
  });
  afterAll(() => stack.close());

  it.each(lists)("gives every item of %s once, in the order of one large page", async (_, count, list) => {
    const whole = await readPage(stack, list, { first: 1_000 });
    expect(whole.totalCount).toBe(count);
    expect(new Set(keysOf(whole)).size).toBe(count);
    expect(await walk(stack, list, 7)).toEqual(keysOf(whole));
    // A last page that is full: there is nothing behind it, and it says so.
    expect(await walk(stack, list, count)).toEqual(keysOf(whole));
  });

  it("covers every connection of the schema", async () => {
    const { data } = await stack.query("{ __schema { types { name fields { name type { name ofType { name } } } } } }");
    interface Type {
      readonly name: string;
      readonly fields:
        | readonly { name: string; type: { name: string | null; ofType: { name: string } | null } }[]
        | null;
    }
    const connections = (data.__schema.types as Type[]).flatMap(({ name, fields }) =>
      (fields ?? []).flatMap((field) =>
        (field.type.name ?? field.type.ofType?.name ?? "").endsWith("Connection") ? [`${name}.${field.name}`] : [],
      ),
    );
    const here = lists.map(([name]) => name);
    // On Cloud groups hold no groups: test/datacenter/paging.test.ts walks these. Others are walked where there is something
    // in them: test/graph/changes.test.ts, compareAccess, effectiveAccess and findings in test/graph/access.
    const elsewhere = [
      "AccessClass.members",
      "Group.memberGroups",
      "Query.changes",
      "Query.compareAccess",
      "Site.findings",
    ];
    expect([...here, ...elsewhere].sort()).toEqual(connections.sort());
  });

  it.each(filtered)("gives every item of filtered %s once", async (_, count, list) => {
    const whole = await readPage(stack, list, { first: 1_000 });
    expect(whole.totalCount).toBe(count);
    expect(await walk(stack, list, 3)).toEqual(keysOf(whole));
  });

  it("continues behind any item, not only behind the last of a page", async () => {
    const list: List = { parents: group, field: "members", key: "accountId" };
    const { edges } = await readPage(stack, list, { first: 1_000 });
    for (const [index, { cursor }] of edges.entries()) {
      const rest = await readPage(stack, list, { first: 1_000, after: cursor });
      expect(keysOf(rest)).toEqual(edges.slice(index + 1).map(({ node }) => keyOf(node)));
    }
  });
});
