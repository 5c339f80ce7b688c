import { afterEach, beforeEach, expect, it } from "vitest";
import type { Stack } from "../support/startStack.js";
import { startStack } from "../support/startStack.js";
import { cloudWorld, human, permission, space } from "../support/worlds.js";

const spaces = Array.from({ length: 80 }, (_, at) =>
  space(at + 1, { permissions: [permission("user", human(1).accountId)] }),
);
const permissionCalls = (stack: Stack) => stack.countCalls("GET", /\/permissions$/);
const everything = JSON.stringify({ query: "{ grants(first: 1000) { nodes { id } } }" });

let stack: Stack;
beforeEach(async () => {
  stack = await startStack({
    world: cloudWorld({ accounts: [human(1)], spaces }),
    env: { CONFLUENCE_CONCURRENCY: "1" },
    sandbox: { latencyMs: 10 },
  });
});
afterEach(() => stack.close());

function ask(signal?: AbortSignal) {
  return fetch(stack.server.graphqlUrl, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: everything,
    ...(signal === undefined ? {} : { signal }),
  });
}

async function untilQuiet(): Promise<void> {
  const budget = async () =>
    (await stack.query("{ sites { upstreamBudget { callsInFlight callsWaiting } } }")).data.sites;
  await expect.poll(budget, { interval: 5 }).toEqual([{ upstreamBudget: { callsInFlight: 0, callsWaiting: 0 } }]);
}

it("makes no more calls for a client that hung up", async () => {
  const client = new AbortController();
  const asked = ask(client.signal);
  await expect.poll(() => permissionCalls(stack), { interval: 2 }).toBeGreaterThan(2);
  client.abort();
  await expect(asked).rejects.toThrow();
  await untilQuiet();
  expect(permissionCalls(stack)).toBeLessThan(60);
  // And nothing of what was cut off is taken for an answer.
  const answer = (await (await ask()).json()) as { data: { grants: { nodes: unknown[] } } };
  expect(answer.data.grants.nodes).toHaveLength(spaces.length);
});

it("goes on for another who waits for the same, with no call made twice", async () => {
  const client = new AbortController();
  const gone = ask(client.signal);
  const stays = ask();
  await expect.poll(() => permissionCalls(stack), { interval: 2 }).toBeGreaterThan(2);
  client.abort();
  await expect(gone).rejects.toThrow();
  const answer = (await (await stays).json()) as { data: { grants: { nodes: unknown[] } }; errors?: unknown };
  expect(answer.errors).toBeUndefined();
  expect(answer.data.grants.nodes).toHaveLength(spaces.length);
  expect(permissionCalls(stack)).toBe(spaces.length);
});
