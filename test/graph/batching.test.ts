import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Stack, startStack } from "../support/startStack.js";
import { batchingWorld } from "../support/worlds.js";

const allGrants = `{
  spaces(first: 25) { nodes { key grants(first: 1000) { nodes {
    principal { __typename ... on Account { displayName } ... on Group { name } ... on AccessClass { name } }
  } } } }
}`;

describe("exact batching", () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack({ world: batchingWorld() });
  });
  afterAll(() => stack.close());

  it("answers 848 grants of 25 spaces with their principals' names in 1 + 25 + 1 + 2 calls, and again in none", async () => {
    await stack.forgetCalls();
    const first = await stack.query(allGrants);
    expect(first.errors).toBeUndefined();
    const grants = first.data.spaces.nodes.flatMap((each: { grants: { nodes: unknown[] } }) => each.grants.nodes);
    expect(grants).toHaveLength(848);
    expect(
      grants.filter(
        (each: { principal: { displayName?: string; name?: string } }) =>
          !(each.principal.displayName ?? each.principal.name),
      ),
    ).toEqual([]);
    expect(stack.countCalls("GET", /\/spaces$/)).toBe(1);
    expect(stack.countCalls("GET", /\/permissions$/)).toBe(25);
    expect(stack.countCalls("GET", /\/rest\/api\/group$/)).toBe(1);
    expect(stack.countCalls("POST", /\/users-bulk$/)).toBe(2);
    expect(stack.calls()).toHaveLength(29);

    await stack.forgetCalls();
    expect((await stack.query(allGrants)).data).toEqual(first.data);
    expect(stack.calls()).toEqual([]);
  });
});
