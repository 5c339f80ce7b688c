import { describe, expect, it } from "vitest";
import type { AccessIndex } from "../../src/access/index/AccessIndex.js";
import type { AccountId, SpaceId } from "../../src/domain/ids.js";
import { dcUsers, smallDataCenterWorld } from "../support/dataCenterWorlds.js";
import { cloudWorld, human, permission, space } from "../support/worlds.js";
import { type OpenedCrawl, openCrawl } from "./openCrawl.js";

const operations = [
  { key: "read", target: "space" },
  { key: "create", target: "page" },
];

/** Each account in each space, each operation, one letter a decision. */
function decisionsOf(index: AccessIndex, accounts: readonly AccountId[], spaces: readonly SpaceId[]): string[] {
  return accounts.flatMap((account) =>
    spaces.flatMap((spaceId) =>
      operations.map(
        (operation) => `${account} ${spaceId} ${operation.key}: ${index.check(account, spaceId, operation)}`,
      ),
    ),
  );
}

function flips(whole: readonly string[], short: readonly string[]): string[] {
  return short.filter((decision, at) => decision !== whole[at] && !decision.endsWith("UNKNOWN"));
}

/** What was asked, each once, as a fault matches it. */
function askedOf(crawl: OpenedCrawl): string[] {
  const asked = crawl.sandbox.journal().map(({ method, path }) => `${method} ${path}`);
  // Not who we are, which decides whether anything is read at all, nor what is known of the site from the first crawl on.
  return [...new Set(asked)].filter((call) => !/user\/current$|tenant_info|space-role-mode/.test(call));
}

const [ann, ben, cat, dan] = [1, 2, 3, 4].map((number) => human(number).accountId as AccountId) as [
  AccountId,
  AccountId,
  AccountId,
  AccountId,
];
const roles = [{ id: "viewer", type: "SYSTEM", name: "Viewer", description: "", spacePermissions: ["read/space"] }];
const sites = {
  cloud: {
    options: {
      hasOrganization: true,
      world: cloudWorld({
        mode: "ROLES_TRANSITION",
        accounts: [human(1), human(2), { ...human(3), orgStatus: "suspended" }, human(4)],
        groups: [
          { id: "g1", name: "One", members: [ann, cat] },
          { id: "g2", name: "Two", members: [ben] },
        ],
        roles,
        spaces: [
          space(1, { permissions: [permission("group", "g1"), permission("user", dan), permission("group", "gone")] }),
          space(2, {
            permissions: [permission("user", ann), permission("user", ann, "create/page")],
            roleAssignments: [{ principal: { principalType: "GROUP", principalId: "g2" }, roleId: "viewer" }],
          }),
        ],
      }),
    },
    accounts: [ann, ben, cat, dan],
    everyOf: 1,
  },
  "data center": {
    options: { hasOrganization: false, world: smallDataCenterWorld() },
    accounts: Object.values(dcUsers).map((userKey) => userKey as AccountId),
    // A third of its thirty calls: lists, members, child groups and grants are among them.
    everyOf: 3,
  },
} as const;

describe("a crawl that misses one call of all it makes", () => {
  for (const [name, { options, accounts, everyOf }] of Object.entries(sites)) {
    it(`turns no decision of a ${name} site but to UNKNOWN, and declares what is missing`, async () => {
      await using crawl = await openCrawl({ ...options, env: { CONFLUENCE_CONCURRENCY: "64" } });
      const index = await crawl.ready();
      const spaces = [...index.inventory.spaces()].map(({ spaceId }) => spaceId);
      const whole = decisionsOf(index, accounts, spaces);
      expect(new Set(whole.map((decision) => decision.split(": ")[1]))).toContain("ALLOWED");
      expect(new Set(whole.map((decision) => decision.split(": ")[1]))).toContain("DENIED");
      const asked = askedOf(crawl).filter((_call, at) => at % everyOf === 0);
      expect(asked.length).toBeGreaterThan(8);
      const gapsBefore = crawl.index.status.gaps.length;
      const found: Record<string, readonly string[]> = {};
      for (const call of asked) {
        await crawl.fail({ match: call, status: 403, times: -1 });
        const anew = crawl.another();
        const flipped = flips(whole, decisionsOf(await anew.whenReady(600_000), accounts, spaces));
        if (flipped.length > 0) found[call] = flipped;
        if (anew.status.gaps.length <= gapsBefore) found[`${call}: no gap`] = [];
        anew.close();
        await crawl.heal();
      }
      expect(found).toEqual({});
    });
  }
});
