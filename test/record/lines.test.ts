import { describe, expect, it } from "vitest";
import { Secret } from "../../src/config/Secret.js";
import type { SiteId } from "../../src/domain/ids.js";
import { registerSecret } from "../../src/observability/redact.js";
import { lineOf } from "../../src/record/auditLines.js";
import type { Provenance, RecordDraft, RecordEntry } from "../../src/record/ChangeRecord.js";
import { LineVerifier, positionLine } from "../../src/record/chain.js";
import { MemoryRecord } from "../../src/record/MemoryRecord.js";
import { ManualClock } from "../support/ManualClock.js";

const acme = "acme" as SiteId;
const other = "other" as SiteId;
const provenance: Provenance = {
  ...{
    requestId: "r-1",
    caller: "token",
    callerRequestId: "R-1",
    requestedBy: "gateway",
    reason: "Ünïcode ✓\nnewline",
  },
};

function draft(changeId: string, facts: Partial<RecordDraft> = {}): RecordDraft {
  return {
    ...{ phase: "attempt", changeId, siteId: acme, action: "grantMembership" },
    ...{ subject: { groupId: "g-1", accountId: "712020:a" }, plan: ["add the member"], before: [], after: null },
    ...{ promised: "CREATED", outcome: null, fault: null, upstreamStatus: null, undo: null },
    ...facts,
  };
}

async function entries(count: number, siteId = acme, record = new MemoryRecord(new ManualClock())) {
  const written: RecordEntry[] = [];
  for (let index = 1; index <= count; index += 1) {
    written.push(await record.append(draft(`${siteId}-${index}`, { siteId }), provenance));
  }
  return written;
}

const linesOf = (list: readonly RecordEntry[]) => list.map(lineOf);

function verify(lines: readonly string[], kept?: ConstructorParameters<typeof LineVerifier>[0]) {
  const verifier = new LineVerifier(kept);
  for (const line of lines) verifier.take(line.replace(/\n$/, ""));
  const { chains, notes } = verifier.finish();
  return { chains, notes, faults: chains.flatMap(({ faults }) => faults.map(({ kind, number }) => [kind, number])) };
}

