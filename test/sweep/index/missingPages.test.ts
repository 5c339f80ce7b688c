import { describe, expect, it } from "vitest";
import { randomFrom } from "../../access/index/indexWorlds.js";
import { crawlSite, describePage } from "./sweepIndex.js";

/** `npm run sweep:index` takes more sites, and every page of each. */
const seeds = Array.from({ length: 16 }, (_, at) => at + 1);

describe("the crawl of small sites over the real adapters", () => {
  it.each(seeds)("seed %i: decides as the site is, and without one of its pages only less", async (seed) => {
    const site = await crawlSite(seed);
    try {
      expect(site.untrue, site.name).toEqual([]);
      const missing = randomFrom(seed * 104_729).pick(site.pages);
      const { flips, isIdle } = await site.crawlWithout(missing);
      const name = `${site.name}: ${describePage(missing)}`;
      expect(flips, name).toEqual([]);
      expect(isIdle, `${name}: nothing came for it`).toBe(false);
    } finally {
      await site.close();
    }
  });
});
