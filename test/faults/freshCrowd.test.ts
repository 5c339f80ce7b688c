import { describe, expect, it } from "vitest";
import { cloudWorld, human, permission, space } from "../support/worlds.js";
import { startFaultyStack } from "./startFaultyStack.js";

const world = cloudWorld({
  accounts: [human(1)],
  spaces: Array.from({ length: 40 }, (_, index) =>
    space(index + 1, { permissions: [permission("user", human(1).accountId)] }),
  ),
});

describe("fifty requests that want nothing read before", () => {
  it("make a small part of the calls that they would make one after another", async () => {
    await using stack = await startFaultyStack({ world });
    const fresh = { "cache-control": "no-cache" };
    await stack.query("{ grants { totalCount } }", {}, fresh);
    const alone = stack.calls().length;
    expect(alone).toBeGreaterThan(40);
    await stack.forgetCalls();
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => stack.query("{ grants { totalCount } }", {}, fresh)),
    );
    expect(new Set(answers.map(({ data }) => data.grants.totalCount))).toEqual(new Set([40]));
    expect(stack.calls().length).toBeLessThan(alone * 10);
  });
});
