import { describe, expect, it } from "vitest";
import { TtlCache } from "../../../src/cache/TtlCache.js";
import { letGoOn } from "../../../src/callers/UnbegunWork.js";
import { readConfig } from "../../../src/config/readConfig.js";
import type { Take } from "../../../src/confluence/fetchMany.js";
import type { ListedAccount } from "../../../src/confluence/port.js";
import type { Complete } from "../../../src/domain/Complete.js";
import type { AccountId, GroupId } from "../../../src/domain/ids.js";
import type { Group } from "../../../src/domain/Principal.js";
import { currentWaiter, Leaver, type Waiter, workFor } from "../../../src/http/Waiting.js";
import { ChangeEvents } from "../../../src/loaders/engine/ChangeEvents.js";
import { SiteLoaders } from "../../../src/loaders/engine/SiteLoaders.js";
import { SiteStore } from "../../../src/loaders/engine/SiteStore.js";
import { groupMembers } from "../../../src/loaders/memberships.js";
import { readAccountGroups, readCurrentGroups } from "../../../src/readings/groups.js";
import { ManualClock } from "../../support/ManualClock.js";
import { serveTestSite } from "../../support/serveTestSite.js";
import { settleTurn } from "../cache/settleTurn.js";

type Members = Complete<ListedAccount>;

const groupIds = Array.from({ length: 30 }, (_, at) => `g-${String(at).padStart(2, "0")}` as GroupId);
const [crowd, other] = groupIds as [GroupId, GroupId];
const group = (groupId: GroupId): Group => ({
  ...{ groupId, name: groupId, managedBy: "UNKNOWN", reportedManager: null, usage: "UNKNOWN", reportedUsage: null },
});

/** A site of thirty groups, whose lists of members come when the test says so. */
function openSite() {
  const clock = new ManualClock();
  const served = serveTestSite({ url: "http://127.0.0.1:9", email: "someone@example.com", apiToken: "token", clock });
  const { site } = served.store;
  const complete = <T>(items: readonly T[]): Complete<T> => ({
    ...{ items, gaps: [], assumptions: [], asOfMs: clock.now() },
  });
  const readings: {
    readonly ids: readonly GroupId[];
    readonly take?: Take<GroupId, Members> | undefined;
    readonly waiter: Waiter | null;
    end(): void;
  }[] = [];
  const askedOneByOne: AccountId[][] = [];
  const members = (count: number) =>
    complete(
      Array.from({ length: count }, (_, at): ListedAccount => ({ accountId: `a-${at}` as AccountId, facts: null })),
    );
  const groups: typeof site.groups = {
    ...site.groups,
    list: async () => complete(groupIds.map(group)),
    membersOf: (ids, take) =>
      new Promise((resolve) => {
        const waiter = currentWaiter();
        readings.push({ ids, take, waiter, end: () => resolve(new Map(ids.map((id) => [id, members(1)]))) });
      }),
    ofAccounts: async (ids) => {
      askedOneByOne.push([...ids]);
      return new Map(ids.map((id) => [id, complete([group(crowd)])]));
    },
  };
  const store = new SiteStore({
    site: { ...site, groups },
    scope: { siteId: site.siteId, credentialFingerprint: "one" },
    cache: new TtlCache({ maxBytes: 1_000_000, maxEntries: 10_000, clock }),
    lifetimes: readConfig({}).cache.ttlMs,
    clock,
    changes: new ChangeEvents(),
  });
  const loaders = new SiteLoaders(store, 0);
  const ofMembers = async (groupId: GroupId) => {
    const list = await loaders.of(groupMembers).get(groupId);
    return Promise.all((list?.items ?? []).map((id) => readAccountGroups(loaders, id)));
  };
  return { loaders, readings, members, askedOneByOne, ofMembers, close: () => site.close() };
}

describe("the groups of those who are in some groups", () => {
  it("are read beside the list that is still missing, once that costs fewer calls whoever else is in it", async () => {
    const { loaders, readings, members, askedOneByOne, ofMembers, close } = openSite();
    await readCurrentGroups(loaders);
    const reading = Promise.all([crowd, other].map(ofMembers));
    await settleTurn();
    expect(readings.map(({ ids }) => ids)).toEqual([[crowd, other]]);
    await readings[0]?.take?.(other, members(40));
    await settleTurn();
    expect(readings.map(({ ids }) => ids)).toEqual([[crowd, other], groupIds.slice(2)]);
    for (const { end } of readings) end();
    const [, ofOther] = await reading;
    expect(ofOther).toHaveLength(40);
    expect(ofOther?.[1]?.items).toEqual([other]);
    expect(ofOther?.[0]?.items).toEqual(groupIds);
    expect([readings.length, askedOneByOne]).toEqual([2, []]);
    await close();
  });

  it("are read for who asks for them, whoever else was let go on just then", async () => {
    const { loaders, readings, members, ofMembers, close } = openSite();
    const [client, somebodyElse] = [new Leaver(), new Leaver()];
    await readCurrentGroups(loaders);
    const reading = workFor(client, () => Promise.all([crowd, other].map(ofMembers)));
    await settleTurn();
    let left = 1_000;
    const goOn = () => {
      left -= 1;
      if (left > 0) letGoOn(goOn);
    };
    workFor(somebodyElse, () => letGoOn(goOn));
    await readings[0]?.take?.(other, members(40));
    await settleTurn();
    somebodyElse.go();
    expect(readings.map(({ waiter }) => waiter?.isGone)).toEqual([false, false]);
    for (const { end } of readings) end();
    expect((await reading)[1]).toHaveLength(40);
    await close();
  });

  it("are read when all lists are there, where it hangs on those what costs fewer calls", async () => {
    const { loaders, readings, members, askedOneByOne, ofMembers, close } = openSite();
    await readCurrentGroups(loaders);
    const reading = Promise.all([crowd, other].map(ofMembers));
    await settleTurn();
    await readings[0]?.take?.(other, members(25));
    for (let turn = 0; turn < 5; turn += 1) await settleTurn();
    expect([readings.length, askedOneByOne]).toEqual([1, []]);
    readings[0]?.end();
    await reading;
    expect([readings.length, askedOneByOne.flat().length]).toEqual([1, 25]);
    await close();
  });
});
