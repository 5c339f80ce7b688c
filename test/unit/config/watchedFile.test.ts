import { mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { WatchedFile } from "../../../src/config/WatchedFile.js";
import { ManualClock } from "../../support/ManualClock.js";

function open() {
  const folder = mkdtempSync(join(tmpdir(), "watched-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "file");
  writeFileSync(path, "first");
  const clock = new ManualClock();
  const told: string[] = [];
  const file = new WatchedFile({
    ...{ path, text: "first", clock },
    take: (text) => void told.push(text),
    lose: (code) => void told.push(`lost${code}`),
  });
  onTestFinished(() => file.close());
  void file.watch();
  /** The time that it waits for now goes by, and it waits again: for how long. */
  const goOn = async () => {
    const [ms = 0] = clock.sleeping;
    clock.advance(ms);
    await expect.poll(() => clock.sleeping.length).toBe(1);
    return clock.sleeping[0];
  };
  return { folder, path, file, told, goOn };
}

it("is not taken while it is written, and then as a whole", async () => {
  const { path, told, goOn } = open();
  writeFileSync(path, "second, in");
  expect(await goOn()).toBe(200);
  writeFileSync(path, "second, in whole");
  expect([await goOn(), told]).toEqual([5_000, []]);
  expect([await goOn(), await goOn(), told]).toEqual([200, 5_000, ["second, in whole"]]);
  expect([await goOn(), told]).toEqual([5_000, ["second, in whole"]]);
});

it("is taken as it is where somebody says that it was written", async () => {
  const { path, file, told } = open();
  writeFileSync(path, "second");
  await file.read();
  await file.read();
  expect(told).toEqual(["second"]);
});

it("is found again where it was away for good, and where a link leads elsewhere from now on", async () => {
  const { folder, path, told, goOn } = open();
  rmSync(path);
  expect([await goOn(), await goOn(), told]).toEqual([200, 5_000, ["lost (ENOENT)"]]);
  writeFileSync(join(folder, "one"), "mounted");
  writeFileSync(join(folder, "two"), "mounted anew");
  symlinkSync("one", path);
  await goOn();
  await goOn();
  symlinkSync("two", join(folder, "next"));
  renameSync(join(folder, "next"), path);
  await goOn();
  await goOn();
  expect(told).toEqual(["lost (ENOENT)", "mounted", "mounted anew"]);
});
