import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { idsOf } from "../provisioning/ids.js";
import { hasRedis } from "../support/startRedis.js";
import { cloudWorld, human, permission, space } from "../support/worlds.js";
import { startProcesses } from "./startProcesses.js";

const numbers = [1, 2, 3, 4, 5, 6];
const world = cloudWorld({
  accounts: numbers.map(human),
  groups: numbers.map((number) => ({ id: `g-${number}`, name: `Group ${number}`, members: [human(number).accountId] })),
  spaces: numbers.map((number) => space(number, { permissions: [permission("group", `g-${number}`)] })),
});

describe.skipIf(!hasRedis)("three servers that crawl a site at their start", () => {
  let fleet: Awaited<ReturnType<typeof startProcesses>>;
  beforeAll(async () => {
    fleet = await startProcesses(world, 3, { INDEX_WARM: "on" });
  });
  afterAll(() => fleet?.close());

  it("crawl it once, and all answer from what one of them read; what one changes all show", async () => {
    const ids = idsOf(fleet.siteId);
    const whoCan = `{ space(id: "${ids.space(3)}") { effectiveAccess { totalCount completeness { isComplete } } } sites { index { state isReadHere } } }`;
    const told = await Promise.all(fleet.processes.map((process) => process.query(whoCan)));
    for (const { data, errors } of told) {
      expect(errors).toBeUndefined();
      expect(data.space.effectiveAccess).toEqual({ totalCount: 1, completeness: { isComplete: true } });
    }
    const count = (part: string) => fleet.calls().filter((call) => call.includes(part)).length;
    // Whoever lost the engine on a machine that stood still, and says so, reads by itself.
    const crawls = () => 1 + fleet.processes.flatMap(({ logLines }) => logLines.filter(isWarning)).length;
    for (const part of ["membersByGroupId", "/permissions"]) {
      expect(count(part)).toBeGreaterThanOrEqual(numbers.length);
      expect(count(part)).toBeLessThanOrEqual(numbers.length * crawls());
    }
    const after = await Promise.all(fleet.processes.map((process) => process.query(whoCan)));
    const reading = after.filter(({ data }) => data.sites[0].index.isReadHere);
    expect(reading.length).toBeGreaterThanOrEqual(1);
    expect(reading.length).toBeLessThanOrEqual(crawls());

    const [one] = fleet.processes;
    await one?.query(
      `mutation { it: grantGroupMembership(input: { group: "${ids.group("g-3")}", accounts: ["${ids.account(5)}"] }) { changes { outcome } } }`,
    );
    for (const process of fleet.processes) {
      const { data } = await process.query(whoCan);
      expect(data.space.effectiveAccess).toEqual({ totalCount: 2, completeness: { isComplete: true } });
    }
  });
});

function isWarning(line: string): boolean {
  return /"level":"?(40|50|warn|error)/.test(line);
}
