import { setFlagsFromString } from "node:v8";
import { describe, expect, it } from "vitest";
import type { SiteId } from "../../src/domain/ids.js";
import type { Provenance, RecordDraft } from "../../src/record/ChangeRecord.js";
import { genesis, verifyChain } from "../../src/record/chain.js";
import { MemoryRecord } from "../../src/record/MemoryRecord.js";
import { ManualClock } from "../support/ManualClock.js";

const [acme, other] = ["acme" as SiteId, "other" as SiteId];
const provenance: Provenance = {
  requestId: "r",
  caller: "token",
  callerRequestId: null,
  requestedBy: null,
  reason: null,
};

/** A deletion, with so many former members that undoing it needs. */
function draft(siteId: SiteId, changeId: string, members = 0): RecordDraft {
  return {
    ...{ phase: "result", changeId, siteId, action: "deleteGroup", subject: {}, plan: [], before: [], after: [] },
    ...{ promised: null, outcome: "REMOVED", fault: null, upstreamStatus: null },
    undo: { members: Array.from({ length: members }, (_, number) => `712020:member-${number}`) },
  };
}

const request = (callerRequestId: string) => ({ caller: "token", callerRequestId });

describe("A record in memory", () => {
  it("lets the oldest entries go by what they take, and what is left verifies from a checkpoint", async () => {
    const record = new MemoryRecord(new ManualClock(), { entryBytes: 100_000 });
    for (let number = 1; number <= 50; number += 1) await record.append(draft(acme, `c-${number}`, 100), provenance);
    expect(record.heldBytes).toBeLessThanOrEqual(100_000);
    const [checkpoint, left] = [await record.checkpointOf(acme), await record.chain(acme, 0, 100)];
    expect(left.length).toBeGreaterThan(5);
    expect([left.at(-1)?.number, left[0]?.number]).toEqual([50, (checkpoint?.number ?? 0) + 1]);
    expect(verifyChain(checkpoint ?? { number: 0, hash: genesis }, left).faults).toEqual([]);
  });

  it("lets go of the entries of the site that has most of them", async () => {
    const record = new MemoryRecord(new ManualClock(), { entryBytes: 100_000 });
    await record.append(draft(other, "rare"), provenance);
    for (let number = 1; number <= 50; number += 1) await record.append(draft(acme, `c-${number}`, 100), provenance);
    expect(await record.checkpointOf(other)).toBeNull();
    expect((await record.chain(other, 0, 100)).map(({ changeId }) => changeId)).toEqual(["rare"]);
  });

  it("keeps the newest entry however long it is", async () => {
    const record = new MemoryRecord(new ManualClock(), { entryBytes: 10_000 });
    await record.append(draft(acme, "short"), provenance);
    await record.append(draft(acme, "long", 10_000), provenance);
    expect((await record.chain(acme, 0, 100)).map(({ changeId }) => changeId)).toEqual(["long"]);
    await record.append(draft(acme, "next"), provenance);
    expect((await record.chain(acme, 0, 100)).map(({ changeId }) => changeId)).toEqual(["next"]);
  });

  it("lets the oldest answers of requests go by what they take, and none that is under way", async () => {
    const record = new MemoryRecord(new ManualClock(), { requestBytes: 10_000 });
    await record.claim(request("running"), "input");
    for (let number = 1; number <= 50; number += 1) {
      await record.claim(request(`r-${number}`), "input");
      await record.finish(request(`r-${number}`), { result: JSON.stringify("x".repeat(1_000)), isFinal: true });
    }
    expect(record.heldBytes).toBeLessThanOrEqual(10_000);
    expect(await record.claim(request("running"), "input")).toEqual({ kind: "inProgress" });
    expect(await record.requestOf(request("r-1"))).toBeNull();
    expect((await record.claim(request("r-50"), "input")).kind).toBe("answered");
  });

  it("tells the answer of a request however long it is, until the next one ends", async () => {
    const record = new MemoryRecord(new ManualClock(), { requestBytes: 1_000 });
    await record.claim(request("long"), "input");
    await record.finish(request("long"), { result: JSON.stringify("x".repeat(10_000)), isFinal: true });
    expect((await record.claim(request("long"), "input")).kind).toBe("answered");
    await record.claim(request("next"), "input");
    await record.finish(request("next"), { result: "1", isFinal: true });
    expect(await record.requestOf(request("long"))).toBeNull();
    expect((await record.claim(request("next"), "input")).kind).toBe("answered");
  });

  it("counts what it holds down to nothing when it is let go", async () => {
    const clock = new ManualClock();
    const record = new MemoryRecord(clock);
    const emptyBytes = record.heldBytes;
    for (let number = 1; number <= 5; number += 1) await record.append(draft(acme, `c-${number}`, 10), provenance);
    const [fiveBytes] = [record.heldBytes];
    await clock.advance(1_000);
    // The newest stays.
    expect(await record.retain(clock.now())).toBe(4);
    expect([emptyBytes, record.heldBytes]).toEqual([0, fiveBytes / 5]);
  });

  it("keeps entries in one shape, for with one of its own each takes twice as much", async () => {
    const record = new MemoryRecord(new ManualClock());
    const entries: unknown[] = [];
    for (let number = 1; number <= 5; number += 1)
      entries.push(await record.append(draft(acme, `c-${number}`), provenance));
    setFlagsFromString("--allow-natives-syntax");
    const haveSameShape = new Function("left", "right", "return %HaveSameMap(left, right)");
    setFlagsFromString("--no-allow-natives-syntax");
    expect(haveSameShape(entries.at(-2), entries.at(-1))).toBe(true);
  });
});
