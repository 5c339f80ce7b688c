import { describe, expect, it } from "vitest";
import type { AccountId, SpaceId } from "../../src/domain/ids.js";
import { dcSpaces, dcUsers, smallDataCenterWorld } from "../support/dataCenterWorlds.js";
import { cloudWorld, human, permission, space } from "../support/worlds.js";
import { looksMs, openCrawl } from "./openCrawl.js";

const read = { key: "read", target: "space" };
const person = (number: number) => human(number).accountId as AccountId;

/** 420 people, 21 groups, one of them of three pages, and 40 spaces: a tenth of a real site's shape. */
function pagedWorld(parts: Readonly<Record<string, unknown>> = {}) {
  const people = Array.from({ length: 420 }, (_, index) => human(index + 1));
  const ids = people.map(({ accountId }) => accountId);
  return cloudWorld({
    accounts: people,
    groups: Array.from({ length: 21 }, (_, index) => ({
      id: `group-${index + 1}`,
      name: `Group ${index + 1}`,
      members: index === 0 ? ids : ids.slice(index * 10, index * 10 + 30),
    })),
    spaces: Array.from({ length: 40 }, (_, index) =>
      space(index + 1, {
        permissions: [
          permission("group", `group-${(index % 20) + 2}`),
          permission("user", ids[index] ?? "", "create/page"),
          permission("user", ids[index] ?? ""),
        ],
      }),
    ),
    ...parts,
  });
}

const pagesOfLists = {
  "GET /wiki/api/v2/space-role-mode": 1,
  // All groups, and those of administrators.
  "GET /wiki/rest/api/group": 2,
  "GET /wiki/api/v2/spaces": 3,
  // It names no next page: after three full ones comes an empty one.
  "GET /wiki/rest/api/search/user": 4,
  // Twenty groups of one page, and one of three.
  "GET /wiki/rest/api/group/{group}/membersByGroupId": 23,
  "GET /wiki/api/v2/spaces/{id}/permissions": 40,
  // 420 people, 250 a call.
  "POST /wiki/api/v2/users-bulk": 2,
};

