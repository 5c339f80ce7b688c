import { existsSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { Secret } from "../../src/config/Secret.js";
import type { SiteId } from "../../src/domain/ids.js";
import { DirectoryInUse, lockDirectory } from "../../src/record/directoryLock.js";
import { LocalLocks, LockLost } from "../../src/record/Locks.js";
import { openRecord } from "../../src/record/openRecord.js";
import { defaultLockLimits, PostgresLocks } from "../../src/record/PostgresLocks.js";
import { ManualClock } from "../support/ManualClock.js";
import { postgresPrograms, startPostgres, type TestPostgres } from "../support/startPostgres.js";

/** A promise to be settled from outside. */
function latch() {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}

describe("locks within a process", () => {
  it("let one at a time go on for each key, first come first served, also after a failure", async () => {
    const locks = new LocalLocks();
    const seen: string[] = [];
    const first = latch();
    const runs = [
      locks.run("a", async () => {
        await first.opened;
        seen.push("first");
        throw new Error("failed");
      }),
      locks.run("a", async () => seen.push("second")),
      locks.run("b", async () => seen.push("other key")),
    ];
    await runs[2];
    first.open();
    await expect(runs[0]).rejects.toThrow("failed");
    await runs[1];
    expect(seen).toEqual(["other key", "first", "second"]);
  });

  it("take a second one beside the first, and tell who waited for it", async () => {
    const locks = new LocalLocks();
    const release = latch();
    const seen: string[] = [];
    const run = (place: string, until: Promise<void>) =>
      locks.run(place, (hold) =>
        hold.also("all", async ({ hasWaited }) => {
          seen.push(`${place} ${hasWaited ? "waited" : "at once"}`);
          await until;
          seen.push(`${place} done`);
        }),
      );
    const runs = [run("a", release.opened), run("b", Promise.resolve())];
    await locks.run("c", async () => seen.push("c"));
    release.open();
    await Promise.all(runs);
    expect(seen.filter((each) => each !== "c")).toEqual(["a at once", "a done", "b waited", "b done"]);
    expect(seen.indexOf("c")).toBeLessThan(seen.indexOf("a done"));
  });
});

describe("the lock of a directory", () => {
  it.runIf(existsSync("/proc/self"))("fails where there can be none, and does not look for it forever", async () => {
    await expect(lockDirectory("/proc/nobody/record")).rejects.toMatchObject({ code: "ENOENT", syscall: "mkdir" });
  });

  it("makes the directories that it is in, and is no other file's", async () => {
    const directory = mkdtempSync(join(tmpdir(), "lock-"));
    try {
      await (await lockDirectory(join(directory, "a", "b")))();
      await (await lockDirectory(join(directory, "a", "b")))();
      writeFileSync(join(directory, "file"), "");
      await expect(lockDirectory(join(directory, "file"))).rejects.toMatchObject({ code: "EEXIST" });
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  it("is a living process's of another host until that was silent for half a minute", async () => {
    const directory = mkdtempSync(join(tmpdir(), "lock-"));
    const path = join(directory, "process.lock");
    const touchedAtMs = 1_000_000_000_000;
    try {
      writeFileSync(path, JSON.stringify({ token: "theirs", host: "elsewhere", pid: process.pid, startedAt: null }));
      utimesSync(path, touchedAtMs / 1_000, touchedAtMs / 1_000);
      await expect(lockDirectory(directory, () => touchedAtMs + 29_999)).rejects.toThrow(DirectoryInUse);
      const unlock = await lockDirectory(directory, () => touchedAtMs + 30_000);
      await unlock();
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});

describe.skipIf(postgresPrograms === null)("locks over processes", () => {
  let postgres: TestPostgres;
  let url: string;
  beforeAll(async () => {
    postgres = await startPostgres();
    url = await postgres.createDatabase();
  });
  afterAll(() => postgres.stop());

  it("keep another process waiting until the holder is done", async () => {
    const [mine, theirs] = [new PostgresLocks(url), new PostgresLocks(url)];
    const held = latch();
    const release = latch();
    const seen: string[] = [];
    const first = mine.run("space", async (hold) => {
      held.open();
      await release.opened;
      await hold.check();
      seen.push("mine");
    });
    await held.opened;
    const second = theirs.run("space", async () => seen.push("theirs"));
    await theirs.run("another space", async () => seen.push("another"));
    release.open();
    await Promise.all([first, second]);
    expect(seen).toEqual(["another", "mine", "theirs"]);
    await Promise.all([mine.close(), theirs.close()]);
  });

  it("take a second one over processes, by the session of the first, however few sessions there are", async () => {
    const [mine, theirs] = [1, 2].map(() => new PostgresLocks(url, { ...defaultLockLimits, connections: 2 })) as [
      PostgresLocks,
      PostgresLocks,
    ];
    let inside = 0;
    const seen: string[] = [];
    const places = [mine, theirs].flatMap((locks, process) =>
      ["x", "y", "z"].map((place) =>
        locks.run(`${process} ${place}`, (hold) =>
          hold.also("administration", async (both) => {
            inside += 1;
            await both.check();
            seen.push(`${process} ${place} alone: ${inside === 1}`);
            inside -= 1;
          }),
        ),
      ),
    );
    await Promise.all(places);
    expect(seen.sort()).toEqual(["0", "1"].flatMap((each) => ["x", "y", "z"].map((at) => `${each} ${at} alone: true`)));
    await Promise.all([mine.close(), theirs.close()]);
  });

  it("tell a holder whose session the server ended that its lock is lost, and let others go on", async () => {
    const [mine, theirs] = [new PostgresLocks(url), new PostgresLocks(url)];
    const held = latch();
    const ended = latch();
    const first = mine.run("group", async (hold) => {
      held.open();
      await ended.opened;
      await hold.check();
    });
    const lost = expect(first).rejects.toBeInstanceOf(LockLost);
    await held.opened;
    const admin = new pg.Client({ connectionString: url });
    await admin.connect();
    await admin.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'confluence-access-graph lock' and state = 'idle in transaction'",
    );
    await admin.end();
    await theirs.run("group", async () => undefined);
    ended.open();
    await lost;
    // The next lock is taken with another session.
    await mine.run("group", async (hold) => hold.check());
    await Promise.all([mine.close(), theirs.close()]);
  });

  it("ask one thing after the other of a session, however long it takes, so that the client has nothing to warn of", async () => {
    const warned = vi.spyOn(process, "emitWarning");
    const [mine, theirs] = [0, 1].map(() => new PostgresLocks(url, { ...defaultLockLimits, beatMs: 1 }));
    if (mine === undefined || theirs === undefined) throw new Error("No locks.");
    const [held, ended] = [latch(), latch()];
    const first = theirs.run("one", (hold) =>
      hold.also("all", async () => {
        held.open();
        await ended.opened;
      }),
    );
    await held.opened;
    let hasBoth = false;
    const second = mine.run("other", (hold) =>
      hold.also("all", async (both) => {
        hasBoth = true;
        await both.check();
      }),
    );
    const fromMs = performance.now();
    await expect.poll(() => performance.now() - fromMs, { interval: 5 }).toBeGreaterThan(50);
    expect(hasBoth).toBe(false);
    ended.open();
    await Promise.all([first, second]);
    expect([hasBoth, warned.mock.calls]).toEqual([true, []]);
    warned.mockRestore();
    await Promise.all([mine.close(), theirs.close()]);
  });

  it("bound how long a silent holder keeps its lock, by the server's own clock", async () => {
    const locks = new PostgresLocks(url, { ...defaultLockLimits, silenceMs: 12_345 });
    await locks.run("space", async (hold) => {
      await hold.check();
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      const { rows } = await client.query<{ query: string }>(
        "select query from pg_stat_activity where application_name = 'confluence-access-graph lock' and state = 'idle in transaction'",
      );
      // The server heard of the holder again.
      expect(rows).toEqual([{ query: "select 1" }]);
      await client.end();
    });
    await locks.close();
  });

  it("say whose process lives: one that is gone has left its requests to others", async () => {
    const clock = new ManualClock();
    const [mine, theirs] = await Promise.all([
      openRecord({ kind: "database", url: new Secret(url) }, clock),
      openRecord({ kind: "database", url: new Secret(url) }, clock),
    ]);
    const key = { caller: "token", callerRequestId: "shared" };
    const append = (changeId: string) =>
      mine.record.append(
        {
          phase: "attempt",
          changeId,
          siteId: "acme" as SiteId,
          action: "createGroup",
          subject: {},
          plan: [],
          before: [],
          after: null,
          promised: null,
          outcome: null,
          fault: null,
          upstreamStatus: null,
          undo: null,
        },
        { requestId: "r", caller: "token", callerRequestId: null, requestedBy: null, reason: null },
      );
    const entries = await Promise.all([append("a"), append("b"), append("c")]);
    expect(entries.map(({ number }) => number).sort()).toEqual([1, 2, 3]);
    expect(await mine.record.claim(key, "input")).toEqual({ kind: "claimed", earlier: null });
    expect(await theirs.record.claim(key, "input")).toEqual({ kind: "inProgress" });
    await mine.record.close();
    await mine.locks.close();
    await expect.poll(() => theirs.record.claim(key, "input")).toEqual({ kind: "claimed", earlier: { result: null } });
    await theirs.record.close();
    await theirs.locks.close();
  });
});
