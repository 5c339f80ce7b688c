import { describe, expect, it } from "vitest";
import { restingOn } from "../../../src/crawl/restingOn.js";
import type { AccountId, GroupId, SpaceId } from "../../../src/domain/ids.js";
import { Basis } from "../../../src/loaders/engine/Basis.js";
import { cloudWorld, human, permission, space } from "../../support/worlds.js";
import { openFleet, ttlMs } from "./openFleet.js";

const read = { key: "read", target: "space" };
const leaseMs = 3_000;
const [ann, ben, cat] = [1, 2, 3].map((number) => human(number).accountId as AccountId) as [
  AccountId,
  AccountId,
  AccountId,
];
const [s1, s2, s3] = ["1001", "1002", "1003"] as [SpaceId, SpaceId, SpaceId];
const grantsOf = (spaceId: string) => `GET /wiki/api/v2/spaces/${spaceId}/permissions`;

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
    for (const { index: other } of others) expect(other.current().asOfMs).toBe(index.asOfMs);
    expect(others.map((other) => other.shelf.written)).toEqual([[], []]);
  });

  it.each([
    ["ends", false],
    ["is killed", true],
  ])(
    "go on in the middle of the first crawl where the one that reads %s: what is missing is read, and nothing twice",
    async (_how, isKilled) => {
      await using fleet = await openFleet({ world });
      await fleet.crawl.fail({ match: grantsOf(s2), status: 429, headers: { "Retry-After": "60" } });
      const one = fleet.join("one");
      await fleet.ready(one);
      const two = fleet.join("two");
      await fleet.ready(two);
      expect(two.index.status).toMatchObject({ state: "CRAWLING", isReadHere: false });
      expect(two.index.current().holders(s1).gaps).toEqual([]);
      expect(two.index.current().check(cat, s1, read)).toBe("UNKNOWN");
      const before = fleet.crawl.calls().length;
      if (isKilled) one.shelf.isThere = false;
      await one.index.close();
      await fleet.pass(isKilled ? leaseMs + 500 : 500);
      expect(two.index.status.isReadHere).toBe(true);
      expect(fleet.crawl.calls().slice(before)).toEqual([grantsOf(s2), grantsOf(s3), "POST /wiki/api/v2/users-bulk"]);
      expect(two.index.status).toMatchObject({ state: "READY", gaps: [] });
      const index = await fleet.ready(two);
      expect([s1, s2, s3].map((id) => index.check(cat, id, read))).toEqual(["ALLOWED", "ALLOWED", "ALLOWED"]);
    },
  );

  it("go on where the one that read has ended after the crawl: nothing is read until it is due", async () => {
    await using fleet = await openFleet({ world });
    const one = fleet.join("one");
    await fleet.ready(one);
    const calls = fleet.crawl.calls();
    await fleet.pass(500);
    await one.index.close();
    // A process that was not there before.
    const two = fleet.join("two");
    await fleet.ready(two);
    expect(two.index.status).toMatchObject({ state: "READY", isReadHere: true });
    await fleet.pass(ttlMs - 3_000);
    expect(fleet.crawl.calls()).toEqual(calls);
    await fleet.pass(6_000);
    expect(fleet.crawl.calls().length).toBeGreaterThanOrEqual(2 * calls.length - 1);
    expect(fleet.crawl.calls().length).toBeLessThanOrEqual(2 * calls.length);
  });

  it("let nobody write who was stopped until another one read", async () => {
    await using fleet = await openFleet({ world });
    const one = fleet.join("one");
    await fleet.ready(one);
    const two = fleet.join("two");
    await fleet.ready(two);
    // What it reads now it cannot write before it is stopped.
    one.index.current().replaceGroupMembers("g1" as GroupId, { items: [ben], gaps: [], asOfMs: 1, assumptions: [] });
    one.shelf.stop();
    await fleet.pass(leaseMs + 500);
    expect(two.index.status.isReadHere).toBe(true);
    one.shelf.goOn();
    await fleet.pass(1_000);
    expect(one.shelf.refused).toBeGreaterThan(0);
    expect(one.index.status.isReadHere).toBe(false);
    expect(two.index.current().check(ben, s1, read)).toBe("DENIED");
    expect(fleet.shelves.holder).toBe("two");
  });
});

