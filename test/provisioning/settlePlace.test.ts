import { describe, expect, it } from "vitest";
import type { AccountId, GroupId } from "../../src/domain/ids.js";
import { SiteError } from "../../src/domain/SiteError.js";
import type { AuditEntry } from "../../src/provisioning/AuditLog.js";
import type { Change } from "../../src/provisioning/Change.js";
import type { ChangePlace } from "../../src/provisioning/ChangePlace.js";
import { PlaceUnknown } from "../../src/provisioning/PlaceUnknown.js";
import type { Plan } from "../../src/provisioning/Plan.js";
import type { Step } from "../../src/provisioning/Step.js";
import { settlePlace } from "../../src/provisioning/settlePlace.js";

const change: Change = { kind: "grantMembership", groupId: "g" as GroupId, accountId: "a" as AccountId };
const provenance = { requestId: "1", callerRequestId: null, requestedBy: null, reason: null };

const lost = new SiteError("Unreachable", "The answer was lost.", { call: "POST /x", isAnswerLost: true });
const neverSent = new SiteError("Unreachable", "Nobody listens.", { call: "POST /x" });
const failed503 = new SiteError("UpstreamFailed", "503", { call: "POST /x", status: 503, isAnswerLost: true });
const failed504 = new SiteError("UpstreamFailed", "504", { call: "POST /x", status: 504, isAnswerLost: true });
const refused = new SiteError("RequestRejected", "No.", { call: "POST /x", status: 400 });
const throttled = new SiteError("Throttled", "Later.", { call: "POST /x", status: 429 });

/** What one call does: it is carried out or not, and answered or not. `others` change the place at the same time. */
interface CallScript {
  readonly isApplied: boolean;
  readonly error?: SiteError;
  readonly others?: readonly string[];
}

const ok: CallScript = { isApplied: true };

/** A place that wants the parts `read` and `write`, in this order, and does what its script says. */
function scriptedPlace(
  script: readonly CallScript[],
  there: readonly string[] = [],
  unreadableAt: readonly number[] = [],
) {
  const log: string[] = [];
  const present = new Set(there);
  let reads = 0;
  let calls = 0;
  const operationOf = (name: string) => ({ key: name, target: "space" });
  const place: ChangePlace<ReadonlySet<string>> = {
    key: "place",
    readState: async () => {
      log.push("read");
      reads += 1;
      if (unreadableAt.includes(reads))
        throw new PlaceUnknown({ code: "UPSTREAM_UNAVAILABLE", field: [], message: "?" });
      return new Set(present);
    },
    plan: (_change, state): Plan => {
      const [first, ...rest] = ["read", "write"]
        .filter((name) => !state.has(name))
        .map((name): Step => ({ kind: "addPermission", operation: operationOf(name) }));
      if (first === undefined) return { kind: "settled", outcome: "ALREADY_EXISTS" };
      return { kind: "steps", steps: [first, ...rest], outcome: "CREATED" };
    },
    apply: async (_change, step) => {
      const name = step.kind === "addPermission" ? step.operation.key : step.kind;
      log.push(`call ${name}`);
      const { isApplied, error, others } = script[calls] ?? ok;
      calls += 1;
      if (isApplied) present.add(name);
      if (others !== undefined) {
        present.clear();
        for (const other of others) present.add(other);
      }
      if (error !== undefined) throw error;
    },
    describe: (_change, state) => [...state],
  };
  return { place, log, present };
}

async function settle(scripted: ReturnType<typeof scriptedPlace>, parts: { isDryRun?: boolean; failAt?: number } = {}) {
  const entries: AuditEntry[] = [];
  const audit = {
    record: async (entry: AuditEntry) => {
      if (entries.length + 1 === parts.failAt) throw new Error("disk full");
      scripted.log.push(`audit ${entry.phase}`);
      entries.push(entry);
    },
    close: async () => undefined,
  };
  const [result] = await settlePlace(scripted.place, [change], {
    siteId: "s",
    audit,
    provenance,
    isDryRun: parts.isDryRun ?? false,
  });
  return { outcome: result?.outcome, code: result?.fault?.code ?? null, plan: result?.plan, entries };
}

describe("the order of things in one place", () => {
  it("reads, records the attempt, calls, reads back, records the result", async () => {
    const scripted = scriptedPlace([]);
    expect(await settle(scripted)).toMatchObject({ outcome: "CREATED", code: null });
    expect(scripted.log).toEqual(["read", "audit attempt", "call read", "call write", "read", "audit result"]);
  });

  it("reads once and records the result alone when it is so already", async () => {
    const scripted = scriptedPlace([], ["read", "write"]);
    expect(await settle(scripted)).toMatchObject({ outcome: "ALREADY_EXISTS", plan: [] });
    expect(scripted.log).toEqual(["read", "audit result"]);
  });

  it("reads and nothing else in a dry run", async () => {
    const scripted = scriptedPlace([]);
    expect(await settle(scripted, { isDryRun: true })).toMatchObject({
      outcome: "PLANNED",
      plan: ["grant read/space", "grant write/space"],
    });
    expect(scripted.log).toEqual(["read"]);
  });

  it("calls nobody when the attempt cannot be recorded", async () => {
    const scripted = scriptedPlace([]);
    expect(await settle(scripted, { failAt: 1 })).toMatchObject({ outcome: "FAILED", code: "AUDIT_UNAVAILABLE" });
    expect(scripted.log).toEqual(["read"]);
  });

  it("tells what happened, and that it is not on record, when the result cannot be recorded", async () => {
    const scripted = scriptedPlace([]);
    expect(await settle(scripted, { failAt: 2 })).toMatchObject({ outcome: "CREATED", code: "AUDIT_UNAVAILABLE" });
  });

  it("calls nobody and records the failure when it cannot read first", async () => {
    const scripted = scriptedPlace([], [], [1]);
    const { outcome, entries } = await settle(scripted);
    expect(outcome).toBe("FAILED");
    expect(scripted.log).toEqual(["read", "audit result"]);
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
    const scripted = scriptedPlace(script);
    expect(await settle(scripted)).toMatchObject({ outcome, code });
    expect(scripted.log.filter((line) => line.startsWith("call "))).toEqual(calls.map((name) => `call ${name}`));
    // Nothing is claimed that the last reading does not show.
    expect(outcome === "FAILED").toBe(scripted.present.size < 2);
  });

  it("claims nothing when it cannot read back, and does not go on", async () => {
    const scripted = scriptedPlace([{ isApplied: true, error: lost }], [], [2]);
    const { outcome, code, entries } = await settle(scripted);
    expect([outcome, code]).toEqual(["FAILED", "STATE_UNKNOWN"]);
    expect(scripted.log).toEqual(["read", "audit attempt", "call read", "read", "audit result"]);
    expect(entries.at(-1)?.after).toBeNull();
  });
});
