import { expect, it, vi } from "vitest";
import { slicing } from "../../src/readings/lists/slicing.js";
import { crowd, crowdWorld } from "../faults/crowdWorld.js";
import { readMetrics } from "../support/readMetrics.js";
import { startStack } from "../support/startStack.js";

it("a filter over everybody looks each account up once, and not again at each request", async () => {
  await using stack = await startStack({ world: crowdWorld() });
  const looks = async () => {
    const page = await fetch(new URL("/metrics", stack.server.graphqlUrl));
    const reads = readMetrics(await page.text()).get("access_graph_cache_reads_total")?.samples ?? [];
    return reads.filter(({ labels }) => labels.kind === "account").reduce((sum, { value }) => sum + value, 0);
  };
  const ask = async (first: number) => {
    const before = await looks();
    const { data, errors } = await stack.query(
      `{ accounts(first: ${first}, filter: { kinds: [HUMAN] }) { totalCount nodes { accountId } } }`,
    );
    expect([errors, data.accounts.totalCount, data.accounts.nodes.length]).toEqual([undefined, crowd.size, first]);
    return (await looks()) - before;
  };
  expect(await ask(1)).toBeGreaterThanOrEqual(crowd.size);
  // The page's own, and a few that are kept from being forgotten.
  expect(await ask(2)).toBeLessThan(crowd.size / 10);
  stack.clock.shift(3_600_000);
  expect(await ask(3)).toBeGreaterThanOrEqual(crowd.size);
});

it("a filter over everybody goes through fifty accounts in one step, and lets others go on between", async () => {
  await using stack = await startStack({ world: crowdWorld() });
  const looked = vi.spyOn(slicing, "now");
  const ask = () => stack.query('{ accounts(first: 1, filter: { text: "nobody has this" }) { nodes { accountId } } }');
  await ask();
  const before = looked.mock.calls.length;
  const { data } = await ask();
  const looks = looked.mock.calls.length - before;
  looked.mockRestore();
  expect(data.accounts.nodes).toEqual([]);
  // One before the first step, and one behind each but the last.
  expect(looks).toBeGreaterThanOrEqual(crowd.size / 50);
});