describe("a change that one process of several makes", () => {
  it("is in doubt everywhere at once, then known everywhere, and whoever comes later finds it", async () => {
    await using fleet = await openFleet({ world });
    const [one, two] = [fleet.join("one"), fleet.join("two")];
    for (const each of [one, two]) await fleet.ready(each);
    const before = fleet.crawl.calls().length;
    await two.store.site.writer.addMember("g1" as GroupId, ben);
    for (const each of [one, two]) expect(each.index.current().check(ben, s1, read)).toBe("UNKNOWN");
    for (const each of [two, one]) expect((await fleet.ready(each)).check(ben, s1, read)).toBe("ALLOWED");
    await fleet.pass(1_000);
    const three = fleet.join("three");
    expect((await fleet.ready(three)).check(ben, s1, read)).toBe("ALLOWED");
    // Each of the two by itself, for here they share no memory of what they read.
    expect(fleet.crawl.calls().slice(before)).toEqual([
      "POST /wiki/rest/api/group/userByGroupId",
      ...Array.from({ length: 2 }, () => "GET /wiki/rest/api/group/g1/membersByGroupId"),
    ]);
  });

  it("is not taken back by what was written before somebody had heard of it", async () => {
    await using fleet = await openFleet({ world });
    const [one, two] = [fleet.join("one"), fleet.join("two")];
    for (const each of [one, two]) await fleet.ready(each);
    // The one that reads has not heard of it, and reads the group before.
    one.isDeaf = true;
    const index = await fleet.ready(two);
    one.index.current().replaceGroupMembers("g1" as GroupId, {
      ...{ items: [ann], gaps: [], assumptions: [] },
      asOfMs: fleet.clock.now() + 5_000,
    });
    await two.store.site.writer.addMember("g1" as GroupId, ben);
    expect((await fleet.ready(two)).check(ben, s1, read)).toBe("ALLOWED");
    await fleet.pass(1_000);
    expect(two.index.current()).toBe(index);
    expect(index.check(ben, s1, read)).toBe("ALLOWED");
    // It hears of it late, and reads the group again: now others may believe it, and what comes before it in the same go nobody does.
    const { copies } = one.index.current();
    for (const name of copies.names()) if (name !== "group:g1") copies.changed.note(name);
    const told: unknown[] = [];
    two.shelf.whenAsked = () => void told.push(index.check(ben, s1, read));
    one.isDeaf = false;
    one.catchUp();
    await fleet.pass(1_000);
    expect(told.length).toBeGreaterThan(4);
    expect(new Set(told)).toEqual(new Set(["ALLOWED"]));
    expect(one.index.current().check(ben, s1, read)).toBe("ALLOWED");
    expect(index.check(ben, s1, read)).toBe("ALLOWED");
  });

  it("ends what was answered from the index of another process", async () => {
    await using fleet = await openFleet({ world });
    const [one, two] = [fleet.join("one"), fleet.join("two")];
    for (const each of [one, two]) await fleet.ready(each);
    const basis = new Basis();
    restingOn(basis, { of: () => two.index })
      .of(two.store.site.siteId)
      .current();
    const standing = basis.settle(fleet.clock.now());
    expect(standing?.isStanding(fleet.clock.now())).toBe(true);
    await fleet.pass(1_000);
    expect(standing?.isStanding(fleet.clock.now())).toBe(true);
    one.index.current().putMembership("g3" as GroupId, ben, true);
    await fleet.pass(500);
    expect(two.index.current().check(ben, s3, read)).toBe("ALLOWED");
    expect(standing?.isStanding(fleet.clock.now())).toBe(false);
  });
});

