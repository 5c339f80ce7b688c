import { expect, it } from "vitest";
import { TtlCache } from "../../../src/cache/TtlCache.js";
import { GroupNames, SpaceKeys } from "../../../src/confluence/datacenter/context.js";
import { ManualClock } from "../../support/ManualClock.js";

/** What is held by the memory of arrays as well, which is where room for entries to come would be. */
const heldBytes = () => {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
};

it("what is kept takes no room before there is anything to keep, for a thousand sites together", () => {
  const clock = new ManualClock();
  const before = heldBytes();
  const sites = Array.from({ length: 1_000 }, () => [new SpaceKeys(clock), new GroupNames()] as const);
  const cache = new TtlCache({ maxBytes: 256_000_000, maxEntries: 1_000_000, clock });
  const perSite = (heldBytes() - before) / sites.length;
  expect(cache.held().entries).toBe(0);
  // Room for 200,000 entries would be 4,800,000 a site, and the cache's million another 24,000,000.
  expect(perSite).toBeLessThan(20_000);
});
