import { describe, expect, it } from "vitest";
import type { SiteId } from "../../../../src/domain/ids.js";
import { SiteError } from "../../../../src/domain/SiteError.js";
import { byItself, rehearse } from "../../../../src/provisioning/reconcile/reconcile.js";
import { TargetQueue } from "../../../../src/provisioning/reconcile/TargetQueue.js";
import {
  type Plan,
  type Step,
  type Target,
  TargetUnknown,
  type Task,
} from "../../../../src/provisioning/reconcile/Task.js";
import type { ChangeRecord, RecordDraft, RecordEntry } from "../../../../src/record/ChangeRecord.js";
import { LocalLocks, LockLost, type Locks } from "../../../../src/record/Locks.js";
import { MemoryRecord } from "../../../../src/record/MemoryRecord.js";
import { ManualClock } from "../../../support/ManualClock.js";

const provenance = { requestId: "1", caller: "token", callerRequestId: null, requestedBy: null, reason: null };

const lost = new SiteError("Unreachable", "The answer was lost.", { call: "POST /x", isAnswerLost: true });
const neverSent = new SiteError("Unreachable", "Nobody listens.", { call: "POST /x" });
const failed503 = new SiteError("UpstreamFailed", "503", { call: "POST /x", status: 503, isAnswerLost: true });
const failed504 = new SiteError("UpstreamFailed", "504", { call: "POST /x", status: 504, isAnswerLost: true });
const refused = new SiteError("RequestRejected", "No.", { call: "POST /x", status: 400 });
const throttled = new SiteError("Throttled", "Later.", { call: "POST /x", status: 429 });

/** What one call does: it is carried out or not, and answered or not. `others` change the target at the same time. */
interface CallScript {
  readonly isApplied: boolean;
  readonly error?: SiteError;
  readonly others?: readonly string[];
}

const ok: CallScript = { isApplied: true };

type Parts = ReadonlySet<string>;

/** A target that tasks want the parts `read` and `write` of, in this order, and that does what its script says. */
function scriptedTarget(
  script: readonly CallScript[],
  there: readonly string[] = [],
  unreadableAt: readonly number[] = [],
) {
  const log: string[] = [];
  const present = new Set(there);
  let reads = 0;
  let calls = 0;
  const target: Target<Parts> = {
    key: "target",
    read: async () => {
      log.push("read");
      reads += 1;
      if (unreadableAt.includes(reads))
        throw new TargetUnknown({ code: "UPSTREAM_UNAVAILABLE", field: [], message: "?" });
      return new Set(present);
    },
  };
  const call = async (name: string) => {
    log.push(`call ${name}`);
    const { isApplied, error, others } = script[calls] ?? ok;
    calls += 1;
    if (isApplied) present.add(name);
    if (others !== undefined) {
      present.clear();
      for (const other of others) present.add(other);
    }
    if (error !== undefined) throw error;
  };
  const wanting = (names: readonly string[], facts: Partial<Task<Parts>> = {}): Task<Parts> => ({
    action: "grantPermissions",
    subject: {},
    subjectKey: names.join(),
    objection: null,
    readsAfterEachStep: false,
    provenance,
    resumes: null,
    plan: (state): Plan => {
      const [first, ...rest] = names
        .filter((name) => !state.has(name))
        .map((name): Step => ({ text: `grant ${name}/space`, mayRepeat: true, run: () => call(name) }));
      if (first === undefined) return { kind: "noop", outcome: "ALREADY_EXISTS" };
      return { kind: "steps", steps: [first, ...rest], outcome: "CREATED" };
    },
    simulate: (state) => new Set([...state, ...names]),
    describe: (state) => [...state],
    ...facts,
  });
  return { target, log, present, wanting };
}

/** A record that logs what it is told, and fails at one entry. */
function loggedRecord(log: string[], failAt?: number): { record: ChangeRecord; entries: RecordDraft[] } {
  const record = new MemoryRecord(new ManualClock());
  const entries: RecordDraft[] = [];
  const append = record.append.bind(record);
  record.append = async (draft, told) => {
    if (entries.length + 1 === failAt) throw new Error("disk full");
    log.push(`record ${draft.phase}`);
    entries.push(draft);
    return append(draft, told);
  };
  return { record, entries };
}

