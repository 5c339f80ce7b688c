import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { keysOf, type List, readPage, walk } from "../graph/walkPages.js";
import { smallDataCenterWorld } from "../support/dataCenterWorlds.js";
import { type DataCenterStack, startDataCenterStack } from "../support/startDataCenterStack.js";

const children = Array.from({ length: 23 }, (_, index) => `child-${index}`);
const parents = ['group(name: "parent")'];
const lists: readonly [string, number, List][] = [
  ["Group.memberGroups", children.length, { parents, field: "memberGroups", key: "groupId" }],
  ["Group.allMembers", 11, { parents, field: "allMembers", key: "account { accountId }" }],
  ["Group.grants", 1, { parents: ['group(name: "child-1")'], field: "grants", key: "id" }],
  [
    "grants that are site-wide",
    9,
    { parents: [], field: "grants", args: "filter: { entitlements: [SITE_PERMISSION] }", key: "id" },
  ],
];

describe("walking a list of a Data Center page by page", () => {
  let stack: DataCenterStack;
  beforeAll(async () => {
    const { dataCenter } = smallDataCenterWorld();
    const usernames = dataCenter.users.slice(0, 11).map(({ username }) => username);
    const groups = [
      // Without them nobody would administer the site, and nobody else is told of members.
      ...dataCenter.groups.slice(0, 2),
      { name: "parent", members: [], groups: children },
      ...children.map((name, index) => ({ name, members: usernames.slice(0, index) })),
    ];
    stack = await startDataCenterStack({ world: smallDataCenterWorld("10.2.0", { groups }) });
  });
  afterAll(() => stack[Symbol.asyncDispose]());

  it.each(lists)("gives every item of %s once, in the order of one large page", async (_, count, list) => {
    const whole = await readPage(stack, list, { first: 1_000 });
    expect(whole.totalCount).toBe(count);
    expect(new Set(keysOf(whole)).size).toBe(count);
    expect(await walk(stack, list, 4)).toEqual(keysOf(whole));
  });
});
