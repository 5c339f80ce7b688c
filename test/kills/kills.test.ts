import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseWorld } from "../../sandbox/src/world/loadWorld.js";
import { ensureBuilt } from "../e2e/ensureBuilt.js";
import { startWatchedSandbox } from "../support/deadFaults.js";
import { prepareDirectory } from "../support/prepareDirectory.js";
import { ShiftableClock } from "../support/ShiftableClock.js";
import { postgresPrograms, startPostgres, type TestPostgres } from "../support/startPostgres.js";
import { killWorld } from "./killActions.js";
import { type HeldChange, type KillPlace, openKillStage } from "./openKillStage.js";

/** Changes held at moments of their own, killed together, and asked for again. */
async function killAt(place: KillPlace, folder: string, turns: readonly (readonly HeldChange[])[]) {
  const clock = new ShiftableClock();
  const sandbox = await startWatchedSandbox({ world: parseWorld(killWorld), clock });
  const stage = await openKillStage(sandbox, place, folder, () => clock.shift(60_000));
  try {
    for (const turn of turns)
      for (const { name, expected, outcomes, writes } of await stage.together(turn))
        expect({ name, outcomes: new Set(outcomes), writes: writes.length }).toEqual({
          name,
          outcomes: new Set([expected]),
          writes: 1,
        });
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
    const directory = join(folder, "state");
    await prepareDirectory(directory);
    await killAt({ kind: "directory", directory }, folder, [
      [
        { action: "grant access", at: "before the write" },
        { action: "grant membership", at: "after the write" },
        { action: "create group", at: "answered" },
        { action: "provision account", at: "after the write" },
        { action: "grant access on Data Center", at: "readBack" },
      ],
      [
        { action: "revoke access", at: "before the write" },
        { action: "revoke membership", at: "readBack" },
        { action: "invite account", at: "after the write" },
        { action: "provision account", at: "answered" },
        { action: "revoke access on Data Center", at: "after the write" },
      ],
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
        [
          { action: "grant access", at: "after the write" },
          { action: "grant membership", at: "readBack" },
          { action: "create group", at: "before the write" },
          { action: "provision account", at: "before the write" },
          { action: "grant access on Data Center", at: "answered" },
        ],
        [
          { action: "revoke access", at: "answered" },
          { action: "revoke membership", at: "after the write" },
          { action: "create group", at: "after the write" },
          { action: "invite account", at: "after the write" },
          { action: "revoke access on Data Center", at: "before the write" },
        ],
      ]);
    }, 600_000);
  });
});
