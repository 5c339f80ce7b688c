import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseWorld } from "../../src/sandbox/world/loadWorld.js";
import { ensureBuilt } from "../e2e/ensureBuilt.js";
import { startWatchedSandbox } from "../support/deadFaults.js";
import { postgresPrograms, startPostgres, type TestPostgres } from "../support/startPostgres.js";
import { type KillMoment, type KillPlace, killWorld, openKillStage } from "./openKillStage.js";

interface Kill {
  /** Which change, by its place among the actions of the stage. */
  readonly action: string;
  readonly moment: KillMoment;
}

/** Each change killed at a moment of its own, and asked for again. */
async function killAt(place: KillPlace, folder: string, kills: readonly Kill[]) {
  const sandbox = await startWatchedSandbox({ world: parseWorld(killWorld) });
  const stage = await openKillStage(sandbox, place, folder);
  try {
    const rounds = [];
    for (const { action, moment } of kills) {
      const number = stage.actions.findIndex(({ name }) => name === action);
      rounds.push(await stage.round(number, moment));
    }
    for (const { name, expected, outcomes, writes, wasKilled } of rounds) {
      expect({ name, wasKilled, outcomes: new Set(outcomes), writes: writes.length }).toEqual({
        name,
        wasKilled: true,
        outcomes: new Set([expected]),
        writes: 1,
      });
    }
    expect(await stage.inspect()).toMatchObject({ faults: [], open: 0 });
  } finally {
    await stage.close();
    await sandbox.close();
  }
}

describe("a process that is killed at some step of a change, and started again", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "kills-"));
    await ensureBuilt();
  }, 300_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it("makes one write and answers as the first call would have: record in a directory", async () => {
    await killAt({ kind: "directory", directory: join(folder, "state") }, folder, [
      { action: "grant access", moment: { call: "write", when: "before" } },
      { action: "grant membership", moment: { call: "write", when: "after" } },
      { action: "provision account", moment: { call: "write", when: "after" } },
      { action: "grant access on Data Center", moment: { call: "readBack", when: "after" } },
      { action: "create group", moment: { when: "answered" } },
    ]);
  }, 600_000);

  describe.skipIf(postgresPrograms === null)("with PostgreSQL", () => {
    let postgres: TestPostgres;
    beforeAll(async () => {
      postgres = await startPostgres();
    }, 120_000);
    afterAll(() => postgres.stop());

    it("makes one write and answers as the first call would have: record in a database", async () => {
      await killAt({ kind: "database", url: await postgres.createDatabase() }, folder, [
        { action: "grant membership", moment: { call: 1, when: "before" } },
        { action: "provision account", moment: { call: "write", when: "before" } },
        { action: "grant access on Data Center", moment: { call: "write", when: "after" } },
        { action: "invite account", moment: { call: "write", when: "after" } },
        { action: "grant access", moment: { call: "readBack", when: "before" } },
        { action: "revoke membership", moment: { when: "answered" } },
      ]);
    }, 600_000);
  });
});
