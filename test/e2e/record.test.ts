import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ensureBuilt } from "./ensureBuilt.js";
import { startProgram } from "./startProgram.js";
import { startServerProgram } from "./startServerProgram.js";

describe("where the built server keeps its record", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "state-"));
    await ensureBuilt();
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it("is said as soon as the log tells of the version, and that memory does not outlive the process", async () => {
    const server = await startServerProgram();
    await expect
      .poll(() => server.log()[1])
      .toMatchObject({ level: "info", msg: expect.stringMatching(/in memory and gone with/) });
    await server.dispose();
    const readOnly = await startServerProgram({ PROVISIONING: "off" });
    expect(readOnly.err()).not.toMatch(/record/);
    await readOnly.dispose();
  }, 120_000);

  it("is one process's alone: the second start in a directory ends with 2 and a sentence", async () => {
    const first = await startServerProgram({ STATE_DIR: folder });
    await expect
      .poll(() => first.log()[1])
      .toMatchObject({ msg: `changes are on; their record is kept in STATE_DIR (${folder})` });
    const second = await startProgram("main.js", { env: { PORT: "0", LOG_LEVEL: "silent", STATE_DIR: folder } });
    expect(await second.ended()).toBe(2);
    expect(second.err()).toBe(
      `Another process uses STATE_DIR (${folder}). Give each process a directory of its own, or one database to all of them by DATABASE_URL.\n`,
    );
    first.signal("SIGTERM");
    expect(await first.ended()).toBe(0);
    const third = await startServerProgram({ STATE_DIR: folder });
    await third.dispose();
  }, 240_000);

  it("is a database that must answer: else the start ends with 2 and a sentence without the secret", async () => {
    // Port 1 takes no connections on any machine of today.
    const DATABASE_URL = "postgres://graph:swordfish%2Fsesame@127.0.0.1:1/graph";
    const server = await startProgram("main.js", { env: { PORT: "0", LOG_LEVEL: "debug", DATABASE_URL } });
    expect(await server.ended()).toBe(2);
    expect(server.err()).toContain("The database of the record does not answer as it should (ECONNREFUSED).");
    expect(server.err() + server.out()).not.toMatch(/swordfish|sesame/);
  }, 120_000);

  it("costs a start without one nothing: no database is among what the server loads", async () => {
    const seen = new Set<string>();
    const packages = new Set<string>();
    const walk = async (path: string): Promise<void> => {
      if (seen.has(path)) return;
      seen.add(path);
      // What a start loads is imported at the head of a file; what it may need later is imported where it is needed.
      const heads = (await readFile(path, "utf8")).matchAll(
        /^(?:import|export)\b[^;"'(]*["']([^"']+)["'](?: with [^;]+)?;/gm,
      );
      for (const [, name = ""] of heads) {
        if (/^\..*\.js$/.test(name)) await walk(resolve(dirname(path), name));
        else packages.add(name);
      }
    };
    for (const part of ["cli/serve.js", "compose/compose.js", "compose/embeddedSandbox.js"]) {
      await walk(join(import.meta.dirname, "../../dist", part));
    }
    expect(seen.size).toBeGreaterThan(200);
    expect(packages).toContain("fastify");
    expect([...packages].filter((name) => /^pg$|pglite/.test(name))).toEqual([]);
  });
});
