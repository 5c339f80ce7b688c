import { describe, expect, it } from "vitest";
import type { AccountId, SpaceId } from "../../src/domain/ids.js";
import { spaceGrants } from "../../src/loaders/grants.js";
import { smallDataCenterWorld } from "../support/dataCenterWorlds.js";
import { cloudWorld, human, permission, space } from "../support/worlds.js";
import { openCrawl } from "./openCrawl.js";

const read = { key: "read", target: "space" };
const count = 60;
const numbers = Array.from({ length: count }, (_, index) => index + 1);
const idOf = (number: number) => human(number).accountId as AccountId;
const spaceOf = (number: number) => String(1000 + number) as SpaceId;

/** Sixty people and spaces: each reads the space of their number, and those of a group every third. */
const world = cloudWorld({
  accounts: numbers.map(human),
  groups: [{ id: "thirds", name: "Thirds", members: [idOf(1), idOf(2)] }],
  spaces: numbers.map((number) =>
    space(number, {
      permissions: [permission("user", idOf(number)), ...(number % 3 === 0 ? [permission("group", "thirds")] : [])],
    }),
  ),
});

function isAllowed(account: number, number: number): boolean {
  return account === number || (number % 3 === 0 && account <= 2);
}

describe("a site of 50 calls a second, while it is crawled", () => {
  it("answers people at once, keeps its limit, and every question to the index is right or honestly open", async () => {
    await using crawl = await openCrawl({
      world,
      sandbox: { ratePerSecond: 50 },
      env: { CONFLUENCE_CONCURRENCY: "8" },
    });
    const startedMs = crawl.clock.now();
    const crawled = crawl.ready();
    const index = crawl.index.current();
    let open = 0;
    let asked = 0;
    let small = 0;
    for (let step = 0; crawl.index.status.state === "CRAWLING"; step += 1) {
      if (step > 500) throw new Error("the crawl does not come to its end");
      // Somebody asks ten times a second for one space's grants, past every cache. Time stands still meanwhile: a call that
      // waited for the crawl's pauses would never be answered.
      if (step % 5 === 0) {
        const wanted = spaceOf((small % count) + 1);
        const { items = [], gaps } = (await crawl.store.readAnew(spaceGrants, wanted)) ?? {};
        expect([items.length > 0, gaps]).toEqual([true, []]);
        small += 1;
      }
      for (let question = 0; question < 40; question += 1) {
        const [account, number] = [((step * 7 + question) % count) + 1, ((step + question * 11) % count) + 1];
        const decision = index.check(idOf(account), spaceOf(number), read);
        asked += 1;
        if (decision === "UNKNOWN") open += 1;
        else
          expect([account, number, decision]).toEqual([
            account,
            number,
            isAllowed(account, number) ? "ALLOWED" : "DENIED",
          ]);
      }
      await crawl.clock.advance(20);
    }
    await crawled;
    // The site had to refuse nothing, and the crawl was slower than the site alone would have let it be.
    expect(new Set(crawl.sandbox.journal().map(({ status }) => status))).toEqual(new Set([200]));
    expect(crawl.clock.now() - startedMs).toBeGreaterThan(1_000);
    expect(asked).toBeGreaterThan(1_000);
    expect(open).toBeGreaterThan(0);
    expect(small).toBeGreaterThan(5);
    const wrong = numbers.flatMap((account) =>
      numbers.filter(
        (number) => (index.check(idOf(account), spaceOf(number), read) === "ALLOWED") !== isAllowed(account, number),
      ),
    );
    expect(wrong).toEqual([]);
  });
});

describe("a Data Center whose bucket of calls fills up by itself", () => {
  it("is crawled to the end without being asked for more than it has", async () => {
    const rate = { capacity: 20, fillRate: 5, intervalSeconds: 1 };
    await using crawl = await openCrawl({ world: smallDataCenterWorld(), sandbox: { dataCenter: { rate } } });
    const startedMs = crawl.clock.now();
    const crawled = crawl.ready();
    for (let step = 0; crawl.index.status.state !== "READY"; step += 1) {
      if (step > 2_000) throw new Error("the crawl does not come to its end");
      await crawl.clock.advance(50);
    }
    await crawled;
    expect(new Set(crawl.sandbox.journal().map(({ status }) => status))).not.toContain(429);
    expect(crawl.clock.now() - startedMs).toBeGreaterThan(2_000);
  });
});
