import { appendFile, mkdir, mkdtemp, readFile, rename, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { SiteId } from "../../src/domain/ids.js";
import { openAuditLines, redirectedLines, withAuditLines } from "../../src/record/auditLines.js";
import type { ChangeRecord, Provenance, RecordDraft, RecordEntry } from "../../src/record/ChangeRecord.js";
import { LineVerifier } from "../../src/record/chain.js";
import { MemoryRecord } from "../../src/record/MemoryRecord.js";
import { ManualClock } from "../support/ManualClock.js";

const provenance: Provenance = {
  ...{ requestId: "r-1", caller: "token", callerRequestId: null, requestedBy: null, reason: null },
};

function draft(changeId: string): RecordDraft {
  return {
    ...{ phase: "attempt", changeId, siteId: "acme" as SiteId, action: "createGroup", subject: { name: "team" } },
    ...{
      plan: [],
      before: [],
      after: null,
      promised: null,
      outcome: null,
      fault: null,
      upstreamStatus: null,
      undo: null,
    },
  };
}

let folder: string;
let path: string;
let record: ChangeRecord;

function open(): ChangeRecord {
  return withAuditLines(new MemoryRecord(new ManualClock()), openAuditLines(path));
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "lines-"));
  path = join(folder, "audit.jsonl");
  record = open();
});
afterEach(async () => {
  await record.close();
  await rm(folder, { recursive: true, force: true });
});

async function changesIn(file: string): Promise<unknown[]> {
  const text = await readFile(file, "utf8");
  expect(text.endsWith("\n")).toBe(true);
  return text
    .trimEnd()
    .split("\n")
    .map((line) => (JSON.parse(line) as { changeId: string }).changeId);
}

describe("the record as lines in a file", () => {
  it("is there when an entry is kept, and nobody else may read it; without a change there is no file", async () => {
    await expect(stat(path)).rejects.toThrow("ENOENT");
    await record.append(draft("1"), provenance);
    await record.append(draft("2"), provenance);
    expect(await changesIn(path)).toEqual(["1", "2"]);
    expect((await stat(path)).mode & 0o077).toBe(0);
  });

  it("keeps the order of the chain, however many are appended at once", async () => {
    await Promise.all(Array.from({ length: 50 }, (_, index) => record.append(draft(String(index)), provenance)));
    const verifier = new LineVerifier();
    for (const line of (await readFile(path, "utf8")).trimEnd().split("\n")) verifier.take(line);
    expect(verifier.finish()).toMatchObject({ notes: [], chains: [{ entries: 50, faults: [], notes: [] }] });
  });

  it("hands lines over in the order of the chain, and none waits for the disk to have the one before", async () => {
    const written: string[] = [];
    const gate: (() => void)[] = [];
    const disk = {
      write: (entry: RecordEntry) =>
        new Promise<void>((resolve) => {
          written.push(entry.changeId);
          gate.push(resolve);
        }),
      close: async () => undefined,
    };
    const busy = withAuditLines(new MemoryRecord(new ManualClock()), disk);
    const appended = Promise.all(["1", "2", "3"].map((id) => busy.append(draft(id), provenance)));
    // Handed over in order while the first is still being written.
    await expect.poll(() => written).toEqual(["1", "2", "3"]);
    for (const release of gate) release();
    await appended;
    await busy.close();
  });

  it("ends a line that was left torn before it writes the next", async () => {
    await appendFile(path, '{"number":1,"hash":"abc');
    await record.append(draft("1"), provenance);
    const [torn, line] = (await readFile(path, "utf8")).trimEnd().split("\n");
    expect([torn, JSON.parse(line ?? "")]).toMatchObject(['{"number":1,"hash":"abc', { changeId: "1" }]);
  });

  it("goes on in a new file where the one that is open was moved, and the moved one and it are whole together", async () => {
    await record.append(draft("1"), provenance);
    await rename(path, `${path}.1`);
    await record.append(draft("2"), provenance);
    expect([await changesIn(`${path}.1`), await changesIn(path)]).toEqual([["1"], ["2"]]);
    const verifier = new LineVerifier();
    for (const file of [`${path}.1`, path]) {
      for (const line of (await readFile(file, "utf8")).trimEnd().split("\n")) verifier.take(line);
    }
    expect(verifier.finish()).toMatchObject({ notes: [], chains: [{ entries: 2, faults: [], notes: [] }] });
  });

  it("makes the file again where it was deleted", async () => {
    await record.append(draft("1"), provenance);
    await rm(path);
    await record.append(draft("2"), provenance);
    expect(await changesIn(path)).toEqual(["2"]);
  });

  it("keeps nothing that it cannot write, and goes on when it can again", async () => {
    await record.append(draft("1"), provenance);
    await rm(path);
    await mkdir(path);
    await expect(record.append(draft("2"), provenance)).rejects.toThrow("EISDIR");
    await rm(path, { recursive: true });
    await record.append(draft("3"), provenance);
    expect(await changesIn(path)).toEqual(["3"]);
  });

  it("refuses what a disk takes in part where standard output is a file, and ends that line before the next", async () => {
    let written = "";
    let room = 30;
    const lines = redirectedLines(async (text) => {
      const taken = text.slice(0, room);
      if (taken === "") throw new Error("ENOSPC");
      written += taken;
      room -= taken.length;
      return { bytesWritten: Buffer.byteLength(taken) };
    });
    const output = withAuditLines(new MemoryRecord(new ManualClock()), lines);
    const [partly, notAtAll] = await Promise.allSettled(["1", "2"].map((id) => output.append(draft(id), provenance)));
    expect([partly, notAtAll]).toMatchObject([
      { reason: { message: "The line was written in part." } },
      { reason: { message: "ENOSPC" } },
    ]);
    room = 10_000;
    await output.append(draft("3"), provenance);
    const [torn, third, end] = written.split("\n");
    expect(torn).toHaveLength(30);
    expect([JSON.parse(third ?? ""), end]).toMatchObject([{ changeId: "3" }, ""]);
  });

  it("refuses what a full disk does not take", async () => {
    const full = withAuditLines(new MemoryRecord(new ManualClock()), openAuditLines("/dev/full"));
    await expect(full.append(draft("1"), provenance)).rejects.toThrow("ENOSPC");
    await full.close();
  });
});