async function settle(
  scripted: ReturnType<typeof scriptedTarget>,
  parts: { isDryRun?: boolean; failAt?: number; locks?: Locks; task?: Partial<Task<Parts>> } = {},
) {
  const { record, entries } = loggedRecord(scripted.log, parts.failAt);
  const queue = new TargetQueue({ siteId: "s", record, locks: parts.locks ?? new LocalLocks() });
  const tasks = [scripted.wanting(["read", "write"], parts.task)];
  const [result] = parts.isDryRun
    ? await rehearse(scripted.target, tasks, { siteId: "a", ...byItself })
    : await queue.run(scripted.target, tasks);
  return {
    outcome: result?.outcome,
    code: result?.fault?.code ?? null,
    plan: result?.plan,
    changeId: result?.changeId,
    entries,
  };
}

describe("what is found no more after a call", () => {
  const notFound: Plan = {
    kind: "refused",
    fault: { code: "ACCOUNT_NOT_FOUND", field: [], message: "No such account." },
  };

  it.each([
    ["was carried out", ok, "STATE_UNKNOWN"],
    ["may have been carried out", { isApplied: false, error: failed503 }, "STATE_UNKNOWN"],
    ["was refused for certain", { isApplied: false, error: refused }, "ACCOUNT_NOT_FOUND"],
  ] as const)("says nothing of a call that %s", async (_name, script, code) => {
    const scripted = scriptedTarget([script]);
    const { plan } = scripted.wanting(["read"]);
    let plans = 0;
    const task = { plan: (state: Parts) => (plans++ === 0 ? plan(state) : notFound) };
    expect(await settle(scripted, { task })).toMatchObject({ outcome: "FAILED", code });
  });
});

describe("the order of things in one target", () => {
  it("reads, records the attempt, calls, reads back, records the result", async () => {
    const scripted = scriptedTarget([]);
    expect(await settle(scripted)).toMatchObject({ outcome: "CREATED", code: null });
    expect(scripted.log).toEqual(["read", "record attempt", "call read", "call write", "read", "record result"]);
  });

  it("reads once and records the result alone when it is so already", async () => {
    const scripted = scriptedTarget([], ["read", "write"]);
    expect(await settle(scripted)).toMatchObject({ outcome: "ALREADY_EXISTS", plan: [] });
    expect(scripted.log).toEqual(["read", "record result"]);
  });

  it("reads and nothing else in a dry run", async () => {
    const scripted = scriptedTarget([]);
    expect(await settle(scripted, { isDryRun: true })).toMatchObject({
      outcome: "PLANNED",
      plan: ["grant read/space", "grant write/space"],
    });
    expect(scripted.log).toEqual(["read"]);
  });

  it("calls nobody when the attempt cannot be recorded", async () => {
    const scripted = scriptedTarget([]);
    expect(await settle(scripted, { failAt: 1 })).toMatchObject({ outcome: "FAILED", code: "AUDIT_UNAVAILABLE" });
    expect(scripted.log).toEqual(["read"]);
  });

  it("tells what happened, and that it is not on record, when the result cannot be recorded", async () => {
    const scripted = scriptedTarget([]);
    expect(await settle(scripted, { failAt: 2 })).toMatchObject({ outcome: "CREATED", code: "AUDIT_UNAVAILABLE" });
  });

  it("calls nobody and records the failure when it cannot read first", async () => {
    const scripted = scriptedTarget([], [], [1]);
    const { outcome, entries } = await settle(scripted);
    expect(outcome).toBe("FAILED");
    expect(scripted.log).toEqual(["read", "record result"]);
    expect(entries[0]).toMatchObject({ outcome: "FAILED", after: null });
  });
});

