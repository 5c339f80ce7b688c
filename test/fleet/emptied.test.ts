import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { idsOf } from "../provisioning/ids.js";
import { hasRedis } from "../support/startRedis.js";
import { cloudWorld, human, permission, space } from "../support/worlds.js";
import { type Process, startProcesses } from "./startProcesses.js";

const world = cloudWorld({
  accounts: [human(1), human(2), human(3)],
  groups: [{ id: "g-team", name: "team", members: [human(3).accountId] }],
  spaces: [space(1, { permissions: [permission("group", "g-team")] }), space(2)],
});

describe.skipIf(!hasRedis)("an engine that loses everything while it is used", () => {
  let fleet: Awaited<ReturnType<typeof startProcesses>>;
  let ids: ReturnType<typeof idsOf>;

  beforeAll(async () => {
    fleet = await startProcesses(world, 2);
    ids = idsOf(fleet.siteId);
  });
  afterAll(() => fleet?.close());

  const members = async (process: Process) => {
    const { data } = await process.query(`{ group(id: "${ids.group("g-team")}") { members { nodes { accountId } } } }`);
    return data.group.members.nodes.map(({ accountId }: { accountId: string }) => accountId).sort();
  };
  const holders = async (process: Process) => {
    const asked = `{ space(id: "${ids.space(1)}") { effectiveAccess { totalCount completeness { isComplete } } } }`;
    return (await process.query(asked)).data.space.effectiveAccess;
  };
  const oneHolder = { totalCount: 1, completeness: { isComplete: true } };
  const isWrittenUpToNow = async () => {
    const { client } = fleet.redis;
    for (const key of await client.keys("*")) {
      if ((await client.type(key)) === "hash" && (await client.hexists(key, "upTo")) === 1) return true;
    }
    return false;
  };
  const warm = async () => {
    for (const each of fleet.processes) {
      expect(await members(each)).toEqual([human(3).accountId]);
      expect(await holders(each)).toEqual(oneHolder);
    }
    // What is read for nobody is read by then as well.
    for (const each of fleet.processes) {
      const state = async () => (await each.query("{ sites { index { state } } }")).data.sites[0].index.state;
      await vi.waitFor(async () => expect(await state()).toBe("READY"), { timeout: 60_000, interval: 5 });
    }
  };
  /** Empties it, and answers whether anybody has forgotten everything for that. */
  const empty = async () => {
    const lines = fleet.processes.map(({ logLines }) => logLines.length);
    const since = (number: number) => fleet.processes[number]?.logLines.slice(lines[number]).join("") ?? "";
    const isKept = (number: number) => since(number).includes("nothing was missed, and what is remembered stays");
    const isLost = (number: number) => since(number).includes("may have been missed");
    await fleet.redis.client.flushall();
    for (const [number] of lines.entries())
      await vi.waitFor(() => expect(isKept(number) || isLost(number)).toBe(true), { timeout: 60_000, interval: 5 });
    return lines.some((_lines, number) => isLost(number));
  };

  it("has nobody read the site again, index and all, where nothing was missed; and changes are heard of as before", async () => {
    const [one, other] = fleet.processes as [Process, Process];
    let calls: readonly string[] = [];
    // A machine that stood still for a second may have missed something: then once more.
    for (let attempt = 0; attempt < 5; attempt += 1) {
      await warm();
      calls = fleet.calls();
      if (!(await empty())) break;
    }
    await warm();
    expect(fleet.calls()).toEqual(calls);
    // Whoever reads the index for all writes it again: who comes then need not read it.
    await vi.waitFor(async () => expect(await isWrittenUpToNow()).toBe(true), { timeout: 60_000, interval: 5 });
    const third = await fleet.join();
    const crawled = () => fleet.calls().filter((call) => call.endsWith("/permissions")).length;
    const before = crawled();
    expect(await holders(third)).toEqual(oneHolder);
    expect(crawled()).toBe(before);

    const change = `input: { group: "${ids.group("g-team")}", accounts: ["${ids.account(2)}"] }`;
    const { data } = await one.query(`mutation { it: grantGroupMembership(${change}) { changes { outcome } } }`);
    expect(data.it.changes).toEqual([{ outcome: "CREATED" }]);
    for (const each of [one, other, third])
      expect(await members(each)).toEqual([human(2).accountId, human(3).accountId].sort());
  });
});
