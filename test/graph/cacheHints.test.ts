import { describe, expect, it } from "vitest";
import { startStack } from "../support/startStack.js";
import { cloudWorld, human, permission, space } from "../support/worlds.js";

const world = cloudWorld({
  accounts: [human(1)],
  spaces: [space(1, { permissions: [permission("user", human(1).accountId)] })],
});
const spaces = "{ spaces { nodes { key } } }";

async function hintsOf(env: Readonly<Record<string, string>>, asked: readonly (readonly [string, object?, number?])[]) {
  await using stack = await startStack({ world, env: { CACHE_TTL_SPACES: "60", ...env } });
  stack.clock.stop();
  const hints: (string | null)[] = [];
  for (const [query, headers, laterMs = 0] of asked) {
    stack.clock.shift(laterMs);
    const response = await fetch(stack.server.graphqlUrl, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify({ query }),
    });
    await response.text();
    hints.push(response.headers.get("cache-control"));
  }
  return hints;
}

describe("for how long an answer may be kept elsewhere", () => {
  it("is told of one that is given again, by what is left of what it rests on, where that is switched on", async () => {
    const hints = await hintsOf({ CACHE_HINTS: "on" }, [[spaces], [spaces], [spaces], [spaces, {}, 10_000]]);
    const [first, again, remembered, later] = hints.map((hint) =>
      Number(/^private, max-age=(\d+)$/.exec(hint ?? "")?.[1] ?? 0),
    );
    // The document is new at first, and the question at the second time.
    expect([first, again]).toEqual([0, 0]);
    expect(remembered).toBeGreaterThan(10);
    expect(later).toBe((remembered ?? 0) - 10);
  });

  it("is not told of what is asked afresh, is never at rest or failed, nor where it is not switched on", async () => {
    const live = "{ sites { upstreamBudget { callsInFlight } } }";
    const wrong = '{ node(id: "nonsense") { id } }';
    const twice = [live, live, live, wrong, wrong, wrong].map((query) => [query] as const);
    const fresh = { "cache-control": "no-cache" };
    const refused = await hintsOf({ CACHE_HINTS: "on" }, [...twice, [spaces], [spaces], [spaces, fresh]]);
    expect(refused).toEqual(refused.map(() => "no-store"));
    expect(await hintsOf({}, [[spaces], [spaces], [spaces]])).toEqual(["no-store", "no-store", "no-store"]);
  });
});
