import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseWorld } from "../../src/sandbox/world/loadWorld.js";
import { ensureBuilt } from "../e2e/ensureBuilt.js";
import { startWatchedSandbox } from "../support/deadFaults.js";
import { postgresPrograms, startPostgres, type TestPostgres } from "../support/startPostgres.js";
import { type KillPlace, killWorld, openKillStage } from "./openKillStage.js";

/** Every call of a change, killed before it reaches the site and after it was carried out. */
async function killEverywhere(place: KillPlace, calls: readonly number[]) {
  const sandbox = await startWatchedSandbox({ world: parseWorld(killWorld) });
  const stage = await openKillStage(sandbox, place);
  try {
    // The first one, undisturbed, tells how many calls there are.
    const first = await stage.round(0, null);
    expect(first).toMatchObject({ outcomes: ["CREATED", "CREATED"], writes: [expect.stringMatching(/^POST /)] });
    const rounds = [];
    let number = 1;
    for (const call of calls) {
      rounds.push(await stage.round(number, { call, when: "before" }));
      rounds.push(await stage.round(number + 1, { call, when: "after" }));
      number += 2;
    }
    for (const { name, expected, outcomes, writes } of rounds) {
      expect({ name, outcomes, writes: writes.length }).toEqual({ name, outcomes: [expected, expected], writes: 1 });
    }
    expect(rounds.filter(({ wasKilled }) => wasKilled).length).toBeGreaterThanOrEqual(calls.length);
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
    await killEverywhere({ kind: "directory", directory: join(folder, "state") }, [1, 3, 5, 7]);
  }, 600_000);

  describe.skipIf(postgresPrograms === null)("with PostgreSQL", () => {
    let postgres: TestPostgres;
    beforeAll(async () => {
      postgres = await startPostgres();
    }, 120_000);
    afterAll(() => postgres.stop());

    it("makes one write and answers as the first call would have: record in a database", async () => {
      await killEverywhere({ kind: "database", url: await postgres.createDatabase() }, [4, 6]);
    }, 600_000);
  });
});
