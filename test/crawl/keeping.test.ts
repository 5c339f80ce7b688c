import { describe, expect, it } from "vitest";
import { restingOn } from "../../src/crawl/restingOn.js";
import type { AccountId, GroupId, SpaceId } from "../../src/domain/ids.js";
import { SiteError } from "../../src/domain/SiteError.js";
import { Basis } from "../../src/loaders/engine/Basis.js";
import { serveConfiguredSite } from "../support/serveConfiguredSite.js";
import { startStack } from "../support/startStack.js";
import { cloudWorld, human, permission, space } from "../support/worlds.js";
import { looksMs, openCrawl } from "./openCrawl.js";

const read = { key: "read", target: "space" };
const hourMs = 3_600_000;
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
    space(number, {
      permissions: [permission("group", `g${number}`), permission("user", cat), permission("user", cat, "create/page")],
    }),
  ),
});

describe("an index that is kept", () => {
  it("goes on from where it was once a crawl broke off, and tells what is missing until then", async () => {
    await using crawl = await openCrawl({ world });
    await crawl.fail({ match: grantsOf(s2), status: 429, headers: { "Retry-After": "60" } });
    const index = await crawl.ready();
    expect(crawl.index.status).toMatchObject({ state: "CRAWLING", progress: { done: 0, total: null } });
    expect([s1, s2, s3].map((id) => index.check(cat, id, read))).toEqual(["UNKNOWN", "UNKNOWN", "UNKNOWN"]);
    expect(index.holders(s1).gaps).toEqual([]);
    const [holders] = index.holders(s3).gaps;
    expect(holders?.reason).toBe("The access index has not come to it yet.");
    expect(crawl.index.status.gaps.map(({ kind, missing }) => [kind, missing])).toContainEqual([
      "Throttled",
      "what space 1002 grants",
    ]);
    const before = crawl.calls().length;
    await crawl.nextPass(60_000);
    expect(crawl.calls().slice(before)).toEqual([grantsOf(s2), grantsOf(s3), "POST /wiki/api/v2/users-bulk"]);
    expect(crawl.index.status).toMatchObject({ state: "READY", gaps: [] });
    expect([s1, s2, s3].map((id) => index.check(cat, id, read))).toEqual(["ALLOWED", "ALLOWED", "ALLOWED"]);
  });

  it("has a gap where one part cannot be read, decides all else, and tries again after five minutes", async () => {
    await using crawl = await openCrawl({ world });
    await crawl.fail({ match: grantsOf(s2), status: 403 });
    const index = await crawl.ready();
    expect([s1, s2, s3].map((id) => index.check(cat, id, read))).toEqual(["ALLOWED", "UNKNOWN", "ALLOWED"]);
    expect(crawl.index.status).toMatchObject({ state: "READY", gaps: [{ kind: "AccessRefused" }] });
    const before = crawl.calls().length;
    await crawl.clock.advance(looksMs);
    expect(crawl.calls()).toHaveLength(before);
    expect(crawl.index.status.gaps).toMatchObject([{ kind: "AccessRefused", missing: "what space 1002 grants" }]);
    await crawl.nextPass(looksMs);
    expect(crawl.calls().slice(before)).toEqual([grantsOf(s2)]);
    expect(index.check(cat, s2, read)).toBe("ALLOWED");
    expect(crawl.index.status.gaps).toEqual([]);
  });

  it("reads each part again by its own age, and serves the old one meanwhile", async () => {
    await using crawl = await openCrawl({ world });
    const index = await crawl.ready();
    const startedMs = crawl.clock.now();
    // Half an hour later one group is read again, because we change it.
    await crawl.clock.advance(hourMs / 2);
    await crawl.store.site.writer.addMember("g1" as GroupId, cat);
    await crawl.ready();
    const elsewhere = serveConfiguredSite({ env: crawl.env, clock: crawl.clock });
    await elsewhere.store.site.writer.addMember("g2" as GroupId, ben);
    expect(index.check(ben, s2, read)).toBe("DENIED");
    expect(crawl.index.status.asOfMs).toBe(startedMs);
    const before = crawl.calls().length;
    await crawl.nextPass(hourMs / 2);
    const again = crawl.calls().slice(before);
    expect(again.filter((call) => call.includes("membersByGroupId")).sort()).toEqual([
      "GET /wiki/rest/api/group/g2/membersByGroupId",
      "GET /wiki/rest/api/group/g3/membersByGroupId",
    ]);
    expect(again.filter((call) => call.includes("permissions"))).toHaveLength(3);
    expect(index.check(ben, s2, read)).toBe("ALLOWED");
    expect(crawl.index.status.asOfMs).toBe(startedMs + hourMs / 2);
    const later = crawl.calls().length;
    await crawl.nextPass(hourMs / 2);
    expect(crawl.calls().slice(later)).toEqual(["GET /wiki/rest/api/group/g1/membersByGroupId"]);
    await elsewhere.store.site.close();
  });

  it("is paged through by a hundred while it is read again: nobody who stays is missing, or there twice", async () => {
    const people = Array.from({ length: 120 }, (_, index) => human(index + 1));
    const ids = people.map(({ accountId }) => accountId as AccountId);
    const staying = ids.filter((_id, at) => at % 10 !== 0);
    const crowd = "crowd" as GroupId;
    await using crawl = await openCrawl({
      world: cloudWorld({
        accounts: people,
        groups: [{ id: crowd, name: "Crowd", members: ids }],
        spaces: [space(1, { permissions: [permission("group", crowd)] })],
      }),
    });
    const index = await crawl.ready();
    const elsewhere = serveConfiguredSite({ env: crawl.env, clock: crawl.clock });
    for (const id of ids.filter((each) => !staying.includes(each)))
      await elsewhere.store.site.writer.removeMember(crowd, id);
    const clients = Array.from({ length: 100 }, (_, at) => ({
      first: (at % 7) + 1,
      seen: [] as AccountId[],
      isDone: false,
    }));
    await crawl.clock.advance(hourMs);
    expect(crawl.index.status.state).toBe("REFRESHING");
    while (clients.some(({ isDone }) => !isDone)) {
      for (const client of clients) {
        const after = client.seen.at(-1) ?? null;
        const page = client.isDone ? null : index.whoCan(s1, {}, { first: client.first, after });
        for (const { accountId } of page?.rows ?? []) client.seen.push(accountId);
        if (page?.hasNextPage === false) client.isDone = true;
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
    await crawl.clock.whenSleeping(looksMs);
    expect(index.whoCan(s1, {}, { first: 1 }).allowed).toBe(staying.length);
    for (const { seen } of clients) {
      expect(new Set(seen).size).toBe(seen.length);
      expect(staying.filter((id) => !seen.includes(id))).toEqual([]);
    }
    await elsewhere.store.site.close();
  });

  it("forgets a group that others deleted, and finds the one that they made", async () => {
    await using crawl = await openCrawl({ world });
    const index = await crawl.ready();
    expect(index.check(ann, s1, read)).toBe("ALLOWED");
    const elsewhere = serveConfiguredSite({ env: crawl.env, clock: crawl.clock });
    await elsewhere.store.site.writer.deleteGroup("g1" as GroupId);
    const { groupId } = await elsewhere.store.site.writer.createGroup("Late");
    await elsewhere.store.site.writer.addMember(groupId, ben);
    await crawl.nextPass(hourMs);
    expect(index.check(ann, s1, read)).toBe("DENIED");
    expect(index.inventory.groupsOf(ben)).toEqual([groupId]);
    expect(crawl.index.status.gaps).toEqual([]);
    await elsewhere.store.site.close();
  });

  it("serves a part that cannot be read again for two lifetimes, and then does not know", async () => {
    await using crawl = await openCrawl({ world });
    const index = await crawl.ready();
    await crawl.fail({ match: grantsOf(s2), status: 403, times: -1 });
    await crawl.nextPass(hourMs);
    expect(index.check(cat, s2, read)).toBe("ALLOWED");
    expect(crawl.index.status).toMatchObject({ asOfMs: crawl.clock.now() - hourMs, gaps: [{ kind: "AccessRefused" }] });
    const before = crawl.calls().length;
    for (let passed = 0; passed < hourMs - looksMs; passed += looksMs) await crawl.nextPass(looksMs);
    expect(index.check(cat, s2, read)).toBe("ALLOWED");
    // Tried every five minutes, as far as it is looked for what is due every three.
    expect(crawl.calls().slice(before)).toEqual(Array.from({ length: 9 }, () => grantsOf(s2)));
    await crawl.nextPass(looksMs);
    expect(index.check(cat, s2, read)).toBe("UNKNOWN");
    expect(index.check(cat, s1, read)).toBe("ALLOWED");
  });

  it("holds nothing of what the configuration leaves out", async () => {
    await using crawl = await openCrawl({ world });
    const leftOut = { spaceKeys: ["s2"], hasPersonalSpaces: false, permissions: ["create/page"] };
    const kept = crawl.another({ leftOut });
    const index = await kept.whenReady(600_000);
    expect([...index.inventory.spaces()].map(({ spaceId }) => spaceId)).toEqual([s1, s3]);
    expect(crawl.calls()).not.toContain(grantsOf(s2));
    expect(index.check(cat, s1, { key: "create", target: "page" })).toBe("DENIED");
    expect(index.check(cat, s1, read)).toBe("ALLOWED");
    kept.close();
  });

  it("makes nobody wait longer than they want to, nor after they have gone", async () => {
    await using crawl = await openCrawl({ world });
    const early = await crawl.index.whenReady(0);
    expect(early.check(cat, s1, read)).toBe("UNKNOWN");
    const gone = new AbortController();
    const waiting = [crawl.index.whenReady(5_000), crawl.index.whenReady(600_000, gone.signal)];
    gone.abort();
    await waiting[1];
    await crawl.clock.advance(5_000);
    await waiting[0];
    expect(crawl.index.status.state).toBe("CRAWLING");
    await crawl.ready();
    expect(crawl.index.status.state).toBe("READY");
  });

  it("begins anew where what was read turns out to have been read as somebody else", async () => {
    await using crawl = await openCrawl({ world });
    await crawl.ready();
    crawl.index.distrust();
    expect(crawl.index.current().check(cat, s1, read)).toBe("UNKNOWN");
    expect((await crawl.ready()).check(cat, s1, read)).toBe("ALLOWED");
  });

  it("is crawled at the start with INDEX_WARM=on, and says so in one line of the log", async () => {
    await using stack = await startStack({ world, env: { INDEX_WARM: "on" } });
    const crawled = () => stack.logLines.filter((line) => line.includes("access index crawled"));
    while (crawled().length === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(JSON.parse(crawled()[0] ?? "")).toMatchObject({
      siteId: stack.siteId,
      accounts: 3,
      groups: 3,
      spaces: 3,
      gaps: 0,
    });
    expect(stack.countCalls("GET", /permissions$/)).toBe(3);
  });
});

describe("an index of a site that is down", () => {
  it("is told as it was, then as stale, then as unknown, and as it is once the site is back", async () => {
    await using crawl = await openCrawl({ world, env: { STALE_ON_FAILURE_MINUTES: "60" } });
    const index = await crawl.ready();
    const asOfMs = index.asOfMs;
    await crawl.fail({ match: "* /**", times: "always", status: 503, headers: { "Retry-After": "1" } });
    const trustOf = () => {
      const { assumptions, gaps } = index.whoCan(s1, { operations: [read] }, { first: 10 });
      return { isStale: assumptions.includes("STALE"), isUnknown: gaps.length > 0 };
    };
    for (const [hours, expected] of [
      [1.5, { isStale: false, isUnknown: false }],
      [1, { isStale: true, isUnknown: false }],
      [1, { isStale: true, isUnknown: true }],
    ] as const) {
      for (let ms = 0; ms < hours * hourMs; ms += 60_000) await crawl.clock.advance(60_000);
      // It tries again every five minutes, and each try takes a moment.
      await expect
        .poll(async () => {
          await crawl.clock.advance(10_000);
          return [index.asOfMs, trustOf()];
        })
        .toEqual([asOfMs, expected]);
    }
    await crawl.heal();
    await expect
      .poll(async () => {
        await crawl.clock.advance(60_000);
        return trustOf();
      })
      .toEqual({ isStale: false, isUnknown: false });
  });

  it("is stale in its time, and unknown in its time, though the site wants not to be asked for half a day", async () => {
    await using crawl = await openCrawl({ world, env: { STALE_ON_FAILURE_MINUTES: "60" } });
    const index = await crawl.ready();
    await crawl.fail({ match: "* /**", times: "always", status: 429, headers: { "Retry-After": "43200" } });
    const trustOf = () => {
      const { assumptions, gaps } = index.whoCan(s1, { operations: [read] }, { first: 10 });
      return [assumptions.includes("STALE"), gaps.length > 0];
    };
    await crawl.clock.advance(hourMs);
    await crawl.clock.whenSleeping(12 * hourMs);
    expect(trustOf()).toEqual([false, false]);
    // Nor is an answer given again that was made before.
    const basis = new Basis();
    restingOn(basis, { of: () => crawl.index })
      .of(crawl.store.site.siteId)
      .current();
    expect(basis.settle(crawl.clock.now())).toBeNull();
    const calls = crawl.calls().length;
    await crawl.clock.advance(1.5 * hourMs);
    expect(trustOf()).toEqual([true, false]);
    await crawl.clock.advance(hourMs);
    expect(trustOf()).toEqual([true, true]);
    expect(crawl.calls()).toHaveLength(calls);
  });

  it("is told as it was while every call of the site fails", async () => {
    await using crawl = await openCrawl({ world });
    const index = await crawl.ready();
    const gapsOf = () => index.whoCan(s1, { operations: [read] }, { first: 10 }).gaps.map(({ missing }) => missing);
    const until = (isSo: () => boolean) =>
      expect
        .poll(async () => {
          await crawl.clock.advance(10_000);
          return isSo();
        })
        .toBe(true);
    await crawl.fail({ match: "* /**", times: "always", status: 500 });
    await crawl.clock.advance(hourMs);
    await until(() => index.isOut);
    expect(gapsOf()).toEqual([]);
  });

  it("is told as it was where one list fails alone, up to two lifetimes, and is short of it then", async () => {
    await using crawl = await openCrawl({ world });
    const { groups } = crawl.store.site;
    const failure = new SiteError("UpstreamFailed", "no answer", { call: "GET /groups" });
    let isFailing = false;
    const kept = crawl.another({
      groups: { ...groups, list: () => (isFailing ? Promise.reject(failure) : groups.list()) },
    });
    const index = await kept.whenReady(600_000);
    isFailing = true;
    for (const [hours, missing] of [
      [1, []],
      [1.5, []],
      [2, ["groups"]],
    ] as const) {
      await crawl.nextPass(hours === 1 ? hourMs : hourMs / 2);
      expect(index.whoCan(s1, { operations: [read] }, { first: 10 }).gaps.map((gap) => gap.missing)).toEqual(missing);
      expect(kept.status.gaps.map(({ kind }) => kind)).toContain("UpstreamFailed");
    }
    kept.close();
  });
});
