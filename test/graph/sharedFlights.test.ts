import { describe, expect, it } from "vitest";
import { startStack } from "../support/startStack.js";
import { batchingWorld } from "../support/worlds.js";

const cases = [
  {
    what: "every group's members and their groups",
    document: `{ groups(first: 100) { nodes { name members(first: 100) { nodes {
      displayName groups(first: 10) { nodes { name } } } } } } }`,
    // One group list, 32 member lists, 300 accounts in two calls.
    calls: 1 + 32 + 2,
  },
  {
    what: "848 grants of 25 spaces with their principals' names",
    document: `{ spaces(first: 25) { nodes { key grants(first: 100) { nodes { principal {
      __typename ... on Account { displayName } ... on Group { name } ... on AccessClass { name } } } } } } }`,
    calls: 1 + 25 + 1 + 2,
  },
];

describe("50 identical queries at the same moment, on a cold cache", () => {
  it.each(cases)("cost the $calls calls of one: $what", async ({ document, calls }) => {
    await using stack = await startStack({ world: batchingWorld() });
    await stack.forgetCalls();
    const answers = await Promise.all(Array.from({ length: 50 }, () => stack.query(document)));
    expect(answers.filter(({ errors }) => errors !== undefined)).toEqual([]);
    expect(new Set(answers.map(({ data }) => JSON.stringify(data))).size).toBe(1);
    expect(stack.calls()).toHaveLength(calls);
  });
});

describe("two different queries at the same moment", () => {
  it("share the group list that both need", async () => {
    await using stack = await startStack({ world: batchingWorld() });
    await stack.forgetCalls();
    await stack.fail({ match: "GET /wiki/rest/api/group", times: 1, delayMs: 100 });
    const [names, members] = await Promise.all([
      stack.query("{ groups { nodes { name } } }"),
      stack.query("{ groups { nodes { members { nodes { accountId } } } } }"),
    ]);
    expect(names.data.groups.nodes).toHaveLength(32);
    expect(members.data.groups.nodes).toHaveLength(32);
    expect(stack.countCalls("GET", /\/rest\/api\/group$/)).toBe(1);
  });
});
