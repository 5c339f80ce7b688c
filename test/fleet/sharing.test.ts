import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { defaultCredential } from "../../sandbox/src/oauth/credentials.js";
import { idsOf } from "../provisioning/ids.js";
import { readMetrics } from "../support/readMetrics.js";
import { startProvisioning } from "../support/startProvisioning.js";
import { hasRedis, startRedis } from "../support/startRedis.js";
import { type Stack, startStack } from "../support/startStack.js";
import { cloudWorld, human } from "../support/worlds.js";

const world = cloudWorld({ accounts: [human(1)], groups: [{ id: "g", name: "team", members: [human(1).accountId] }] });
const twoPeople = cloudWorld({
  accounts: [{ ...human(1), email: defaultCredential.email }, human(2)],
  groups: [{ id: "g", name: "team", members: [human(1).accountId] }],
});

async function sharingOf(stack: Pick<Stack, "query">) {
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

const change = `mutation ($input: GrantGroupMembershipInput!) {
  grantGroupMembership(input: $input) { changes { outcome } userErrors { code } }
}`;

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
    expect(await sharingOf(stack)).toEqual({ state: "ALONE", processes: 3, since: expect.any(String), groups: 1 });
    expect(await stateIn(stack)).toEqual({ not_configured: 0, shared: 0, alone: 1 });
    const told = stack.logLines.filter((line) => line.includes("CACHE_URL"));
    expect(told).toHaveLength(1);
    expect(told[0]).toContain('"level":"warn"');
    for (const secret of [word, key, "engine.sock"]) expect(stack.logLines.join("")).not.toContain(secret);
  });

  it.skipIf(!hasRedis)("does so over a cluster, whose nodes take nothing that stands on several of them", async () => {
    const redis = await startRedis({
      hasPort: true,
      settings: ["--cluster-enabled", "yes", "--cluster-announce-ip", "127.0.0.1"],
    });
    try {
      await redis.client.call("CLUSTER", "ADDSLOTS", ...Array.from({ length: 16_384 }, (_, slot) => slot));
      await using stack = await startProvisioning(twoPeople, { CACHE_URL: `${redis.url}?cluster=true` });
      await vi.waitFor(async () => expect(await sharingOf(stack)).toMatchObject({ state: "SHARED" }), 60_000);
      const { group, account } = idsOf(stack.siteId);
      const input = { group: group("g"), accounts: [account(2)] };
      expect(await stack.query(change, { input })).toMatchObject({
        data: { grantGroupMembership: { changes: [{ outcome: "CREATED" }], userErrors: [] } },
      });
      await stack.query(
        "{ groups { nodes { members { nodes { displayName } } } } site { findings(wait: 10) { totalCount } } }",
      );
      const families = readMetrics(await (await fetch(`${stack.server.url}/metrics`)).text());
      const failed =
        families.get("access_graph_fleet_failures_total")?.samples.map(({ labels }) => labels.reason) ?? [];
      // A node that was not ready yet refuses by CLUSTERDOWN.
      expect(failed.filter((reason) => reason !== "clusterdown")).toEqual([]);
      const commands =
        families.get("access_graph_fleet_commands_total")?.samples.map(({ labels }) => labels.command) ?? [];
      expect(commands.length).toBeGreaterThan(5);
    } finally {
      await redis.stop();
    }
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
