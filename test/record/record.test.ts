import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RecordPlace } from "../../src/config/Config.js";
import { Secret } from "../../src/config/Secret.js";
import type { SiteId } from "../../src/domain/ids.js";
import type { ChangeFilter, ChangeRecord, Provenance, RecordDraft } from "../../src/record/ChangeRecord.js";
import { genesis, verifyChain } from "../../src/record/chain.js";
import { openRecord } from "../../src/record/openRecord.js";
import { ManualClock } from "../support/ManualClock.js";
import { prepareDirectory } from "../support/prepareDirectory.js";
import { postgresPrograms, startPostgres, type TestPostgres } from "../support/startPostgres.js";

const acme = "acme" as SiteId;
const other = "other" as SiteId;
const everything: ChangeFilter = {
  siteIds: [acme, other],
  actions: null,
  callerRequestId: null,
  changeIds: null,
  subject: null,
  sinceMs: null,
  untilMs: null,
  linked: null,
};
const byGateway: Provenance = {
  requestId: "r-1",
  caller: "token",
  callerRequestId: "access-1",
  requestedBy: "ada",
  reason: "Ünïcode ✓ and a\nnewline",
};
const worker = new URL("../../dist/record/embeddedWorker.js", import.meta.url);

function draft(changeId: string, facts: Partial<RecordDraft> = {}): RecordDraft {
  return {
    phase: "attempt",
    changeId,
    siteId: acme,
    action: "grantPermissions",
    subject: { spaceId: "1", principal: { kind: "account", accountId: "712020:a" } },
    plan: ["grant read/space"],
    before: [],
    after: null,
    promised: "CREATED",
    outcome: null,
    fault: null,
    upstreamStatus: null,
    undo: null,
    ...facts,
  };
}

const placesToKeepIt: [name: string, isThere: boolean, place: () => Promise<RecordPlace>][] = [
  ["in memory", true, async () => ({ kind: "memory" })],
  ["in a directory", true, async () => ({ kind: "directory", directory: await newDirectory() })],
  [
    "in a PostgreSQL server",
    postgresPrograms !== null,
    async () => {
      postgres ??= await startPostgres();
      return { kind: "database", url: new Secret(await postgres.createDatabase()) };
    },
  ],
];

const directories: string[] = [];
let postgres: TestPostgres | null = null;

async function newDirectory(): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), "record-"));
  directories.push(directory);
  await prepareDirectory(directory);
  return directory;
}

afterAll(async () => {
  await postgres?.stop();
  for (const directory of directories) rmSync(directory, { recursive: true, force: true });
});

