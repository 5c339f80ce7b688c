import { describe, expect, it } from "vitest";
import type { SiteId } from "../../src/domain/ids.js";
import type { Logger } from "../../src/observability/Logger.js";
import { genesis, verifyChain } from "../../src/record/chain.js";
import { MemoryRecord } from "../../src/record/MemoryRecord.js";
import { keepRetention } from "../../src/record/openRecord.js";
import { ManualClock } from "../support/ManualClock.js";

const dayMs = 86_400_000;

function watched() {
  const clock = new ManualClock(100 * dayMs);
  const record = new MemoryRecord(clock);
  const since: number[] = [];
  const lines: string[] = [];
  const write = (_fields: Record<string, unknown>, message: string) => void lines.push(message);
  const logger: Logger = { debug: write, info: write, warn: write, error: write };
  let answer = async (): Promise<number> => 3;
  record.retain = (sinceMs) => {
    since.push(sinceMs / dayMs);
    return answer();
  };
  return {
    ...{ clock, record, logger, since, lines },
    fail: () => {
      answer = async () => {
        throw new Error("away");
      };
    },
  };
}

describe("the time that entries are kept", () => {
  it("is kept at the start and every day, until the end", async () => {
    const { clock, record, logger, since, lines } = watched();
    const end = keepRetention({ record, retentionMs: 30 * dayMs, clock, logger });
    await clock.advance(0);
    expect(since).toEqual([70]);
    await clock.advance(dayMs - 1);
    expect(since).toEqual([70]);
    await clock.advance(1);
    expect(since).toEqual([70, 71]);
    await end();
    await clock.advance(3 * dayMs);
    expect(since).toEqual([70, 71]);
    expect(new Set(lines)).toEqual(new Set(["old entries of the record were let go; a checkpoint stays"]));
  });

  it("is tried again the next day where the record is away, which is told", async () => {
    const { clock, record, logger, since, lines, fail } = watched();
    fail();
    const end = keepRetention({ record, retentionMs: 30 * dayMs, clock, logger });
    await clock.advance(0);
    await clock.advance(dayMs);
    expect(since).toEqual([70, 71]);
    expect(lines[0]).toBe("old entries of the record could not be let go");
    await end();
  });

  it("leaves a checkpoint with which what is left verifies, and the next entry too", async () => {
    const clock = new ManualClock(100 * dayMs);
    const record = new MemoryRecord(clock);
    const siteId = "acme" as SiteId;
    const append = (changeId: string) =>
      record.append(
        {
          ...{ phase: "result", changeId, siteId, action: "createGroup", subject: {}, plan: [], before: [], after: [] },
          ...{ promised: null, outcome: "CREATED", fault: null, upstreamStatus: null, undo: null },
        },
        { requestId: "r", caller: "token", callerRequestId: null, requestedBy: null, reason: null },
      );
    await append("old");
    await clock.advance(40 * dayMs);
    await append("new");
    const { logger } = watched();
    const end = keepRetention({ record, retentionMs: 30 * dayMs, clock, logger });
    await clock.advance(0);
    await end();
    await append("newest");
    const [checkpoint, left] = [await record.checkpointOf(siteId), await record.chain(siteId, 0, 10)];
    expect([checkpoint?.number, left.map(({ changeId }) => changeId)]).toEqual([1, ["new", "newest"]]);
    expect(verifyChain(checkpoint ?? { number: 0, hash: genesis }, left).faults).toEqual([]);
    expect(verifyChain({ number: 0, hash: genesis }, left).faults).not.toEqual([]);
  });
});
