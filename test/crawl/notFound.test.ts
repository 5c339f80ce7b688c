import { describe, expect, it } from "vitest";
import type { AccountId, SpaceId } from "../../src/domain/ids.js";
import { dcSpaces, dcUsers, smallDataCenterWorld } from "../support/dataCenterWorlds.js";
import { cloudWorld, human, permission, space } from "../support/worlds.js";
import { openCrawl } from "./openCrawl.js";

const read = { key: "read", target: "space" };

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

  it("declares the groups of a suspended person whom the site knows, and nothing of people of other sites", async () => {
    const world = cloudWorld({
      accounts: [human(1), { ...human(2), orgStatus: "suspended" }],
      groups: [{ id: "g", name: "G", members: [human(2).accountId] }],
      spaces: [space(1, { permissions: [permission("group", "g")] })],
    });
    await using crawl = await openCrawl({ world, hasOrganization: true });
    await crawl.fail({ match: "GET /wiki/rest/api/user/memberof*", status: 404, times: -1 });
    await crawl.ready();
    const missing = () => crawl.index.status.gaps.map(({ missing }) => missing);
    expect(missing()).toEqual([`groups of ${human(2).accountId}`]);
    const elsewhere = crawl.another({
      accounts: { ...crawl.store.site.accounts, byIds: async () => new Map() },
    });
    await elsewhere.whenReady(600_000);
    expect(elsewhere.status.gaps).toEqual([]);
    elsewhere.close();
  });
});
