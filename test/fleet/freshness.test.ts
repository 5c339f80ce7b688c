import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { idsOf } from "../provisioning/ids.js";
import { hasRedis } from "../support/startRedis.js";
import { cloudWorld, human, permission, space } from "../support/worlds.js";
import { type Process, startProcesses } from "./startProcesses.js";

const world = cloudWorld({
  accounts: [human(1), human(2), human(3), human(4)],
  groups: [{ id: "g-team", name: "team", members: [human(3).accountId] }],
  spaces: [
    space(1, {
      permissions: [permission("user", human(1).accountId), permission("user", human(1).accountId, "administer/space")],
    }),
  ],
});

describe.skipIf(!hasRedis)("what one process changes, another shows", () => {
  let fleet: Awaited<ReturnType<typeof startProcesses>>;
  let one: Process;
  let other: Process;
  let ids: ReturnType<typeof idsOf>;

  beforeAll(async () => {
    fleet = await startProcesses(world, 2);
    const [first, second] = fleet.processes;
    if (first === undefined || second === undefined) throw new Error("Two were to be started.");
    [one, other] = [first, second];
    ids = idsOf(fleet.siteId);
  });
  afterAll(() => fleet?.close());
  beforeEach(() => fleet.sandbox.reset());

  const members = (process: Process, headers?: Readonly<Record<string, string>>) =>
    process
      .query(`{ group(id: "${ids.group("g-team")}") { members { nodes { accountId } } } }`, headers)
      .then(({ data }) => data.group.members.nodes.map(({ accountId }: { accountId: string }) => accountId).sort());
  const change = (process: Process, what: "grant" | "revoke", number: number, more = "") =>
    process.query(
      `mutation { it: ${what}GroupMembership(input: { group: "${ids.group("g-team")}", accounts: ["${ids.account(number)}"] ${more} }) { changes { outcome } } }`,
    );

  it("at once, also where the answer was remembered there as bytes", async () => {
    const before = await members(other);
    for (let times = 0; times < 3; times += 1) expect(await members(other)).toEqual(before);
    const { data, extensions } = await change(one, "grant", 2);
    expect(data.it.changes).toEqual([{ outcome: "CREATED" }]);
    expect(extensions?.position).toMatch(/^[\w-]{12}\.\d+$/);
    expect(await members(other)).toEqual([...before, human(2).accountId].sort());
  });
});
