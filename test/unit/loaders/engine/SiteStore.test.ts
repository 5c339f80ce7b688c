import { expect, it } from "vitest";
import { parseWorld } from "../../../../sandbox/src/world/loadWorld.js";
import { TtlCache } from "../../../../src/cache/TtlCache.js";
import type { AccountId, SpaceId } from "../../../../src/domain/ids.js";
import { account } from "../../../../src/loaders/accounts.js";
import { defineLoader, type OnlyOne, onlyOne } from "../../../../src/loaders/engine/LoaderDeclaration.js";
import { SiteLoaders } from "../../../../src/loaders/engine/SiteLoaders.js";
import { StampingReader } from "../../../../src/loaders/engine/StampingReader.js";
import { spaceGrants } from "../../../../src/loaders/grants.js";
import { groupList } from "../../../../src/loaders/groups.js";
import { startWatchedSandbox } from "../../../support/deadFaults.js";
import { ManualClock } from "../../../support/ManualClock.js";
import { serveTestSite } from "../../../support/serveTestSite.js";
import { cloudWorld, human } from "../../../support/worlds.js";

it("does not serve what one credential read to another of the same site, though they share a cache", async () => {
  const world = cloudWorld({ accounts: [human(1)], groups: [{ id: "g-1", name: "Designers", members: [] }] });
  const sandbox = await startWatchedSandbox({ world: parseWorld(world) });
  const clock = new ManualClock();
  const cache = new TtlCache({ maxBytes: 1_000_000, maxEntries: 1_000, clock });
  const storeWith = (apiToken: string) =>
    serveTestSite({ url: sandbox.url, email: sandbox.credential.email, apiToken, clock, cache }).store;
  const trusted = storeWith(sandbox.credential.apiToken);
  const stranger = storeWith("another-token-of-the-same-site");
  try {
    expect((await trusted.read(groupList, onlyOne))?.items).toHaveLength(1);
    expect(await trusted.read(account, human(1).accountId as AccountId)).toMatchObject({ displayName: "Human 1" });
    await expect(stranger.read(groupList, onlyOne)).rejects.toMatchObject({ kind: "CredentialRejected" });
    await expect(stranger.read(account, human(1).accountId as AccountId)).rejects.toMatchObject({
      kind: "CredentialRejected",
    });
    // Nor is the refusal remembered for the one who may read.
    expect((await trusted.read(groupList, onlyOne))?.items).toHaveLength(1);
  } finally {
    await Promise.all([trusted.site.close(), stranger.site.close()]);
    await sandbox.close();
  }
});

it("tells of all that it handed out as somebody else that it does not count any more", async () => {
  const world = cloudWorld({ accounts: [human(1)], groups: [{ id: "g-1", name: "Designers", members: [] }] });
  const sandbox = await startWatchedSandbox({ world: parseWorld(world) });
  const { email, apiToken } = sandbox.credential;
  const clock = new ManualClock();
  const { store } = serveTestSite({ url: sandbox.url, email, apiToken, clock });
  try {
    await store.read(groupList, onlyOne);
    await clock.advance(1_000);
    const sinceMs = clock.now();
    await store.read(account, human(1).accountId as AccountId);
    const handedOut = [
      store.of(groupList).peekDated(onlyOne, 0),
      store.of(account).peekDated(human(1).accountId as AccountId, 0),
    ];
    store.distrust(sinceMs);
    expect(handedOut.map((entry) => entry?.isCurrent)).toEqual([true, false]);
  } finally {
    await store.site.close();
    await sandbox.close();
  }
});

it("does not trust what began as ourselves and ended as somebody else, nor what rests on something older", async () => {
  const clock = new ManualClock();
  const { store } = serveTestSite({ url: "http://127.0.0.1:9", email: "a@b.test", apiToken: "none", clock });
  const short = defineLoader<OnlyOne, string>({
    ...{ name: "short", upstream: "call-per-key", lifetime: "groups", touchedBy: () => [], sizeOf: () => 10 },
    fetch: async () => new Map([[onlyOne, "short"]]),
  });
  const answerAfter = (name: string, ms: number, restsOn: (typeof short)[]) =>
    defineLoader<OnlyOne, string>({
      ...{ name, upstream: "call-per-key", lifetime: "groups", touchedBy: () => [], sizeOf: () => 10 },
      fetch: async (reader) => {
        for (const part of restsOn) await reader.read(part, onlyOne);
        await clock.sleep(ms);
        return new Map([[onlyOne, name]]);
      },
    });
  const long = answerAfter("long", 5_000, []);
  const resting = answerAfter("resting", 1, [short]);
  try {
    await store.read(short, onlyOne);
    const reading = [store.read(long, onlyOne)];
    await clock.advance(2_000);
    const sinceMs = clock.now();
    await clock.advance(500);
    reading.push(store.read(resting, onlyOne));
    await clock.whenSleeping(1);
    await clock.advance(2_500);
    await Promise.all(reading);
    const known = () => [short, long, resting].map((each) => store.of(each).peek(onlyOne, 0));
    const handedOut = [short, long, resting].map((each) => store.of(each).peekDated(onlyOne, 0));
    expect(known()).toEqual(["short", "long", "resting"]);
    store.distrust(sinceMs);
    expect(known()).toEqual(["short", undefined, undefined]);
    expect(handedOut.map((entry) => entry?.isCurrent)).toEqual([true, false, false]);
  } finally {
    await store.site.close();
  }
});

