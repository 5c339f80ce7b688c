import { describe, expect, it } from "vitest";
import type { Logger } from "../../src/observability/Logger.js";
import { MemoryRecord } from "../../src/record/MemoryRecord.js";
import { keepRetention } from "../../src/record/retention.js";
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
});
