import { describe, expect, it } from "vitest";
import type { LongTaskId } from "../../../../src/confluence/writerPort.js";
import type { AccountId, GroupId, SiteId } from "../../../../src/domain/ids.js";
import { SentInvitations, StartedRemovals } from "../../../../src/provisioning/accounts/remembered.js";
import type { ChangeRecord } from "../../../../src/record/ChangeRecord.js";
import { MemoryRecord } from "../../../../src/record/MemoryRecord.js";
import { RecordUnavailable } from "../../../../src/record/Sql.js";
import { ManualClock } from "../../../support/ManualClock.js";

const siteId = "a" as SiteId;
const dayMs = 24 * 3_600_000;

function shared() {
  const clock = new ManualClock(0);
  const record: ChangeRecord = new MemoryRecord(clock);
  return { clock, record, options: { record, siteId, clock } };
}

/** A record that cannot be reached until it is mended. */
function broken(record: ChangeRecord) {
  let isBroken = true;
  const unavailable = async (): Promise<never> => {
    throw new RecordUnavailable("away");
  };
  const proxy = new Proxy(record, {
    get: (target, name) => {
      if (isBroken && ["remember", "recall", "forget"].includes(String(name))) return unavailable;
      const value: unknown = Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  return {
    proxy,
    mend: () => {
      isBroken = false;
    },
  };
}

const invitation = (...groupIds: string[]) => ({
  role: "atlassian/user",
  groupIds: groupIds as GroupId[],
  accountId: null,
});

describe("invitations that were sent", () => {
  it("are known to every process of the record, whatever the case of the address, for a day", async () => {
    const { clock, options } = shared();
    const [one, other] = [new SentInvitations(options), new SentInvitations(options)];
    await one.add("New@example.com", invitation("g1"));
    await other.add("new@example.com", invitation("g2"));
    expect((await one.get("NEW@example.com"))?.groupIds).toEqual(["g1", "g2"]);
    await clock.advance(dayMs - 1);
    expect(await other.get("new@example.com")).not.toBeNull();
    await clock.advance(1);
    expect(await other.get("new@example.com")).toBeNull();
  });

  it("are of one site", async () => {
    const { options } = shared();
    await new SentInvitations(options).add("new@example.com", invitation());
    const elsewhere = new SentInvitations({ ...options, siteId: "b" as SiteId });
    expect(await elsewhere.get("new@example.com")).toBeNull();
  });

  it("are gone for all once the person came", async () => {
    const { options } = shared();
    const [one, other] = [new SentInvitations(options), new SentInvitations(options)];
    await one.add("new@example.com", invitation());
    await other.remove("NEW@example.com");
    expect(await one.get("new@example.com")).toBeNull();
  });

  it("are not taken for absent where the record cannot be read, and not forgotten where it could not be written", async () => {
    const { record, options } = shared();
    const { proxy, mend } = broken(record);
    const invitations = new SentInvitations({ ...options, record: proxy });
    await invitations.add("new@example.com", invitation("g1"));
    await expect(invitations.get("new@example.com")).rejects.toBeInstanceOf(RecordUnavailable);
    mend();
    expect((await invitations.get("new@example.com"))?.groupIds).toEqual(["g1"]);
  });
});

describe("removals that were started", () => {
  it("are known to every process of the record for a day, until they are told", async () => {
    const { clock, options } = shared();
    const [one, other] = [new StartedRemovals(options), new StartedRemovals(options)];
    const [first, second] = ["1" as AccountId, "2" as AccountId];
    await clock.advance(5);
    await one.add(first, "t1" as LongTaskId);
    await one.add(second, "t2" as LongTaskId);
    expect(await other.get(first)).toEqual({ taskId: "t1", startedAtMs: 5 });
    await other.remove(first);
    expect(await one.get(first)).toBeNull();
    await clock.advance(dayMs);
    expect(await other.get(second)).toBeNull();
  });
});
