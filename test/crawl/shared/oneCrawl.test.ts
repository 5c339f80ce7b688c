import { describe, expect, it } from "vitest";
import type { AccountId, SpaceId } from "../../../src/domain/ids.js";
import { cloudWorld, human, permission, space } from "../../support/worlds.js";
import { openFleet, ttlMs } from "./openFleet.js";

const read = { key: "read", target: "space" };
const [ann, ben, cat] = [1, 2, 3].map((number) => human(number).accountId as AccountId) as [
  AccountId,
  AccountId,
  AccountId,
];
const [s1, s2, s3] = ["1001", "1002", "1003"] as [SpaceId, SpaceId, SpaceId];

/** Three spaces, each granting its reading to a group of one, and one that Cat reads by herself. */
const world = cloudWorld({
  accounts: [human(1), human(2), human(3)],
  groups: [1, 2, 3].map((number) => ({ id: `g${number}`, name: `Group ${number}`, members: [ann] })),
  spaces: [1, 2, 3].map((number) =>
    space(number, { permissions: [permission("group", `g${number}`), permission("user", cat)] }),
  ),
});

describe("several processes over one site", () => {
  it("crawl it once, and all answer", async () => {
    await using fleet = await openFleet({ world });
    const one = fleet.join("one");
    const index = await fleet.ready(one);
    const calls = fleet.crawl.calls();
    const others = [fleet.join("two"), fleet.join("three")];
    for (const other of others) {
      const followed = await fleet.ready(other);
      expect([s1, s2, s3].map((id) => followed.check(ann, id, read))).toEqual(["ALLOWED", "ALLOWED", "ALLOWED"]);
      expect(followed.check(ben, s1, read)).toBe("DENIED");
      expect(followed.asOfMs).toBe(index.asOfMs);
      expect(other.index.status).toMatchObject({ state: "READY", isReadHere: false, gaps: [] });
    }
    expect(one.index.status).toMatchObject({ state: "READY", isReadHere: true });
    expect(fleet.crawl.calls()).toEqual(calls);
    // And when everything is old, and read again: all but how access is stored, which requests remember.
    await fleet.pass(ttlMs + 2_000);
    expect(fleet.crawl.calls()).toHaveLength(2 * calls.length - 1);
    for (const { index: other } of others) expect(other.current().asOfMs).toBeGreaterThan(index.asOfMs - 1);
    expect(others.map((other) => other.shelf.written)).toEqual([[], []]);
  });
});
