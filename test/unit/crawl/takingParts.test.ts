import { afterEach, describe, expect, it, vi } from "vitest";
import { AccessIndex } from "../../../src/access/index/AccessIndex.js";
import { ChangedParts } from "../../../src/access/index/copies/ChangedParts.js";
import { cloudAccessRules } from "../../../src/access/SiteFacts.js";
import { CrawlMemory, Touches } from "../../../src/crawl/CrawlMemory.js";
import { copyMemory } from "../../../src/crawl/shared/crawlCopy.js";
import type { PartShelf, ShelfTurn, ToldPart } from "../../../src/crawl/shared/PartShelf.js";
import { SharedCrawl, shareLimits } from "../../../src/crawl/shared/SharedCrawl.js";
import { TouchedParts } from "../../../src/crawl/shared/TouchedParts.js";
import type { AccountId, GroupId, SiteId } from "../../../src/domain/ids.js";
import { EngineAway } from "../../../src/fleet/FleetEngine.js";
import { createLogger } from "../../../src/observability/Logger.js";
import { ManualClock } from "../../support/ManualClock.js";

const count = 40;
const groupId = (number: number) => `g${number}` as GroupId;
const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

/** Groups of one, as a process told them that has read them. */
function toldGroups(read: (number: number) => void): ToldPart[] {
  const rules = { rules: cloudAccessRules, hasNestedGroups: false };
  const index = new AccessIndex(rules, new ChangedParts(true));
  return Array.from({ length: count }, (_, number) => {
    const members = [`account-${number}` as AccountId];
    index.replaceGroupMembers(groupId(number), { items: members, gaps: [], asOfMs: 1, assumptions: [] });
    const text = JSON.stringify({ ownMs: 1, engineMs: 1, kept: index.copies.copy(`group:${groupId(number)}`) });
    return {
      name: `part ${number}`,
      read: async () => {
        read(number);
        return JSON.parse(text);
      },
    };
  });
}

const wholeTurn = (parts: readonly ToldPart[]): ShelfTurn => ({
  ...{ isOurs: false, fence: 1, life: "life", voids: 0, upTo: "e.1" },
  ...{ parts, since: count, left: 0 },
});

interface Joining {
  readonly turn: PartShelf["turn"];
  /** Whether a change has touched a group of which the parts do not tell. */
  readonly isTouched?: (group: string) => boolean;
  readonly isInDoubt?: (id: string) => boolean;
}

/** A process that joins one that has read all of it. */
function join({ turn, isTouched = () => false, isInDoubt = () => false }: Joining) {
  const clock = new ManualClock();
  const index = new AccessIndex({ rules: cloudAccessRules, hasNestedGroups: false }, new ChangedParts(true));
  const through: boolean[] = [];
  const shelf: PartShelf = {
    processId: "joining",
    isThere: true,
    onTurn: () => () => undefined,
    turn,
    write: async () => false,
    clear: async () => undefined,
    leave: async () => undefined,
  };
  const crawl = new SharedCrawl({
    shelf,
    clock,
    siteId: "site" as SiteId,
    logger: createLogger({ level: "silent", destination: { write: () => undefined } }),
    touched: new TouchedParts({ appliedPosition: "e.1", isTouchedSince: (_upTo, _declaration, id) => isTouched(id) }),
    times: { toEngineMs: (ms) => ms, toOwnMs: (ms) => ms },
    host: {
      index,
      memory: new CrawlMemory(),
      touches: new Touches(),
      told: () => ({ isThrough: true, isBroken: false, wholeMs: 0, outage: null, pass: null }),
      take: ({ isThrough }) => void through.push(isThrough),
      isInDoubt,
      settle: () => undefined,
      drop: () => undefined,
      turned: () => undefined,
    },
  });
  const taken = () => [...index.copies.names()].filter((name) => name.startsWith("group:")).length;
  /** After one turn with the shelf, and all that comes of it. */
  const look = async () => {
    await clock.whenSleeping(shareLimits.turnMs);
    await clock.advance(shareLimits.turnMs);
    await clock.whenSleeping(shareLimits.turnMs);
  };
  return { crawl, taken, through, look };
}

/** How the crawl stood that had read them. */
const toldCrawl: ToldPart = {
  name: "crawl",
  read: async () => ({
    ...{ ownMs: 1, engineMs: 1 },
    kept: {
      of: "crawl",
      memory: copyMemory(new CrawlMemory()),
      told: { isThrough: true, isBroken: false, wholeMs: 0, outage: null, pass: null },
    },
  }),
};

