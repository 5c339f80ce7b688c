import { describe, expect, it } from "vitest";
import type { ChangeAction } from "../../../../src/domain/Change.js";
import type { SiteId } from "../../../../src/domain/ids.js";
import { inverseOf } from "../../../../src/provisioning/undo/inverseOf.js";
import type { Provenance, RecordDraft } from "../../../../src/record/ChangeRecord.js";
import { MemoryRecord } from "../../../../src/record/MemoryRecord.js";
import { ManualClock } from "../../../support/ManualClock.js";

const provenance: Provenance = {
  ...{ requestId: "r", caller: "token", callerRequestId: null, requestedBy: null, reason: null },
};
const principal = { kind: "account", accountId: "712020:a" } as const;

/** A change as it would be recorded; `null` for `ended` where nothing says how it ended. */
async function inverse(
  action: ChangeAction,
  subject: object,
  ended: Partial<RecordDraft> | null,
  before: string[] = [],
) {
  const record = new MemoryRecord(new ManualClock());
  const draft: RecordDraft = {
    ...{
      phase: "attempt",
      changeId: "c-1",
      siteId: "acme" as SiteId,
      action,
      subject: { ...subject },
      plan: ["call"],
      before,
    },
    ...{ after: null, promised: "CREATED", outcome: null, fault: null, upstreamStatus: null, undo: null },
  };
  const attempt = await record.append(draft, provenance);
  const result = ended && (await record.append({ ...draft, phase: "result", ...ended }, provenance));
  return inverseOf({ changeId: "c-1", attempt, result });
}

describe("the inverse of a recorded change", () => {
  const role = { spaceId: "1", principal, roleId: "reader" };

  it("puts back the role that was replaced, while the new one is held still; takes a new one away; gives one that was taken", async () => {
    expect(
      await inverse("grantRole", role, { outcome: "REPLACED", after: ["role reader"] }, ["role admin"]),
    ).toMatchObject({
      change: { kind: "grantRole", roleId: "admin", onExistingRole: "REPLACE", inPlaceOf: "reader" },
    });
    expect(await inverse("grantRole", role, { outcome: "CREATED", after: ["role reader"] })).toMatchObject({
      change: { kind: "revokeRole", roleId: "reader" },
    });
    expect(await inverse("revokeRole", role, { outcome: "REMOVED", after: [] }, ["role reader"])).toMatchObject({
      change: { kind: "grantRole", roleId: "reader", onExistingRole: "REFUSE" },
    });
  });

  it("ends a suspension, and suspends whoever was restored", async () => {
    const ended = { outcome: "REPLACED", after: ["status suspended"] };
    const subject = { accountId: "712020:a" };
    expect(await inverse("suspendAccount", subject, ended, ["status active"])).toMatchObject({
      action: "restoreAccount",
    });
    expect(await inverse("restoreAccount", subject, ended, ["status active"])).toMatchObject({
      action: "suspendAccount",
    });
  });

  it("takes back of permissions what the change made itself, also where a part of it failed", async () => {
    const subject = { spaceId: "1", principal, operations: [{ key: "create", target: "page" }] };
    const ended = { outcome: "FAILED", after: ["archive/page", "create/page", "read/space", "update/page"] };
    // Somebody else granted archive/page meanwhile.
    expect(await inverse("grantPermissions", subject, ended, ["read/space"])).toMatchObject({
      change: {
        kind: "revokePermissions",
        operations: [
          { key: "create", target: "page" },
          { key: "update", target: "page" },
        ],
      },
    });
    const taken = { outcome: "REMOVED", after: ["read/space"] };
    const before = ["archive/page", "create/page", "read/space"];
    expect(await inverse("revokePermissions", subject, taken, before)).toMatchObject({
      change: { kind: "grantPermissions", operations: [{ key: "create", target: "page" }] },
    });
  });

  it("is none where it is not known what the change did", async () => {
    const subject = { groupId: "g-1", accountId: "712020:a" };
    const reason = async (ended: Partial<RecordDraft> | null) => {
      const found = await inverse("grantMembership", subject, ended);
      return found.kind === "none" ? found.reason : found;
    };
    expect(await reason(null)).toContain("not on record how it ended");
    expect(await reason({ outcome: "FAILED", after: null })).toContain("could not be read back");
    expect(await reason({ outcome: "FAILED", after: [] })).toContain("changed nothing");
    expect(await reason({ outcome: "FAILED", after: ["member"] })).toContain("somebody else's doing");
    expect(await inverse("deleteGroup", {}, { outcome: "REMOVED", after: [] }, ["group g-1"])).toMatchObject({
      kind: "none",
      reason: expect.stringContaining("not on record"),
    });
    expect(await inverse("removeAccount", {}, { outcome: "REMOVED", after: [] }, ["status active"])).toMatchObject({
      kind: "none",
    });
  });
});
