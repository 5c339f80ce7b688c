import { afterEach, describe, expect, it, vi } from "vitest";
import { AccessIndex } from "../../../src/access/index/AccessIndex.js";
import { ChangedParts } from "../../../src/access/index/copies/ChangedParts.js";
import { cloudAccessRules } from "../../../src/access/SiteFacts.js";
import { CrawlMemory, Touches } from "../../../src/crawl/CrawlMemory.js";
import type { PartShelf, ShelfTurn, ToldPart } from "../../../src/crawl/shared/PartShelf.js";
import { SharedCrawl } from "../../../src/crawl/shared/SharedCrawl.js";
import { TouchedParts } from "../../../src/crawl/shared/TouchedParts.js";
import type { AccountId, GroupId, SiteId } from "../../../src/domain/ids.js";
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

/** A process that joins one that has read all of it, and is told everything in one turn. */
function join(parts: readonly ToldPart[]) {
  const clock = new ManualClock();
  const index = new AccessIndex({ rules: cloudAccessRules, hasNestedGroups: false }, new ChangedParts(true));
  const turn: ShelfTurn = {
    isOurs: false,
    fence: 1,
    life: "life",
    voids: 0,
    upTo: "e.1",
    parts,
    since: count,
    left: 0,
  };
  const shelf: PartShelf = {
    processId: "joining",
    isThere: true,
    onTurn: () => () => undefined,
    turn: async () => turn,
    write: async () => false,
    clear: async () => undefined,
    leave: async () => undefined,
  };
  const crawl = new SharedCrawl({
    shelf,
    clock,
    siteId: "site" as SiteId,
    logger: createLogger({ level: "silent", destination: { write: () => undefined } }),
    touched: new TouchedParts({ appliedPosition: "e.1", isTouchedSince: () => false }),
    times: { toEngineMs: (ms) => ms, toOwnMs: (ms) => ms },
    host: {
      index,
      memory: new CrawlMemory(),
      touches: new Touches(),
      told: () => ({ isThrough: true, isBroken: false, wholeMs: 0, outage: null, pass: null }),
      take: () => undefined,
      isInDoubt: () => false,
      settle: () => undefined,
      drop: () => undefined,
      turned: () => undefined,
    },
  });
  const taken = () => [...index.copies.names()].filter((name) => name.startsWith("group:")).length;
  return { crawl, taken };
}

describe("parts of an index that a process takes over", () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it("are read one by one, and others have their turn as soon as some have taken some milliseconds", async () => {
    let nowMs = 0;
    vi.spyOn(performance, "now").mockImplementation(() => nowMs);
    let read = 0;
    const ahead: number[] = [];
    const { crawl, taken } = join(
      toldGroups(() => {
        ahead.push(read - taken());
        read += 1;
        nowMs += 1;
      }),
    );
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
});