describe("what others have read", () => {
  it("is believed by nobody who may have missed a change since", async () => {
    await using fleet = await openFleet({ world });
    const one = fleet.join("one");
    await fleet.ready(one);
    await fleet.pass(500);
    one.shelf.isThere = false;
    await one.index.close();
    // A change of which the one that read has not written that it knew of it.
    await one.store.site.writer.addMember("g1" as GroupId, ben);
    const before = fleet.crawl.calls().length;
    const two = fleet.join("two");
    const index = await fleet.ready(two);
    expect(index.check(ben, s1, read)).toBe("ALLOWED");
    expect(fleet.crawl.calls().length - before).toBeGreaterThan(10);
    expect(two.lines.map(({ msg }) => msg)).toContain(
      "what others read of the access index cannot be checked any more: it is read anew",
    );
  });

  it("counts for nobody where it was read as somebody else", async () => {
    await using fleet = await openFleet({ world });
    const [one, two] = [fleet.join("one"), fleet.join("two")];
    for (const each of [one, two]) await fleet.ready(each);
    const before = fleet.crawl.calls().length;
    const old = two.index.current();
    one.index.distrust();
    await fleet.pass(2_000);
    expect(two.index.current()).not.toBe(old);
    expect((await fleet.ready(two)).check(ann, s1, read)).toBe("ALLOWED");
    expect(fleet.crawl.calls().length - before).toBeGreaterThan(10);
    expect(fleet.crawl.calls().length - before).toBeLessThanOrEqual(before);
  });

  it("is read on by another where one lost track of changes, and taken over anew by that one", async () => {
    await using fleet = await openFleet({ world });
    const [one, two] = [fleet.join("one"), fleet.join("two")];
    for (const each of [one, two]) await fleet.ready(each);
    await fleet.pass(500);
    const calls = fleet.crawl.calls();
    const [lost, kept] = [one.index.current(), two.index.current()];
    one.index.loseTrack();
    await fleet.pass(leaseMs + 1_000);
    expect(two.index.status.isReadHere).toBe(true);
    expect(two.index.current()).toBe(kept);
    expect(one.index.current()).not.toBe(lost);
    expect((await fleet.ready(one)).check(ann, s2, read)).toBe("ALLOWED");
    expect(fleet.crawl.calls()).toEqual(calls);
  });
});

describe("processes whose engine is gone", () => {
  it("go on with what they have, read when it is older than it may be, each in its own time, and share again later", async () => {
    await using fleet = await openFleet({ world });
    const all = ["one", "two", "three"].map((name) => fleet.join(name));
    for (const each of all) await fleet.ready(each);
    const before = fleet.crawl.calls().length;
    for (const { shelf } of all) shelf.isThere = false;
    await fleet.pass(ttlMs - 2_000);
    expect(fleet.crawl.calls()).toHaveLength(before);
    for (const { index } of all) expect(index.current().check(ann, s1, read)).toBe("ALLOWED");
    const begun: number[] = [];
    for (let atMs = 0; atMs < ttlMs; atMs += 500) {
      const calls = fleet.crawl.calls().length;
      await fleet.pass(500);
      if (fleet.crawl.calls().length > calls) begun.push(atMs);
    }
    // Three passes, and not at once.
    expect(fleet.crawl.calls().length - before).toBeGreaterThan(2 * before);
    expect(new Set(begun).size).toBeGreaterThan(2);
    fleet.shelves.empty();
    for (const { shelf } of all) shelf.isThere = true;
    await fleet.pass(1_000);
    expect(all.map(({ index }) => index.status.isReadHere).filter((isReadHere) => isReadHere)).toHaveLength(1);
    expect(fleet.shelves.size).toBeGreaterThan(5);
    const again = fleet.crawl.calls().length;
    const late = fleet.join("late");
    expect((await fleet.ready(late)).check(ann, s1, read)).toBe("ALLOWED");
    expect(fleet.crawl.calls()).toHaveLength(again);
  });

  it("crawl by themselves where there never was one", async () => {
    await using fleet = await openFleet({ world });
    const one = fleet.join("one");
    one.shelf.isThere = false;
    expect((await fleet.ready(one)).check(ann, s1, read)).toBe("ALLOWED");
    expect(one.index.status).toMatchObject({ state: "READY", isReadHere: true });
  });
});