describe("what becomes of a call that does not simply succeed", () => {
  const cases: readonly (readonly [
    name: string,
    script: readonly CallScript[],
    calls: readonly string[],
    outcome: string,
    code: string | null,
  ])[] = [
    ["lost but carried out", [{ isApplied: true, error: lost }], ["read", "write"], "CREATED", null],
    ["lost and not carried out", [{ isApplied: false, error: lost }], ["read"], "FAILED", "ANSWER_LOST"],
    ["lost at the second step", [ok, { isApplied: false, error: lost }], ["read", "write"], "FAILED", "ANSWER_LOST"],
    ["a gateway that gave up", [{ isApplied: false, error: failed504 }], ["read"], "FAILED", "ANSWER_LOST"],
    ["a gateway that gave up too early", [{ isApplied: true, error: failed504 }], ["read", "write"], "CREATED", null],
    ["503 once", [{ isApplied: false, error: failed503 }], ["read", "read", "write"], "CREATED", null],
    ["503 but carried out", [{ isApplied: true, error: failed503 }], ["read", "write"], "CREATED", null],
    [
      "503 for good",
      Array.from({ length: 9 }, () => ({ isApplied: false, error: failed503 })),
      ["read", "read", "read"],
      "FAILED",
      "UPSTREAM_UNAVAILABLE",
    ],
    ["never sent", [{ isApplied: false, error: neverSent }], ["read", "read", "write"], "CREATED", null],
    ["throttled", [{ isApplied: false, error: throttled }], ["read"], "FAILED", "UPSTREAM_UNAVAILABLE"],
    ["refused", [{ isApplied: false, error: refused }], ["read"], "FAILED", "UPSTREAM_REFUSED"],
    [
      "refused at the second step",
      [ok, { isApplied: false, error: refused }],
      ["read", "write"],
      "FAILED",
      "UPSTREAM_REFUSED",
    ],
    [
      "refused because somebody else was faster",
      [{ isApplied: false, error: refused, others: ["read", "write"] }],
      ["read"],
      "ALREADY_EXISTS",
      null,
    ],
    [
      "refused because somebody took the first step back",
      [ok, { isApplied: false, error: refused, others: [] }],
      ["read", "write", "read", "write"],
      "CREATED",
      null,
    ],
    ["accepted without effect", [{ isApplied: false }, ok], ["read", "write"], "FAILED", "STATE_UNKNOWN"],
  ];

  it.each(cases)("%s", async (_name, script, calls, outcome, code) => {
    const scripted = scriptedTarget(script);
    expect(await settle(scripted)).toMatchObject({ outcome, code });
    expect(scripted.log.filter((line) => line.startsWith("call "))).toEqual(calls.map((name) => `call ${name}`));
    // Nothing is claimed that the last reading does not show.
    expect(outcome === "FAILED").toBe(scripted.present.size < 2);
  });

  it("claims nothing when it cannot read back, and does not go on", async () => {
    const scripted = scriptedTarget([{ isApplied: true, error: lost }], [], [2]);
    const { outcome, code, entries } = await settle(scripted);
    expect([outcome, code]).toEqual(["FAILED", "STATE_UNKNOWN"]);
    expect(scripted.log).toEqual(["read", "record attempt", "call read", "read", "record result"]);
    expect(entries.at(-1)?.after).toBeNull();
  });
});

