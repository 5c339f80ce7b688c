import { describe, expect, it } from "vitest";
import { FindingList } from "../../src/access/findings/FindingList.js";
import { atOnce } from "../../src/access/index/store/slices.js";
import type { AccountId, GroupId, SpaceId, SpaceKey } from "../../src/domain/ids.js";
import { account } from "../../src/loaders/accounts.js";
import { ChangeEvents } from "../../src/loaders/engine/ChangeEvents.js";
import { spaceGrants } from "../../src/loaders/grants.js";
import { dcSpaces, dcUsers, smallDataCenterWorld } from "../support/dataCenterWorlds.js";
import { serveConfiguredSite } from "../support/serveConfiguredSite.js";
import { cloudWorld, human, permission, space } from "../support/worlds.js";
import { looksMs, openCrawl } from "./openCrawl.js";

const read = { key: "read", target: "space" };
const [ann, ben, cat] = [1, 2, 3].map((number) => human(number).accountId as AccountId) as [
  AccountId,
  AccountId,
  AccountId,
];
const readers = "g-readers" as GroupId;
const s1 = "1001" as SpaceId;
const s2 = "1002" as SpaceId;

function world(parts: Readonly<Record<string, unknown>> = {}) {
  return cloudWorld({
    accounts: [human(1), human(2), human(3)],
    groups: [{ id: readers, name: "Readers", members: [ann] }],
    spaces: [
      space(1, { permissions: [permission("group", readers)] }),
      space(2, { permissions: [permission("user", cat)] }),
    ],
    ...parts,
  });
}

