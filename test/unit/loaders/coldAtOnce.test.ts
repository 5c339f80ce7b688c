import { expect, it } from "vitest";
import { parseWorld } from "../../../sandbox/src/world/loadWorld.js";
import { SharedReadings } from "../../../src/cache/shared/SharedReadings.js";
import { TtlCache } from "../../../src/cache/TtlCache.js";
import { readConfig } from "../../../src/config/readConfig.js";
import type { AccountId, GroupId, SpaceId } from "../../../src/domain/ids.js";
import { account } from "../../../src/loaders/accounts.js";
import { ChangeEvents } from "../../../src/loaders/engine/ChangeEvents.js";
import { onlyOne } from "../../../src/loaders/engine/LoaderDeclaration.js";
import { SiteStore } from "../../../src/loaders/engine/SiteStore.js";
import { spaceGrants } from "../../../src/loaders/grants.js";
import { group, groupList } from "../../../src/loaders/groups.js";
import { groupMembers, memberOf } from "../../../src/loaders/memberships.js";
import { space, spaceList } from "../../../src/loaders/spaces.js";
import { startWatchedSandbox } from "../../support/deadFaults.js";
import { ManualClock } from "../../support/ManualClock.js";
import { serveTestSite } from "../../support/serveTestSite.js";
import { cloudWorld, human, permission, space as spaceOf } from "../../support/worlds.js";
import { FakeEngine, FakeServer } from "../cache/shared/FakeEngine.js";

const people = Array.from({ length: 40 }, (_, number) => human(number + 1));
const world = cloudWorld({
  accounts: people,
  groups: Array.from({ length: 8 }, (_, number) => ({
    id: `g-${number}`,
    name: `group ${number}`,
    members: people.slice(3 * number, 3 * number + 12).map(({ accountId }) => accountId),
  })),
  spaces: Array.from({ length: 6 }, (_, number) =>
    spaceOf(number + 1, {
      permissions: people.slice(number, number + 20).map(({ accountId }) => permission("user", accountId)),
    }),
  ),
});

/** What may be asked of a process that knows nothing yet, all at once: much of it needs what another of them reads. */
const questions: readonly ((store: SiteStore) => Promise<unknown>)[] = [
  ...["g-1", "g-2", "g-3"].map((id) => (store: SiteStore) => store.of(group).readMany([id as GroupId], 0)),
  ...["g-0", "g-4", "g-7"].map((id) => async (store: SiteStore) => {
    const members = await store.read(groupMembers, id as GroupId);
    return store.of(account).readMany(members?.items ?? [], 0);
  }),
  async (store) => {
    const groups = await store.read(groupList, onlyOne);
    return store.of(groupMembers).readMany(groups?.items.map(({ groupId }) => groupId) ?? [], 0);
  },
  async (store) => {
    const spaces = await store.read(spaceList, "CURRENT");
    const lists = await store.of(spaceGrants).readMany(spaces?.items.map(({ spaceId }) => spaceId) ?? [], 0);
    const holders = lists.flatMap((list) =>
      list === null || list instanceof Error
        ? []
        : list.items.flatMap(({ principal }) => ("accountId" in principal ? [principal.accountId] : [])),
    );
    return store.of(account).readMany(holders, 0);
  },
  ...["1001", "1004"].map((id) => (store: SiteStore) => store.of(spaceGrants).readMany([id as SpaceId], 0)),
  (store) => store.of(space).readMany(["1001", "1002", "1003"] as SpaceId[], 0),
  ...[0, 10, 20].map(
    (from) => (store: SiteStore) =>
      store.of(account).readMany(
        people.slice(from, from + 15).map(({ accountId }) => accountId as AccountId),
        0,
      ),
  ),
  (store) =>
    store.of(memberOf).readMany(
      people.slice(0, 6).map(({ accountId }) => accountId as AccountId),
      0,
    ),
];

/** So many of them read accounts. */
const asksForAccounts = 3 + 1 + 3;

/** The calls that so many processes make for the same questions, and what each was answered. */
async function askAtOnce(count: number) {
  const clock = new ManualClock();
  const sandbox = await startWatchedSandbox({ world: parseWorld(world) });
  const server = new FakeServer(clock);
  // Leases last by the clock that stands still; who waits looks again soon.
  const soon = {
    ...clock,
    now: () => clock.now(),
    sleep: () => new Promise<void>((resolve) => void setTimeout(resolve, 1)),
  };
  const members = Array.from({ length: count }, () => {
    const { email, apiToken } = sandbox.credential;
    const { site } = serveTestSite({ url: sandbox.url, email, apiToken, clock }).store;
    const readings = new SharedReadings({
      engine: new FakeEngine(server),
      clock: { ...soon, atMost: soon.sleep },
      scope: "one site",
      onDistrusted: () => undefined,
    });
    const store = new SiteStore({
      site,
      scope: { siteId: site.siteId, credentialFingerprint: "one" },
      cache: new TtlCache({ maxBytes: 10_000_000, maxEntries: 10_000, clock }),
      lifetimes: readConfig({}).cache.ttlMs,
      clock,
      changes: new ChangeEvents(),
      shared: { readings, positions: { appliedPosition: "epoch.0", isTouchedSince: () => false } },
    });
    return { store, readings };
  });
  try {
    const answers = await Promise.all(members.map(({ store }) => Promise.all(questions.map((ask) => ask(store)))));
    return { answers, calls: sandbox.journal().map(({ method, path }) => `${method} ${path}`) };
  } finally {
    for (const { readings } of members) readings.close();
    await Promise.all(members.map(({ store }) => store.site.close()));
    await sandbox.close();
  }
}

it("asks a site for three processes what it would be asked for one, and answers each the same", async () => {
  const { answers, calls } = await askAtOnce(3);
  const twice = calls.filter((call, index) => call.startsWith("GET") && calls.indexOf(call) !== index);
  expect(calls.filter((call) => call.startsWith("GET")).length).toBeGreaterThan(20);
  expect(twice).toEqual([]);
  // Whatever comes first: each question asks for the accounts that nobody reads yet in one call, whoever asks it first.
  expect(calls.length - calls.filter((call) => call.startsWith("GET")).length).toBeLessThanOrEqual(asksForAccounts);
  const [first, ...others] = answers;
  for (const other of others) expect(other).toEqual(first);
});
