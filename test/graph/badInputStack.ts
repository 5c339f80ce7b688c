import { expect } from "vitest";
import type { GraphAnswer } from "../support/sendQuery.js";
import type { Stack } from "../support/startStack.js";
import { startStack } from "../support/startStack.js";
import { cloudWorld, human, permission, space } from "../support/worlds.js";

const accounts = Array.from({ length: 5 }, (_, index) => human(index + 1));
const groups = ["group-1", "group-2"].map((id) => ({
  id,
  name: id,
  members: accounts.map(({ accountId }) => accountId),
}));
const permissions = accounts.map(({ accountId }) => permission("user", accountId));

/** Five accounts, two groups of all of them, three spaces that all of them may enter. */
export function startSmallStack(): Promise<Stack> {
  return startStack({
    world: cloudWorld({ accounts, groups, spaces: [1, 2, 3].map((number) => space(number, { permissions })) }),
    env: { BATCH_LIMIT: "3" },
  });
}

/** That the server still answers, whatever it was sent before. */
export async function expectServed(stack: Stack): Promise<void> {
  expect(await stack.query("{ spaces { nodes { key } } }")).toEqual({
    data: { spaces: { nodes: [{ key: "S1" }, { key: "S2" }, { key: "S3" }] } },
  });
}

/** The one error of an answer: its code, its reason and argument where it has them, and its message. */
export function onlyError({ errors = [] }: GraphAnswer) {
  expect(errors).toHaveLength(1);
  const [error] = errors;
  const { code, reason, argument } = error?.extensions ?? {};
  // A sentence for a person, without a trace of the code.
  expect(error?.message).toMatch(/\.$/);
  expect(JSON.stringify(errors)).not.toMatch(/stacktrace|node_modules|\.ts:\d/);
  return { code, reason, argument, message: error?.message };
}