describe("the index after a change of our own", () => {
  it("says of a new member what is so, without a crawl, and meanwhile that it does not know", async () => {
    await using crawl = await openCrawl({ world: world() });
    const index = await crawl.ready();
    expect(index.check(ben, s1, read)).toBe("DENIED");
    const before = crawl.calls().length;
    await crawl.store.site.writer.addMember(readers, ben);
    expect(crawl.index.current().check(ben, s1, read)).toBe("UNKNOWN");
    expect((await crawl.ready()).check(ben, s1, read)).toBe("ALLOWED");
    expect(crawl.calls().slice(before)).toEqual([
      "POST /wiki/rest/api/group/userByGroupId",
      "GET /wiki/rest/api/group/g-readers/membersByGroupId",
    ]);
  });

  it("never answers what was so before: not of one who was taken out of a group, nor of a permission that was revoked", async () => {
    await using crawl = await openCrawl({ world: world() });
    await crawl.ready();
    await crawl.store.site.writer.removeMember(readers, ann);
    expect(crawl.index.current().check(ann, s1, read)).toBe("UNKNOWN");
    expect((await crawl.ready()).check(ann, s1, read)).toBe("DENIED");

    const [held] = (await crawl.store.read(spaceGrants, s2))?.items ?? [];
    if (held?.kind !== "permission") throw new Error("the row is not there");
    await crawl.store.site.writer.removePermission({ spaceId: s2, key: "S2" as SpaceKey }, held);
    expect(crawl.index.current().check(cat, s2, read)).toBe("UNKNOWN");
    expect((await crawl.ready()).check(cat, s2, read)).toBe("DENIED");
  });

  it("knows a deleted group's members no more, and of a made one that it has none", async () => {
    await using crawl = await openCrawl({ world: world() });
    await crawl.ready();
    await crawl.store.site.writer.deleteGroup(readers);
    expect(crawl.index.current().check(ann, s1, read)).toBe("UNKNOWN");
    expect((await crawl.ready()).check(ann, s1, read)).toBe("DENIED");
    const { groupId } = await crawl.store.site.writer.createGroup("Writers");
    await crawl.store.site.writer.addMember(groupId, ben);
    expect((await crawl.ready()).inventory.groupsOf(ben)).toEqual([groupId]);
  });

  it.each([
    ["went with it", true, []],
    ["stayed behind", false, ["group"]],
  ])(
    "does not claim to know what a deleted group still holds, until the next pass finds that it %s",
    async (_, areLost, held) => {
      await using crawl = await openCrawl({ world: world({ deletedGroupsLoseGrants: areLost }) });
      const index = await crawl.ready();
      const inDoubt = [{ missing: "what group g-readers is still granted in space 1001" }];
      await crawl.store.site.writer.deleteGroup(readers);
      await crawl.ready();
      const holder = { kind: "group", groupId: readers } as const;
      expect(index.holders(s1).gaps).toMatchObject(inDoubt);
      expect(index.grantsOf(s1).gaps).toMatchObject(inDoubt);
      expect(index.holdingsOf(holder, { first: 9 }).gaps).toMatchObject(inDoubt);
      const found = atOnce(FindingList.finding(index, 0));
      expect(found?.count(["GRANT_TO_VANISHED_GROUP"])).toBe(0);
      expect(found?.gaps(["GRANT_TO_VANISHED_GROUP"])).toMatchObject(inDoubt);
      // Nobody can do anything by it, whatever stayed: that is known.
      expect(index.check(ann, s1, read)).toBe("DENIED");
      expect(index.holders(s2).gaps).toEqual([]);
      await crawl.nextPass(looksMs);
      expect(index.holders(s1)).toMatchObject({ gaps: [], items: held.map((kind) => ({ principal: { kind } })) });
      expect(index.holdingsOf(holder, { first: 9 })).toMatchObject({ gaps: [], count: held.length });
      expect(atOnce(FindingList.finding(index, 0))?.count(["GRANT_TO_VANISHED_GROUP"])).toBe(held.length);
    },
  );

  it("takes over what a sibling site of the organization suspends, and keeps the memberships that lists hide then", async () => {
    const changes = new ChangeEvents();
    await using crawl = await openCrawl({ world: world(), hasOrganization: true, changes });
    const sibling = serveConfiguredSite({
      env: { ...crawl.env, CONFLUENCE_URL: crawl.sandbox.url.replace("127.0.0.1", "localhost") },
      clock: crawl.clock,
      changes,
    });
    await crawl.ready();
    expect(crawl.index.current().check(ann, s1, read)).toBe("ALLOWED");
    await sibling.store.site.organization?.writer.suspend(ann);
    expect(crawl.index.current().check(ann, s1, read)).toBe("UNKNOWN");
    const index = await crawl.ready();
    expect(index.check(ann, s1, read)).toBe("DENIED");
    await crawl.store.site.writer.addMember(readers, ben);
    // The list was read again, and does not show who is suspended.
    expect((await crawl.ready()).check(ben, s1, read)).toBe("ALLOWED");
    expect(index.inventory.groupsOf(ann)).toEqual([readers]);
    await sibling.store.site.organization?.writer.restore(ann);
    expect((await crawl.ready()).check(ann, s1, read)).toBe("ALLOWED");
    await sibling.store.site.close();
  });

  it("finds out whose account a name is that was switched off, and doubts everybody where nobody can tell", async () => {
    await using crawl = await openCrawl({ world: smallDataCenterWorld() });
    const index = await crawl.ready();
    const eng = String(dcSpaces.ENG) as SpaceId;
    const ofBen = dcUsers.ben as AccountId;
    const checks = () => [ofBen, dcUsers.cara as AccountId].map((id) => index.check(id, eng, read));
    expect(checks()).toEqual(["ALLOWED", "ALLOWED"]);
    // Nobody has asked for Ben's account by its id or name yet.
    await crawl.store.site.writer.accounts?.disable("ben");
    expect(checks()).toEqual(["UNKNOWN", "UNKNOWN"]);
    await crawl.ready();
    expect(checks()).toEqual(["DENIED", "UNKNOWN"]);
    await crawl.nextPass(looksMs);
    expect(checks()).toEqual(["DENIED", "ALLOWED"]);
    await crawl.store.read(account, ofBen);
    await crawl.store.site.writer.accounts?.enable("ben");
    expect(checks()).toEqual(["UNKNOWN", "ALLOWED"]);
    await crawl.ready();
    expect(checks()).toEqual(["ALLOWED", "ALLOWED"]);
  });

  it("drops what was being read while the change was made", async () => {
    await using crawl = await openCrawl({ world: world() });
    const { site } = crawl.store;
    let arrive = () => {};
    let release = () => {};
    const arrived = new Promise<void>((resolve) => {
      arrive = resolve;
    });
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    let isHeld = false;
    const membersOf = async (ids: readonly GroupId[]) => {
      const members = await site.groups.membersOf(ids);
      if (isHeld) {
        arrive();
        await released;
      }
      return members;
    };
    const kept = crawl.another({ groups: { ...site.groups, membersOf } });
    const index = await kept.whenReady(600_000);
    isHeld = true;
    await crawl.clock.advance(3_600_000);
    // The crawl has the old list of members in its hands when the new member comes.
    await arrived;
    expect(kept.status.state).toBe("REFRESHING");
    // Five lists are read again; a group, two spaces and the accounts are to come.
    expect(kept.status.progress).toEqual({ done: 5, total: 8 });
    expect(kept.status.estimateMs).toBe(0);
    await crawl.store.site.writer.addMember(readers, ben);
    await kept.whenReady(600_000);
    expect(index.check(ben, s1, read)).toBe("ALLOWED");
    release();
    await crawl.clock.whenSleeping(looksMs);
    expect(kept.status.state).toBe("READY");
    expect(index.check(ben, s1, read)).toBe("ALLOWED");
    kept.close();
  });
});