it("lets others have their turn while it goes through the grants of many spaces", async () => {
  const sandbox = await startWatchedSandbox({ world: parseWorld(cloudWorld({})) });
  const { email, apiToken } = sandbox.credential;
  const clock = new ManualClock();
  const { store } = serveTestSite({ url: sandbox.url, email, apiToken, clock });
  const { site, lifetimes, seenOperations } = store;
  const items = Array.from({ length: 500 }, (_, number) => ({
    ...{ kind: "permission" as const, permissionId: String(number), operation: { key: "read", target: "space" } },
    principal: { kind: "account" as const, accountId: "someone" as AccountId },
  }));
  const list = { items, gaps: [], assumptions: [], asOfMs: clock.now() };
  let turns = 0;
  let isOver = false;
  const others = () => {
    turns += 1;
    if (!isOver) setImmediate(others);
  };
  const spaces = {
    ...site.spaces,
    grantsOf: async (ids: readonly SpaceId[]) => {
      setImmediate(others);
      return new Map(ids.map((id) => [id, list]));
    },
  };
  try {
    const of: typeof store.of = (declaration) => store.of(declaration);
    const terms = { notBeforeMs: 0, isRevalidation: false };
    const reader = new StampingReader<SpaceId>(
      { site: { ...site, spaces }, clock, lifetimes, seenOperations, of, position: null },
      terms,
    );
    const ids = Array.from({ length: 40 }, (_, number) => String(number) as SpaceId);
    const found = await spaceGrants.fetch(reader, ids, () => undefined);
    isOver = true;
    expect(found.size).toBe(40);
    // 20,000 rows, and others between every 2,000 of them.
    expect(turns).toBeGreaterThanOrEqual(9);
  } finally {
    isOver = true;
    await store.site.close();
    await sandbox.close();
  }
});

it("ends what was told of the operations seen so far when another is seen", async () => {
  const clock = new ManualClock();
  const { store } = serveTestSite({ url: "http://127.0.0.1:9", email: "a@b.test", apiToken: "none", clock });
  const loaders = new SiteLoaders(store, 0);
  store.seenOperations.note({ key: "read", target: "space" }, "GRANT");
  expect(loaders.seenOperations()).toHaveLength(1);
  const standing = loaders.basis.settle(clock.now());
  store.seenOperations.note({ key: "read", target: "space" }, "GRANT");
  expect(standing?.isStanding(clock.now())).toBe(true);
  store.seenOperations.note({ key: "read", target: "board" }, "GRANT");
  expect(standing?.isStanding(clock.now())).toBe(false);
  await store.site.close();
});

it("forgets everything, and neither remembers nor shares what was being read then", async () => {
  const clock = new ManualClock();
  const { store } = serveTestSite({ url: "http://127.0.0.1:9", email: "a@b.test", apiToken: "none", clock });
  let reads = 0;
  const slow = defineLoader<OnlyOne, string>({
    ...{ name: "slow", upstream: "call-per-key", lifetime: "groups", touchedBy: () => [], sizeOf: () => 10 },
    fetch: async () => {
      reads += 1;
      const read = `reading ${reads}`;
      await clock.sleep(1_000);
      return new Map([[onlyOne, read]]);
    },
  });
  store.kept.of("list", () => "made of what was read");
  const before = store.read(slow, onlyOne);
  await clock.whenSleeping(1_000);
  await clock.advance(1);
  store.forgetAll();
  const after = store.read(slow, onlyOne);
  await clock.whenSleeping(1_000, 2);
  await clock.advance(999);
  expect(await before).toBe("reading 1");
  expect(store.remembered(slow, onlyOne)).toBeUndefined();
  await clock.advance(1);
  expect(await after).toBe("reading 2");
  expect(store.remembered(slow, onlyOne)).toBe("reading 2");
  expect(store.kept.size).toBe(0);
  await store.site.close();
});
