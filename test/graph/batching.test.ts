import { performance } from "node:perf_hooks";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type Stack, startStack } from "../support/startStack.js";
import { batchingWorld, cloudWorld, human, permission, space } from "../support/worlds.js";

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

/** 600 accounts in 4,000 grants of 20 spaces, each space with some that none before it has. */
function manyRowsWorld() {
  const accounts = Array.from({ length: 600 }, (_, index) => human(index + 1));
  const holderOf = (at: number, row: number) => accounts[(at * 30 + row) % 600]?.accountId ?? "";
  const spaces = Array.from({ length: 20 }, (_, at) => ({
    ...space(at + 1),
    permissions: Array.from({ length: 200 }, (_, row) => permission("user", holderOf(at, row), "read/space")),
  }));
  return cloudWorld({ accounts, groups: [], spaces });
}

const grantsOfManySpaces = `{
  spaces(first: 100) { nodes { grants(first: 1000) { nodes {
    resource { __typename ... on Space { key name } } principal { __typename ... on Account { displayName } }
  } } } }
}`;

describe("lists of which one comes long after the others", () => {
  it("have what all of them name be read together all the same", async () => {
    await using stack = await startStack({ world: batchingWorld() });
    await stack.forgetCalls();
    await stack.fail({ match: "GET /wiki/api/v2/spaces/1003/permissions", times: 1, delayMs: 80 });
    const { errors } = await stack.query(allGrants);
    expect(errors).toBeUndefined();
    expect(stack.countCalls("GET", /\/permissions$/)).toBe(25);
    expect(stack.countCalls("POST", /\/users-bulk$/)).toBe(2);
    expect(stack.calls()).toHaveLength(29);
  });
});

describe("rows that are begun in many slices, on a machine that takes long for each", () => {
  it("are read together all the same: 4,000 rows that name 600 accounts ask for these in 3 calls", async () => {
    await using stack = await startStack({ world: manyRowsWorld() });
    await stack.forgetCalls();
    let nowMs = performance.now();
    vi.spyOn(performance, "now").mockImplementation(() => {
      nowMs += 10;
      return nowMs;
    });
    const { data, errors } = await stack.query(grantsOfManySpaces).finally(() => vi.restoreAllMocks());
    expect(errors).toBeUndefined();
    expect(data.spaces.nodes.flatMap((each: { grants: { nodes: unknown[] } }) => each.grants.nodes)).toHaveLength(
      4_000,
    );
    expect(stack.countCalls("POST", /\/users-bulk$/)).toBe(3);
    expect(stack.countCalls("GET", /\/permissions$/)).toBe(20);
    expect(stack.calls()).toHaveLength(24);
  });
});
