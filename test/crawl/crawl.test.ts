import { describe, expect, it } from "vitest";
import type { AccessIndex } from "../../src/access/index/AccessIndex.js";
import type { AccountId, SpaceId } from "../../src/domain/ids.js";
import { parseWorld } from "../../src/sandbox/world/loadWorld.js";
import { startWatchedSandbox } from "../support/deadFaults.js";
import { ManualClock } from "../support/ManualClock.js";
import { serveTestSite } from "../support/serveTestSite.js";
import { cloudWorld, human, permission, space } from "../support/worlds.js";

const read = { key: "read", target: "space" };
const person = (number: number) => human(number).accountId as AccountId;

/** Groups and spaces whose lists take two pages, and one group of three: a tenth of a real site's shape. */
function pagedWorld() {
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
  });
}

async function crawlOf(world: unknown) {
  const sandbox = await startWatchedSandbox({ world: parseWorld(world) });
  const clock = new ManualClock();
  const site = serveTestSite({ url: sandbox.url, ...sandbox.credential, clock });
  return {
    sandbox,
    clock,
    site,
    index: (): Promise<AccessIndex> => site.index.whenReady(60_000),
    calls: () => sandbox.journal().map(({ method, path }) => `${method} ${path.split("?")[0]}`),
    [Symbol.asyncDispose]: async () => {
      site.index.close();
      await site.store.site.close();
      await sandbox.close();
    },
  };
}

describe("the crawl of a Cloud site", () => {
  it("takes the pages of its lists, a call for 250 accounts, and nothing when asked again", async () => {
    await using crawl = await crawlOf(pagedWorld());
    expect(crawl.site.index.status).toMatchObject({ state: "EMPTY", asOfMs: null });
    const index = await crawl.index();
    const counts = new Map<string, number>();
    for (const call of crawl.calls()) {
      const template = call.replace(/spaces\/\d+/, "spaces/{id}").replace(/group-\d+/, "{groupId}");
      counts.set(template, (counts.get(template) ?? 0) + 1);
    }
    expect(Object.fromEntries(counts)).toEqual({
      "GET /wiki/api/v2/space-role-mode": 1,
      // All groups, and those of administrators.
      "GET /wiki/rest/api/group": 2,
      "GET /wiki/api/v2/spaces": 3,
      // It names no next page: after three full ones comes an empty one.
      "GET /wiki/rest/api/search/user": 4,
      // 420 members of the first group on three pages.
      "GET /wiki/rest/api/group/{groupId}/membersByGroupId": 23,
      "GET /wiki/api/v2/spaces/{id}/permissions": 40,
      "POST /wiki/api/v2/users-bulk": 2,
    });
    expect(crawl.site.index.status).toMatchObject({ state: "READY", gaps: [] });
    expect(index.check(person(1), "1001" as SpaceId, read)).toBe("ALLOWED");
    expect(index.check(person(400), "1001" as SpaceId, read)).toBe("DENIED");
    const before = crawl.calls().length;
    await crawl.index();
    expect(crawl.calls()).toHaveLength(before);
  });
});