describe("several changes of one target", () => {
  it("carries out those of different subjects on one reading, and reads back once", async () => {
    const { target, log, wanting } = scriptedTarget([]);
    const { record } = loggedRecord([]);
    const queue = new TargetQueue({ siteId: "s", record, locks: new LocalLocks() });
    await queue.run(target, [wanting(["a"]), wanting(["b"]), wanting(["c"])]);
    expect(log).toEqual(["read", "call a", "call b", "call c", "read"]);
  });

  it("plans a change of the same subject on what the one before it left", async () => {
    const { target, log, wanting } = scriptedTarget([]);
    const { record } = loggedRecord([]);
    const queue = new TargetQueue({ siteId: "s", record, locks: new LocalLocks() });
    const results = await queue.run(target, [wanting(["a"]), wanting(["b"]), wanting(["a"])]);
    expect(results.map(({ outcome }) => outcome)).toEqual(["CREATED", "CREATED", "ALREADY_EXISTS"]);
    expect(log).toEqual(["read", "call a", "call b", "read"]);
  });

  it("lets a change that others decide about wait for those before it", async () => {
    const { target, log, wanting } = scriptedTarget([]);
    const { record } = loggedRecord([]);
    const queue = new TargetQueue({ siteId: "s", record, locks: new LocalLocks() });
    const last = wanting(["b"], { waitsForOthers: () => true });
    const results = await queue.run(target, [wanting(["a"]), last, wanting(["c"])]);
    expect(results.map(({ outcome }) => outcome)).toEqual(["CREATED", "CREATED", "CREATED"]);
    expect(log).toEqual(["read", "call a", "read", "call b", "read", "call c", "read"]);
  });

  it("rehearses them one after the other on one reading", async () => {
    const { target, log, wanting } = scriptedTarget([]);
    const results = await rehearse(target, [wanting(["a"]), wanting(["a", "b"]), wanting(["b"])], {
      siteId: "a",
      ...byItself,
    });
    expect(results.map(({ outcome, plan }) => [outcome, plan])).toEqual([
      ["PLANNED", ["grant a/space"]],
      ["PLANNED", ["grant b/space"]],
      ["ALREADY_EXISTS", []],
    ]);
    expect(log).toEqual(["read"]);
  });

  it("reconciles callers that wait for the same target together, each with its own outcome and record", async () => {
    const { target, log, wanting } = scriptedTarget([]);
    const { record, entries } = loggedRecord([]);
    const queue = new TargetQueue({ siteId: "s", record, locks: new LocalLocks() });
    const callers = Array.from({ length: 20 }, (_, index) => queue.run(target, [wanting([`part ${index % 19}`])]));
    const outcomes = (await Promise.all(callers)).map(([result]) => result?.outcome);
    expect(outcomes).toEqual([...Array.from({ length: 19 }, () => "CREATED"), "ALREADY_EXISTS"]);
    // The first by itself, the nineteen that came meanwhile on the reading after it.
    expect(log.filter((line) => line === "read")).toHaveLength(4);
    expect(entries).toHaveLength(2 * 19 + 1);
  });

  it("tells everyone when a bug of ours ends a batch, and goes on with the next", async () => {
    const { target, wanting } = scriptedTarget([]);
    const { record } = loggedRecord([]);
    const queue = new TargetQueue({ siteId: "s", record, locks: new LocalLocks() });
    const broken = wanting(["a"], {
      plan: () => {
        throw new TypeError("a bug");
      },
    });
    await expect(queue.run(target, [broken])).rejects.toThrow("a bug");
    expect(await queue.run(target, [wanting(["a"])])).toMatchObject([{ outcome: "CREATED" }]);
  });
});

describe("a change that was cut off", () => {
  const earlier: RecordEntry = {
    phase: "attempt",
    changeId: "c-1",
    siteId: "s" as SiteId,
    action: "grantPermissions",
    subject: {},
    plan: ["grant read/space", "grant write/space"],
    before: [],
    after: null,
    promised: "CREATED",
    outcome: null,
    fault: null,
    upstreamStatus: null,
    undo: null,
    ...provenance,
    time: "2026-11-29T00:00:00.000Z",
    number: 1,
    previous: "genesis",
    hash: "x",
    body: "{}",
  };

  it("ends as it was meant to when what it wanted is there, without a call, under the same name in the record", async () => {
    const scripted = scriptedTarget([], ["read", "write"]);
    const { outcome, changeId, entries } = await settle(scripted, { task: { resumes: earlier } });
    expect([outcome, changeId]).toEqual(["CREATED", "c-1"]);
    expect(scripted.log).toEqual(["read", "record result"]);
    expect(entries.map((entry) => entry.changeId)).toEqual(["c-1"]);
  });

  it("does what is left of it", async () => {
    const scripted = scriptedTarget([], ["read"]);
    expect(await settle(scripted, { task: { resumes: earlier } })).toMatchObject({ outcome: "CREATED" });
    expect(scripted.log.filter((line) => line.startsWith("call"))).toEqual(["call write"]);
  });

  it("plans anew when its lock was lost before a call, and sends nothing on the old reading", async () => {
    let losses = 1;
    const locks: Locks = {
      areShared: false,
      run: (_key, task) =>
        task({
          also: (key, inner) => locks.run(key, inner),
          hasWaited: false,
          check: async () => {
            losses -= 1;
            if (losses >= 0) throw new LockLost("lost");
          },
        }),
      close: async () => undefined,
    };
    const scripted = scriptedTarget([]);
    expect(await settle(scripted, { locks })).toMatchObject({ outcome: "CREATED" });
    expect(scripted.log).toEqual([
      ...["read", "record attempt", "read", "call read", "call write", "read", "record result"],
    ]);
  });
});
