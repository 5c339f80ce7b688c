import { describe, expect, it } from "vitest";
import { FindingList } from "../../src/access/findings/FindingList.js";
import type { AccessIndex } from "../../src/access/index/AccessIndex.js";
import { atOnce } from "../../src/access/index/store/slices.js";
import type { AccountId, SpaceId } from "../../src/domain/ids.js";
import { dcSpaces, dcUsers, smallDataCenterWorld } from "../support/dataCenterWorlds.js";
import { cloudWorld, human, permission, space } from "../support/worlds.js";
import { looksMs, openCrawl } from "./openCrawl.js";

const read = { key: "read", target: "space" };
const suspended = human(2).accountId as AccountId;
/** A group whose only member no member list shows. */
const withSuspended = cloudWorld({
  accounts: [human(1), { ...human(2), orgStatus: "suspended" }],
  groups: [{ id: "g", name: "G", members: [suspended] }],
  spaces: [space(1, { permissions: [permission("group", "g")] })],
});

function ofEmptyGroups(index: AccessIndex) {
  const list = atOnce(FindingList.finding(index, 0));
  return { found: list?.count(["GRANT_TO_EMPTY_GROUP"]), gaps: list?.gaps(["GRANT_TO_EMPTY_GROUP"]).length };
}

describe("a crawl that is told that there is no such thing, of what was listed or is known,", () => {
  it.each(["8.3.0", "8.6.0"])(
    "leaves open whose a user name is that one call alone does not find (%s)",
    async (version) => {
      await using crawl = await openCrawl({ world: smallDataCenterWorld(version) });
      await crawl.fail({ match: "GET /**/rest/api/user?username=ben*", status: 404, times: -1 });
      const index = await crawl.ready();
      const ofBen = String(dcSpaces["~ben"]) as SpaceId;
      const ben = dcUsers.ben as AccountId;
      expect(index.check(ben, ofBen, read)).toBe("UNKNOWN");
      expect(index.whatCan(ben, {}, { first: 10 }).gaps.map(({ missing }) => missing)).toContain(
        'whose user name "ben" is in the permissions of space ~ben',
      );
    },
  );

  it("calls no group empty or vanished that only a grant names, while the list of groups cannot be read", async () => {
    const world = cloudWorld({
      accounts: [human(1)],
      spaces: [space(1, { permissions: [permission("group", "nowhere")] })],
    });
    await using crawl = await openCrawl({ world });
    await crawl.fail({ match: "GET /wiki/rest/api/group", status: 403, times: -1 });
    const list = atOnce(FindingList.finding(await crawl.ready(), 0));
    expect(list?.count(["GRANT_TO_EMPTY_GROUP", "GRANT_TO_VANISHED_GROUP"])).toBe(0);
    expect(list?.gaps(["GRANT_TO_EMPTY_GROUP"])).not.toEqual([]);
  });

  it("declares who may belong to a class while the lists of spaces, whose grants name people, fail", async () => {
    const world = cloudWorld({
      accounts: [human(1)],
      spaces: [space(1, { permissions: [permission("user", "712020:named-by-a-grant-alone")] })],
    });
    await using crawl = await openCrawl({ world });
    await crawl.fail({ match: "GET /wiki/api/v2/spaces", status: 403, times: -1 });
    const everybody = { kind: "accessClass", classId: "authenticated-users", reportedType: "access-class" } as const;
    const { gaps } = (await crawl.ready()).membersOf(everybody, { first: 10, after: null });
    expect(gaps.map(({ missing }) => missing)).toContain("all spaces with status CURRENT");
  });

  it("declares the groups of a suspended person whom the site knows, and nothing of people of other sites", async () => {
    await using crawl = await openCrawl({ world: withSuspended, hasOrganization: true });
    await crawl.fail({ match: "GET /wiki/rest/api/user/memberof*", status: 404, times: -1 });
    const index = await crawl.ready();
    const missing = () => crawl.index.status.gaps.map(({ missing }) => missing);
    expect(missing()).toEqual([`groups of ${suspended}`]);
    expect(ofEmptyGroups(index)).toEqual({ found: 0, gaps: 1 });
    const elsewhere = crawl.another({
      accounts: { ...crawl.store.site.accounts, byIds: async () => new Map() },
    });
    expect(ofEmptyGroups(await elsewhere.whenReady(600_000))).toEqual({ found: 1, gaps: 0 });
    expect(elsewhere.status.gaps).toEqual([]);
    elsewhere.close();
    // What failed is read again by and by, long before the list of suspended people is.
    await crawl.heal();
    await crawl.nextPass(looksMs);
    await crawl.nextPass(looksMs);
    expect(missing()).toEqual([]);
    expect(index.inventory.groupsOf(suspended)).toEqual(["g"]);
    expect(ofEmptyGroups(index)).toEqual({ found: 0, gaps: 0 });
  });
});

describe("a crawl that broke off before it came to a suspended person", () => {
  it("reads the groups of the person as soon as it goes on, and calls no group empty until then", async () => {
    await using crawl = await openCrawl({ world: withSuspended, hasOrganization: true });
    const memberOf = "GET /wiki/rest/api/user/memberof";
    await crawl.fail({ match: `${memberOf}*`, status: 429, headers: { "Retry-After": "60" } });
    const index = await crawl.ready();
    expect(ofEmptyGroups(index)).toEqual({ found: 0, gaps: 1 });
    const before = crawl.calls().length;
    await crawl.nextPass(60_000);
    expect(crawl.calls().slice(before)).toContain(memberOf);
    expect(crawl.index.status).toMatchObject({ state: "READY", gaps: [] });
    expect(index.inventory.groupsOf(suspended)).toEqual(["g"]);
    expect(ofEmptyGroups(index)).toEqual({ found: 0, gaps: 0 });
  });
});
