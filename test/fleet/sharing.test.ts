import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { readMetrics } from "../support/readMetrics.js";
import { hasRedis, startRedis } from "../support/startRedis.js";
import { type Stack, startStack } from "../support/startStack.js";
import { cloudWorld, human } from "../support/worlds.js";

const world = cloudWorld({ accounts: [human(1)], groups: [{ id: "g", name: "team", members: [human(1).accountId] }] });

async function sharingOf(stack: Stack) {
  const { data } = await stack.query(
    "{ site { upstreamBudget { sharing { state processes since } } } groups { totalCount } }",
  );
  return { ...data.site.upstreamBudget.sharing, groups: data.groups.totalCount };
}

async function stateIn(stack: Stack): Promise<Record<string, number>> {
  const families = readMetrics(await (await fetch(`${stack.server.url}/metrics`)).text());
  const samples = families.get("access_graph_fleet_state")?.samples ?? [];
  return Object.fromEntries(samples.map(({ labels, value }) => [labels.state, value]));
}

describe("whether a process shares", () => {
  it("is told where nothing is configured", async () => {
    await using stack = await startStack({ world });
    expect(await sharingOf(stack)).toEqual({ state: "NOT_CONFIGURED", processes: 1, since: null, groups: 1 });
    expect(await stateIn(stack)).toEqual({ not_configured: 1, shared: 0, alone: 0 });
  });

  it("is told where it begins alone: it starts, answers, and names neither its key nor its password", async () => {
    const [word, key] = ["a-secret-word", "a-key-of-the-fleet-with-32-characters-or-more"];
    const url = `unix://:${word}@here${join(tmpdir(), "no-such-folder", "engine.sock")}`;
    await using stack = await startStack({ world, env: { CACHE_URL: url, CACHE_KEY: key } });
    expect(await sharingOf(stack)).toEqual({ state: "ALONE", processes: 1, since: expect.any(String), groups: 1 });
    expect(await stateIn(stack)).toEqual({ not_configured: 0, shared: 0, alone: 1 });
    const told = stack.logLines.filter((line) => line.includes("CACHE_URL"));
    expect(told).toHaveLength(1);
    expect(told[0]).toContain('"level":"warn"');
    for (const secret of [word, key, "engine.sock"]) expect(stack.logLines.join("")).not.toContain(secret);
  });

  it.skipIf(!hasRedis)("is told while the engine comes and goes, and every question is answered", async () => {
    const redis = await startRedis();
    await using stack = await startStack({ world, env: { CACHE_URL: redis.url } });
    const turns = async (state: string) =>
      vi.waitFor(async () => expect(await sharingOf(stack)).toMatchObject({ state, processes: 1, groups: 1 }), 60_000);
    try {
      await turns("SHARED");
      await redis.kill();
      await turns("ALONE");
      await redis.restart();
      await turns("SHARED");
      expect(await stateIn(stack)).toEqual({ not_configured: 0, shared: 1, alone: 0 });
    } finally {
      await redis.stop();
    }
  });
});
