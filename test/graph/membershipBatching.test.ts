import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Stack, startStack } from "../support/startStack.js";
import { cloudWorld, human, permission, space } from "../support/worlds.js";
import { membershipWorld, membershipWorldFacts } from "./membershipWorld.js";

const { groups, groupPages, accounts, crowdPages } = membershipWorldFacts;
/** One call a page of groups, one a page of members. */
const exactCalls = groupPages + crowdPages + (groups - 1);

const byIds = `{ groups(first: 1000) { nodes { groupId members(first: 1000) { totalCount nodes {
  accountId groups(first: 1000) { totalCount nodes { groupId } } } } } } }`;
const byNames = `{ groups(first: 1000) { nodes { name members(first: 1000) { nodes {
  displayName groups(first: 1000) { nodes { name } } } } } } }`;

describe("all groups, their members, and the groups of those", () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack({ world: membershipWorld() });
    await stack.forgetCalls();
  });
  afterAll(() => stack.close());

  it("makes one call a page of groups and members, no memberof, and none for accounts whose ids suffice", async () => {
    const { data, errors } = await stack.query(byIds);
    expect(errors).toBeUndefined();
    expect(data.groups.nodes).toHaveLength(groups);
    const [crowd, second] = data.groups.nodes;
    expect(crowd.members.totalCount).toBe(accounts);
    expect(second.members.nodes.map((member: { groups: unknown }) => member.groups)).toEqual([
      { totalCount: 2, nodes: [{ groupId: "group-001" }, { groupId: "group-002" }] },
      { totalCount: 2, nodes: [{ groupId: "group-001" }, { groupId: "group-002" }] },
    ]);
    expect(stack.countCalls("GET", /\/rest\/api\/group$/)).toBe(groupPages);
    expect(stack.countCalls("GET", /\/membersByGroupId$/)).toBe(crowdPages + groups - 1);
    expect(stack.countCalls("GET", /\/memberof$/)).toBe(0);
    expect(stack.calls()).toHaveLength(exactCalls);
  });

  it("asks for names 250 accounts a call, once all pages of members are in, and for group names not at all", async () => {
    await stack.forgetCalls();
    const { data, errors } = await stack.query(byNames);
    expect(errors).toBeUndefined();
    expect(data.groups.nodes[1].members.nodes[0]).toEqual({
      displayName: "Human 3",
      groups: { nodes: [{ name: "Group 001" }, { name: "Group 002" }] },
    });
    expect(stack.countCalls("POST", /\/users-bulk$/)).toBe(Math.ceil(accounts / 250));
    expect(stack.calls()).toHaveLength(Math.ceil(accounts / 250));
  });

  it("makes just as many calls for all of it at once when it reads afresh", async () => {
    await stack.forgetCalls();
    const { errors } = await stack.query(byNames, {}, { "cache-control": "no-cache" });
    expect(errors).toBeUndefined();
    expect(stack.countCalls("GET", /\/memberof$/)).toBe(0);
    expect(stack.calls()).toHaveLength(exactCalls + Math.ceil(accounts / 250));
  });

  it("asks nothing the second time", async () => {
    await stack.forgetCalls();
    const { data } = await stack.query(byNames);
    expect(data.groups.nodes).toHaveLength(groups);
    expect(stack.calls()).toEqual([]);
  });
});

describe("the groups of one account", () => {
  const someone = human(1).accountId;
  const world = cloudWorld({
    accounts: [human(1), human(2), { ...human(3), orgStatus: "suspended" }],
    groups: [
      { id: "g-1", name: "Designers", members: [human(1).accountId, human(3).accountId] },
      { id: "g-2", name: "Writers", members: [human(1).accountId, human(2).accountId] },
    ],
    spaces: [space(1, { permissions: [permission("user", human(3).accountId)] })],
  });
  const document = `query ($accountId: ID!) { account(accountId: $accountId) {
    accountId groups { totalCount nodes { groupId name } } } }`;

  it("asks memberof once, and for no group, when no list is at hand", async () => {
    await using stack = await startStack({ world });
    await stack.forgetCalls();
    const { data } = await stack.query(document, { accountId: someone });
    expect(data.account.groups).toEqual({
      totalCount: 2,
      nodes: [
        { groupId: "g-1", name: "Designers" },
        { groupId: "g-2", name: "Writers" },
      ],
    });
    // memberof names no next page: its second page is the empty one that ends the list.
    expect(stack.calls().filter((call) => call.includes("/memberof"))).toEqual([
      expect.stringContaining("start=0"),
      expect.stringContaining("start=2"),
    ]);
    expect(stack.countCalls("GET", /\/group/)).toBe(0);
  });

  it("turns the member lists round instead when they are at hand", async () => {
    await using stack = await startStack({ world });
    await stack.query("{ groups { nodes { members { nodes { accountId } } } } }");
    await stack.forgetCalls();
    const { data } = await stack.query(document, { accountId: someone });
    expect(data.account.groups.totalCount).toBe(2);
    expect(stack.countCalls("GET", /\/memberof$/)).toBe(0);
    expect(stack.countCalls("GET", /\/membersByGroupId$/)).toBe(0);
  });

  it("asks memberof for an account that stands in no member list, because suspended people keep their groups", async () => {
    await using stack = await startStack({ world });
    await stack.query("{ groups { nodes { members { nodes { accountId } } } } }");
    await stack.forgetCalls();
    const { data } = await stack.query("{ accounts { nodes { accountId groups { nodes { groupId } } } } }");
    expect(data.accounts.nodes).toEqual([
      { accountId: human(1).accountId, groups: { nodes: [{ groupId: "g-1" }, { groupId: "g-2" }] } },
      { accountId: human(2).accountId, groups: { nodes: [{ groupId: "g-2" }] } },
      { accountId: human(3).accountId, groups: { nodes: [{ groupId: "g-1" }] } },
    ]);
    const asked = stack.calls().filter((call) => call.includes("/memberof"));
    expect(asked.length).toBeGreaterThan(0);
    expect(asked.every((call) => call.includes(encodeURIComponent(human(3).accountId)))).toBe(true);
  });
});

describe("everyone", () => {
  it("costs the pages of search, groups, members, spaces and permissions, and a call for each 250 accounts", async () => {
    await using stack = await startStack({
      world: cloudWorld({
        accounts: Array.from({ length: 260 }, (_, index) => human(index + 1)),
        groups: [
          { id: "g-1", name: "One", members: [human(1).accountId] },
          { id: "g-2", name: "Two", members: [human(2).accountId] },
        ],
        spaces: [space(1, { permissions: [permission("user", human(3).accountId)] }), space(2)],
      }),
    });
    await stack.forgetCalls();
    const { data, errors } = await stack.query("{ accounts(first: 1000) { totalCount nodes { displayName } } }");
    expect(errors).toBeUndefined();
    expect(data.accounts.totalCount).toBe(260);
    expect(data.accounts.nodes.at(-1)).toEqual({ displayName: "Human 260" });
    // User search names no next page: its third page is the empty one that ends it.
    expect(stack.countCalls("GET", /\/search\/user$/)).toBe(3);
    expect(stack.countCalls("GET", /\/rest\/api\/group$/)).toBe(1);
    expect(stack.countCalls("GET", /\/membersByGroupId$/)).toBe(2);
    expect(stack.countCalls("GET", /\/spaces$/)).toBe(3);
    expect(stack.countCalls("GET", /\/permissions$/)).toBe(2);
    expect(stack.countCalls("POST", /\/users-bulk$/)).toBe(2);
    expect(stack.calls()).toHaveLength(13);
  });
});