describe("parts of an index that a process takes over", () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it("are read one by one, and others have their turn as soon as some have taken some milliseconds", async () => {
    let nowMs = 0;
    vi.spyOn(performance, "now").mockImplementation(() => nowMs);
    let read = 0;
    const ahead: number[] = [];
    const turn = wholeTurn(
      toldGroups(() => {
        ahead.push(read - taken());
        read += 1;
        nowMs += 1;
      }),
    );
    const { crawl, taken } = join({ turn: async () => turn });
    crawl.start();
    const inTurns: number[] = [];
    while (read < count) {
      const before = read;
      await nextTurn();
      inTurns.push(read - before);
    }
    await crawl.close();
    expect(Math.max(...inTurns)).toBeLessThanOrEqual(6);
    expect(new Set(ahead)).toEqual(new Set([0]));
  });

  it("are whole once all are there, and not with the first that says so", async () => {
    const parts = toldGroups(() => undefined);
    const first = { ...wholeTurn([toldCrawl, ...parts.slice(0, 10)]), since: 10, left: count - 10 };
    const asked: number[] = [];
    const { crawl, taken, through, look } = join({
      turn: async ({ since }) => {
        asked.push(since);
        // The engine goes in between.
        if (since === 10 && asked.length === 2) throw new EngineAway("gone");
        return since === 0 ? first : wholeTurn(since === 10 ? parts.slice(10) : []);
      },
    });
    crawl.start();
    await look();
    expect([asked.slice(0, 2), taken(), through]).toEqual([[0, 10], count, [true]]);
    await crawl.close();
  });

  it("are not whole, and nothing counts as read, while the engine is gone that has the rest", async () => {
    const { crawl, taken, through, look } = join({
      turn: async ({ since }) => {
        if (since > 0) throw new EngineAway("gone");
        return { ...wholeTurn([toldCrawl, ...toldGroups(() => undefined).slice(0, 10)]), since: 10, left: 30 };
      },
    });
    crawl.start();
    await look();
    expect([taken(), through, crawl.role]).toEqual([10, [], "ALONE"]);
    await crawl.close();
  });

  it("are not whole without one that a change has touched, until that is there or known to be in doubt", async () => {
    for (const isInDoubt of [false, true]) {
      let isTouched = true;
      const { crawl, taken, through, look } = join({
        turn: async ({ since }) => wholeTurn(since === 0 ? [toldCrawl, ...toldGroups(() => undefined)] : []),
        isTouched: (group) => group === groupId(7) && isTouched,
        isInDoubt: (id) => id === groupId(7) && isInDoubt,
      });
      crawl.start();
      await look();
      expect([taken(), through]).toEqual([count - 1, isInDoubt ? [true] : []]);
      isTouched = false;
      await look();
      expect([taken(), through]).toEqual([count, [true]]);
      await crawl.close();
    }
  });

  it("are not whole without one that cannot be read, until it can", async () => {
    const unread = { name: "part 7", read: async () => null };
    const parts = toldGroups(() => undefined);
    let turns = 0;
    const { crawl, through, look } = join({
      turn: async () => {
        turns += 1;
        if (turns === 1)
          return wholeTurn([toldCrawl, ...parts.map((part) => (part.name === unread.name ? unread : part))]);
        return {
          ...wholeTurn(turns === 4 ? parts.filter(({ name }) => name === unread.name) : []),
          since: count + turns,
        };
      },
    });
    crawl.start();
    await look();
    expect(through).toEqual([]);
    for (let more = 0; more < 4; more += 1) await look();
    expect(through).toEqual([true]);
    await crawl.close();
  });

  it("are asked for from the first where everything was forgotten while they were asked for", async () => {
    const parts = toldGroups(() => undefined);
    const asked: number[] = [];
    let meanwhile: () => Promise<void> = async () => undefined;
    const { crawl, through, look } = join({
      turn: async ({ life, since }) => {
        asked.push(since);
        if (asked.length === 3) await meanwhile();
        return wholeTurn(life === null ? [toldCrawl, ...parts] : []);
      },
    });
    meanwhile = () => crawl.lose();
    crawl.start();
    await look();
    await look();
    // The third was asked for beyond what was lost while it was answered.
    expect(asked.slice(0, 4)).toEqual([0, count, count, 0]);
    expect(through).toEqual([true, true]);
    await crawl.close();
  });

  it("are asked for from the first where everything was forgotten while they were taken", async () => {
    const asked: number[] = [];
    let reads = 0;
    let meanwhile: () => Promise<void> = async () => undefined;
    const parts = toldGroups(() => {
      reads += 1;
      if (reads === 5) void meanwhile();
    });
    const { crawl, through, look } = join({
      turn: async ({ life, since }) => {
        asked.push(since);
        return wholeTurn(life === null ? [toldCrawl, ...parts] : []);
      },
    });
    meanwhile = () => crawl.lose();
    crawl.start();
    await look();
    expect(asked.slice(0, 2)).toEqual([0, 0]);
    expect(through).toEqual([true]);
    await crawl.close();
  });
});