describe("lines of the record", () => {
  it("are whole as they were written, each site's chain by itself, however they mix", async () => {
    const [mine, theirs] = [await entries(3), await entries(2, other)];
    const [a, b, c] = linesOf(mine);
    const [d, e] = linesOf(theirs);
    const { chains, notes, faults } = verify([d, a, b, e, c].map((line) => line ?? ""));
    expect([faults, notes]).toEqual([[], []]);
    expect(chains).toMatchObject([
      { siteId: "other", entries: 2, head: { number: 2, hash: theirs[1]?.hash } },
      { siteId: "acme", entries: 3, head: { number: 3, hash: mine[2]?.hash } },
    ]);
  });

  it("name an entry that is missing, that was changed, and that stands out of its order", async () => {
    const [a = "", b = "", c = "", d = ""] = linesOf(await entries(4));
    expect(verify([a, c, d]).faults).toEqual([["MISSING", 2]]);
    expect(verify([a, d]).chains[0]?.faults[0]?.message).toBe("Entries 2 to 3 are missing.");
    expect(verify([a, b.replace("712020:a", "712020:b"), c, d]).faults).toEqual([["CHANGED", 2]]);
    expect(verify([a, b.replace('"R-1"', '"R-2"'), c, d]).faults).toEqual([["CHANGED", 2]]);
    expect(verify([a, c, b, d]).faults).toEqual([
      ["MISSING", 2],
      ["REORDERED", 2],
    ]);
    // Every field of it counts, one that was added as well.
    expect(verify([a, b.replace('{"', '{"more":1,"'), c, d]).faults).toEqual([["CHANGED", 2]]);
  });

  it("find an entry that was written anew with a hash that fits, by the one behind it, and the last by what was noted", async () => {
    const record = new MemoryRecord(new ManualClock());
    const [a, b, c] = await entries(3, acme, record);
    const forger = new MemoryRecord(new ManualClock());
    await forger.append(draft("acme-1"), provenance);
    const forged = await forger.append(
      draft("acme-2", { subject: { groupId: "g-1", accountId: "712020:evil" } }),
      provenance,
    );
    if (a === undefined || b === undefined || c === undefined) throw new Error("three were written");
    expect(verify(linesOf([a, forged, c])).faults).toEqual([["CHANGED", 3]]);
    expect(verify(linesOf([a, forged])).faults).toEqual([]);
    const kept = new Map([["acme", { number: 2, hash: b.hash }]]);
    expect(verify(linesOf([a, forged]), kept).faults).toEqual([["CHANGED", 2]]);
    expect(verify(linesOf([a, b, c]), kept).faults).toEqual([]);
    expect(verify(linesOf([a]), kept).faults).toEqual([["MISSING", 2]]);
    expect(verify([], kept).faults).toEqual([["MISSING", 1]]);
  });

  it("tell what is torn, what came before and is not here, and that a chain in memory began anew: none of it a fault", async () => {
    const first = linesOf(await entries(3));
    const anew = linesOf(await entries(2));
    const torn = (first[2] ?? "").slice(0, 40);
    expect(verify([...first, torn])).toMatchObject({
      faults: [],
      notes: ["Line 4 is torn, or is no entry of a record."],
    });
    const restarted = verify([...first, ...anew]);
    expect(restarted.faults).toEqual([]);
    expect(restarted.chains[0]?.notes).toEqual(["Line 4 begins it anew, after entry 3: the record was in memory."]);
    const rotated = verify(first.slice(1));
    expect([rotated.faults, rotated.chains[0]?.notes]).toEqual([
      [],
      ["It begins with entry 2: what came before is not here."],
    ]);
    // An entry whose line is torn is not here.
    expect(verify([first[0] ?? "", (first[1] ?? "").slice(0, -20), first[2] ?? ""]).faults).toEqual([["MISSING", 2]]);
  });

  it("verify from a checkpoint, and find what is missing before a head", async () => {
    const clock = new ManualClock();
    const record = new MemoryRecord(clock);
    await entries(3, acme, record);
    clock.advance(1_000);
    const sinceMs = clock.now();
    const later = await entries(2, acme, record);
    expect(await record.retain(sinceMs)).toBe(3);
    const [checkpoint, head] = [await record.checkpointOf(acme), await record.headOf(acme)];
    if (checkpoint === null || head === null) throw new Error("the chain has both");
    const lines = [positionLine("checkpoint", acme, checkpoint), ...linesOf(later), positionLine("head", acme, head)];
    const { chains, faults } = verify(lines);
    expect([faults, chains[0]?.notes, chains[0]?.entries]).toEqual([[], [], 2]);
    expect(verify(lines.filter((_, index) => index !== 1)).faults).toEqual([["MISSING", 4]]);
    expect(verify(lines.filter((_, index) => index !== 2)).faults).toEqual([["MISSING", 5]]);
    const forged = positionLine("checkpoint", acme, { ...checkpoint, hash: "0".repeat(64) });
    expect(verify([forged, ...lines.slice(1)]).faults).toEqual([["CHANGED", 4]]);
  });

  it("hold no secret, and verify all the same where people or Confluence worded it", async () => {
    registerSecret(new Secret("hunter2-and-more"));
    const record = new MemoryRecord(new ManualClock());
    const worded = await record.append(draft("1", { fault: "UPSTREAM_REFUSED: hunter2-and-more" }), {
      ...provenance,
      reason: "because hunter2-and-more",
    });
    expect(worded.body).not.toContain("hunter2");
    expect(worded.reason).toBe("because [secret]");
    expect(verify([lineOf(worded)])).toMatchObject({ faults: [], chains: [{ notes: [] }] });
    const named = await record.append(draft("2", { subject: { name: "hunter2-and-more" } }), provenance);
    expect(lineOf(named)).not.toContain("hunter2");
    const told = verify([lineOf(worded), lineOf(named)]);
    expect(told.faults).toEqual([]);
    expect(told.chains[0]?.notes[0]).toContain("Entry 2 has something struck out");
  });
});