describe("the crawl of a site", () => {
  it("takes the pages of its lists, a call for 250 accounts, and nothing when it is asked again", async () => {
    await using crawl = await openCrawl({ world: pagedWorld() });
    expect(crawl.index.status).toMatchObject({ state: "EMPTY", asOfMs: null, quotaShare: 0.25, ttlMs: 3_600_000 });
    const index = await crawl.ready();
    expect(crawl.counts()).toEqual(pagesOfLists);
    expect(crawl.index.status).toMatchObject({ state: "READY", gaps: [], asOfMs: crawl.clock.now() });
    expect(index.check(person(1), "1001" as SpaceId, read)).toBe("ALLOWED");
    expect(index.check(person(400), "1001" as SpaceId, read)).toBe("DENIED");
    expect(index.whoCan("1001" as SpaceId, {}, { first: 1 }).assumptions).toContain("SUSPENDED_MEMBERS_HIDDEN");
    const before = crawl.calls().length;
    await crawl.ready();
    expect(crawl.calls()).toHaveLength(before);
  });

  it("takes a call for 100 accounts and the groups of each suspended person more where it has an organization", async () => {
    const accounts = Array.from({ length: 420 }, (_, index) =>
      index < 3 ? { ...human(index + 1), orgStatus: "suspended" } : human(index + 1),
    );
    await using crawl = await openCrawl({ world: pagedWorld({ accounts }), hasOrganization: true });
    const index = await crawl.ready();
    const { "POST /admin/v2/orgs/{orgId}/directories/{id}/users/search": searches, ...counts } = crawl.counts();
    expect(counts).toEqual({
      ...pagesOfLists,
      "GET /_edge/tenant_info": 1,
      // A page with groups and an empty one for each of three: it names no next page either.
      "GET /wiki/rest/api/user/memberof": 6,
    });
    // Five of a hundred people, and two that find whom the organization suspended.
    expect(searches).toBe(7);
    expect(crawl.index.status.gaps).toEqual([]);
    // Suspended, so that the site's member lists do not show them; members they are all the same.
    expect(index.inventory.groupsOf(person(2))).toEqual(["group-1"]);
    expect(index.check(person(2), "1002" as SpaceId, read)).toBe("DENIED");
  });

  it("decides of nobody, and says who may be missing, where the organization does not answer", async () => {
    const world = cloudWorld({
      accounts: [human(1)],
      groups: [{ id: "g", name: "G", members: [person(1)] }],
      spaces: [space(1, { permissions: [permission("group", "g")] })],
    });
    await using crawl = await openCrawl({ world, hasOrganization: true });
    await crawl.fail({ match: "POST /admin/**/users/search", status: 403, times: -1 });
    const index = await crawl.ready();
    expect(index.check(person(1), "1001" as SpaceId, read)).toBe("UNKNOWN");
    const { gaps } = index.whoCan("1001" as SpaceId, {}, { first: 10 });
    expect(gaps.map(({ missing }) => missing)).toContain("suspended people, whom lists of members leave out");
  });

  it("takes one call a space more where the site has roles, and one for their definitions", async () => {
    const roles = [{ id: "role-1", type: "SYSTEM", name: "Viewer", description: "", spacePermissions: ["read/space"] }];
    const spaces = [1, 2, 3].map((number) =>
      space(number, {
        roleAssignments: [{ principal: { principalType: "USER", principalId: person(7) }, roleId: "role-1" }],
      }),
    );
    const world = cloudWorld({ mode: "ROLES", accounts: [human(7)], roles, spaces });
    await using crawl = await openCrawl({ world });
    const index = await crawl.ready();
    expect(crawl.counts()).toMatchObject({
      "GET /wiki/api/v2/spaces/{id}/permissions": 3,
      "GET /wiki/api/v2/spaces/{id}/role-assignments": 3,
      "GET /wiki/api/v2/space-roles": 1,
    });
    expect(index.check(person(7), "1003" as SpaceId, read)).toBe("ALLOWED");
  });

  it("takes the pages of a Data Center's lists, whose list of users tells everybody's facts", async () => {
    await using crawl = await openCrawl({ world: smallDataCenterWorld() });
    const index = await crawl.ready();
    expect(crawl.counts()).toEqual({
      "GET /confluence/rest/api/user/current": 1,
      "GET /confluence/rest/api/user/list": 1,
      "GET /confluence/rest/api/group": 1,
      // Those in use and those archived: what is in the trash no Data Center lists.
      "GET /confluence/rest/api/space": 2,
      // Nine of ten groups have a name that a path can hold.
      "GET /confluence/rest/api/group/{group}/member": 9,
      "GET /confluence/rest/api/group/{group}/groupmember": 9,
      // One that holds a grant and is in no list: it is gone.
      "GET /confluence/rest/api/group/{group}": 1,
      "GET /confluence/rest/api/space/{key}/permissions": 4,
      "GET /confluence/rest/api/permissions": 1,
      "GET /confluence/rest/api/permissions/unlicensed": 1,
    });
    const eng = String(dcSpaces.ENG) as SpaceId;
    const readers = Object.entries(dcUsers).flatMap(([name, id]) =>
      index.check(id as AccountId, eng, read) === "ALLOWED" ? [name] : [],
    );
    // Cara by way of two groups, Dan and Eve in a cycle of two; Kim and Fay hold it in vain.
    expect(readers).toEqual(["admin", "ben", "cara", "dan", "eve"]);
    // No path can hold the name of the tenth group.
    expect(crawl.index.status.gaps.map(({ missing }) => missing)).toEqual(["members of group docs/web"]);
  });

  it("does not take an account for unknown of which the list of users tells nothing that can be read", async () => {
    await using crawl = await openCrawl({ world: smallDataCenterWorld() });
    const results = [{ userKey: dcUsers.ben, username: 7 }];
    await crawl.fail({ match: "GET /rest/api/user/list", body: { results, start: 0, limit: 200, size: 1 } });
    const index = await crawl.ready();
    const eng = String(dcSpaces.ENG) as SpaceId;
    expect(index.check(dcUsers.ben as AccountId, eng, read)).toBe("UNKNOWN");
    await crawl.nextPass(2 * looksMs);
    // Asked for alone; whom the list does not name nobody asks for.
    expect(crawl.counts()["GET /confluence/rest/api/user"]).toBe(1);
    expect(index.check(dcUsers.ben as AccountId, eng, read)).toBe("ALLOWED");
  });
});