for (const [name, isThere, choosePlace] of placesToKeepIt) {
  describe.skipIf(!isThere)(`a record ${name}`, () => {
    const clock = new ManualClock();
    let place: RecordPlace;
    let record: ChangeRecord;
    let close: () => Promise<void>;
    const open = async () => {
      const opened = await openRecord(place, clock, worker);
      record = opened.record;
      close = async () => {
        await opened.record.close();
        await opened.locks.close();
      };
    };

    beforeAll(async () => {
      place = await choosePlace();
      await open();
      // Making a database takes seconds, and on a machine with much to do many.
    }, 120_000);
    afterAll(() => close());

    const links = async (siteId: SiteId) => record.chain(siteId, 0, 1_000);

    it("numbers entries within their site and chains each to the one before, also when many are appended at once", async () => {
      const siteIds = [acme, acme, other, acme, other];
      await Promise.all(siteIds.map((siteId, index) => record.append(draft(`many-${index}`, { siteId }), byGateway)));
      for (const [siteId, count] of [[acme, 3] as const, [other, 2] as const]) {
        const entries = await links(siteId);
        expect(entries.map(({ number }) => number)).toEqual(Array.from({ length: count }, (_, index) => index + 1));
        expect(verifyChain({ number: 0, hash: genesis }, entries)).toEqual({
          head: { number: count, hash: entries.at(-1)?.hash },
          faults: [],
        });
      }
    });

    it("tells an entry as it was given, with its time and who asked", async () => {
      const entry = await record.append(draft("told"), byGateway);
      const [told] = (await links(acme)).slice(-1);
      expect(told).toEqual(entry);
      expect(told).toMatchObject({ ...draft("told"), ...byGateway, time: new Date(clock.now()).toISOString() });
    });

    it("lists changes newest first, attempt and result together, page by page", async () => {
      clock.advance(1_000);
      await record.append(draft("paged-1"), byGateway);
      clock.advance(1_000);
      await record.append(draft("paged-2", { siteId: other }), byGateway);
      await record.append(draft("paged-1", { phase: "result", after: ["read/space"] }), byGateway);
      const [newest] = await record.changes(everything, null, 1);
      expect(newest).toMatchObject({ changeId: "paged-2", result: null });
      const head = newest?.attempt;
      if (!head) throw new Error("no attempt");
      const [next] = await record.changes(everything, head, 1);
      expect(next).toMatchObject({
        changeId: "paged-1",
        attempt: { promised: "CREATED" },
        result: { after: ["read/space"] },
      });
    });

    it("tells a change that was taken up again once, by its first attempt, also across pages", async () => {
      clock.advance(1_000);
      const sinceMs = clock.now();
      await record.append(draft("taken up", { before: ["first"] }), byGateway);
      clock.advance(1_000);
      await record.append(draft("between"), byGateway);
      await record.append(draft("taken up", { before: ["second"] }), byGateway);
      await record.append(draft("taken up", { phase: "result" }), byGateway);
      const filter = { ...everything, sinceMs };
      const [first, ...none] = await record.changes(filter, null, 1);
      expect([first?.changeId, none]).toEqual(["between", []]);
      const rest = await record.changes(filter, first?.attempt ?? null, 10);
      expect(rest.map(({ changeId }) => changeId)).toEqual(["taken up"]);
      expect(rest[0]).toMatchObject({ attempt: { before: ["first"] }, result: { phase: "result" } });
    });

    it("finds changes by site, action, request, id, subject and time", async () => {
      clock.advance(10_000);
      const sinceMs = clock.now();
      const subject = { groupId: "g-9", accountId: "712020:z" };
      const provenance = { ...byGateway, callerRequestId: "access-9" };
      await record.append(draft("found", { action: "grantMembership", subject }), provenance);
      clock.advance(10_000);
      await record.append(draft("later"), byGateway);
      await record.append(draft("back"), { ...byGateway, undoes: "found", reason: '"partOf":"found"' });
      const ids = async (filter: Partial<ChangeFilter>) =>
        (await record.changes({ ...everything, ...filter }, null, 100)).map(({ changeId }) => changeId);
      expect(await ids({ actions: ["grantMembership"] })).toEqual(["found"]);
      expect(await ids({ callerRequestId: "access-9" })).toEqual(["found"]);
      expect(await ids({ changeIds: ["found", "nobody's"] })).toEqual(["found"]);
      expect(await ids({ subject: { key: "groupId", id: "g-9" } })).toEqual(["found"]);
      expect(await ids({ subject: { key: "accountId", id: "712020:a" }, sinceMs })).toEqual(["back", "later"]);
      expect(await ids({ linked: { by: "undoes", changeId: "found" } })).toEqual(["back"]);
      expect(await ids({ linked: { by: "partOf", changeId: "found" } })).toEqual([]);
      // An id of one kind is not that of another, whatever it reads like.
      expect(await ids({ subject: { key: "spaceId", id: "g-9" } })).toEqual([]);
      expect(await ids({ sinceMs, untilMs: sinceMs + 1 })).toEqual(["found"]);
      expect(await ids({ siteIds: [other], sinceMs })).toEqual([]);
    });

    const request = (callerRequestId: string) => ({ caller: "token", callerRequestId });

    it("gives a request to one of those who claim it, tells the others that it is under way, and then what was answered", async () => {
      const claims = await Promise.all(Array.from({ length: 5 }, () => record.claim(request("once"), "input")));
      expect(claims.filter(({ kind }) => kind === "claimed")).toEqual([{ kind: "claimed", earlier: null }]);
      expect(claims.filter(({ kind }) => kind === "inProgress")).toHaveLength(4);
      expect(await record.requestOf(request("once"))).toMatchObject({ state: "IN_PROGRESS", result: null });
      await record.finish(request("once"), { result: '{"outcome":"CREATED"}', isFinal: true });
      expect(await record.claim(request("once"), "input")).toEqual({
        kind: "answered",
        result: '{"outcome":"CREATED"}',
      });
      expect(await record.requestOf(request("nobody's"))).toBeNull();
    });

    it("refuses the id of a request for another input, and keeps callers apart", async () => {
      await record.claim(request("mine"), "input");
      expect(await record.claim(request("mine"), "another")).toEqual({ kind: "reused" });
      expect(await record.claim({ caller: "somebody", callerRequestId: "mine" }, "another")).toMatchObject({
        kind: "claimed",
      });
    });

    it("gives a request again that ended without being final, with what it had answered", async () => {
      await record.claim(request("again"), "input");
      await record.finish(request("again"), { result: '"STARTED"', isFinal: false });
      expect(await record.claim(request("again"), "input")).toEqual({
        kind: "claimed",
        earlier: { result: '"STARTED"' },
      });
      await record.release(request("again"));
      expect(await record.claim(request("again"), "input")).toEqual({
        kind: "claimed",
        earlier: { result: '"STARTED"' },
      });
    });

    it("lets one of many have a request that come at once, and tells another input by then", async () => {
      const claims = await Promise.all(Array.from({ length: 8 }, () => record.claim(request("at once"), "input")));
      expect(claims.filter(({ kind }) => kind === "claimed")).toHaveLength(1);
      expect(claims.filter(({ kind }) => kind === "inProgress")).toHaveLength(7);
      expect(await record.claim(request("at once"), "other input")).toEqual({ kind: "reused" });
    });

    it("finds the changes of a request, with and without a result, and no other's", async () => {
      const provenance = { ...byGateway, callerRequestId: "killed" };
      await record.append(draft("with-result"), provenance);
      await record.append(draft("without-result"), provenance);
      await record.append(draft("with-result", { phase: "result" }), provenance);
      await record.append(draft("of another caller"), { ...provenance, caller: "another" });
      const left = await record.changesOf({ caller: "token", callerRequestId: "killed" });
      expect(left.map(({ changeId, attempt, result }) => [changeId, attempt !== null, result !== null])).toEqual([
        ["with-result", true, true],
        ["without-result", true, false],
      ]);
    });

    it("remembers what must not be sent twice, and when", async () => {
      await record.remember("invitation", acme, "ada@example.com", "first");
      clock.advance(5);
      await record.remember("invitation", acme, "ada@example.com", "second");
      expect(await record.recall("invitation", acme, "ada@example.com")).toEqual({
        value: "second",
        atMs: clock.now(),
      });
      expect(await record.recall("removal", acme, "ada@example.com")).toBeNull();
      await record.forget("invitation", acme, "ada@example.com");
      expect(await record.recall("invitation", acme, "ada@example.com")).toBeNull();
    });

    it("lets go of old entries and leaves where the chain goes on, so that what stays still verifies", async () => {
      const before = await links(acme);
      clock.advance(86_400_000);
      const sinceMs = clock.now();
      await record.append(draft("new"), byGateway);
      const gone = await record.retain(sinceMs);
      expect(gone).toBeGreaterThanOrEqual(before.length);
      const checkpoint = await record.checkpointOf(acme);
      expect(await record.headOf(acme)).toMatchObject({ number: before.length + 1 });
      expect(await record.headOf("nobody's" as SiteId)).toBeNull();
      expect(checkpoint).toMatchObject({ number: before.length, hash: before.at(-1)?.hash });
      const entries = await links(acme);
      expect(entries.map(({ changeId }) => changeId)).toEqual(["new"]);
      expect(verifyChain(checkpoint ?? { number: 0, hash: genesis }, entries).faults).toEqual([]);
      // The newest entry of a site stays however old it is: it is where the chain goes on.
      expect((await links(other)).length).toBe(1);
      await record.append(draft("newer"), byGateway);
      expect(verifyChain(checkpoint ?? { number: 0, hash: genesis }, await links(acme)).faults).toEqual([]);
    });

    if (name === "in memory") {
      it("says that it goes with the process", () => {
        expect(record.isDurable).toBe(false);
      });
      return;
    }

    it("has it all after a restart, and whose call was cut off may be taken up", async () => {
      await record.claim(request("ended"), "input");
      await record.finish(request("ended"), { result: "1", isFinal: true });
      await record.claim(request("cut off"), "input");
      await record.remember("removal", acme, "712020:gone", "task-1");
      const before = await links(acme);
      await close();
      await open();
      expect(await links(acme)).toEqual(before);
      expect(await record.claim(request("ended"), "input")).toMatchObject({ kind: "answered" });
      expect(await record.claim(request("cut off"), "input")).toEqual({ kind: "claimed", earlier: { result: null } });
      expect(await record.recall("removal", acme, "712020:gone")).toMatchObject({ value: "task-1" });
    });
  });
}
