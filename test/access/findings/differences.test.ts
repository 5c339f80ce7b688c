import { describe, expect, it } from "vitest";
import { countDifferences, findDifferences } from "../../../src/access/findings/differences.js";
import type { AccessIndex } from "../../../src/access/index/AccessIndex.js";
import { atOnce } from "../../../src/access/index/store/slices.js";
import type { AccountId, SpaceId } from "../../../src/domain/ids.js";
import { operationName } from "../../../src/domain/Operation.js";
import { buildIndex, nothingMissing } from "../index/indexFacts.js";
import { makeWorld, partsOf, randomFrom, type SiteWorld } from "../index/indexWorlds.js";

/** Where accounts differ, space by space, the slow way. */
function naive(index: AccessIndex, world: SiteWorld, accountIds: readonly AccountId[]): string[] {
  const ids = [...new Set([...index.inventory.spaces()].map(({ spaceId }) => spaceId))].sort();
  expect(ids.length).toBeGreaterThanOrEqual(world.spaces.length);
  return ids.filter((spaceId) => {
    const told = accountIds.map((accountId) => {
      const { allowed, unknown, mayHoldMore } = index.operationsOf(accountId, spaceId);
      return JSON.stringify([allowed.map(operationName), unknown.map(operationName), mayHoldMore]);
    });
    return new Set(told).size > 1;
  });
}

describe("where accounts cannot do the same", () => {
  it("is found in pages as by asking about every space, whatever is missing", () => {
    let found = 0;
    for (let seed = 1; seed <= 60; seed += 1) {
      const world = makeWorld(seed);
      const random = randomFrom(seed);
      const parts = partsOf(world).filter(() => random() < 0.1);
      const index = buildIndex(world, seed % 2 === 0 ? nothingMissing : { parts: new Set(parts), share: 0.5 });
      const accountIds = world.accounts.map(({ accountId }) => accountId).slice(0, 2 + (seed % 3));
      const wanted = naive(index, world, accountIds);
      const seen: SpaceId[] = [];
      type Shown = { readonly items: readonly { readonly spaceId: SpaceId }[]; readonly hasNextPage: boolean };
      for (let after: SpaceId | null = null, hasMore = true; hasMore; ) {
        const page: Shown = atOnce(findDifferences(index, accountIds, { first: 2, after }));
        seen.push(...page.items.map(({ spaceId }) => spaceId));
        after = page.items.at(-1)?.spaceId ?? null;
        hasMore = page.hasNextPage;
      }
      expect([seed, seen]).toEqual([seed, wanted]);
      expect(atOnce(countDifferences(index, accountIds))).toBe(wanted.length);
      found += wanted.length;
    }
    expect(found).toBeGreaterThan(60);
  });

  it("is looked for no further than a page takes, and counted once for as long as the index stays as it is", () => {
    const world = makeWorld(7);
    const [space] = world.spaces;
    if (space === undefined) throw new Error("The world has no space.");
    const spaces = Array.from({ length: 2_000 }, (_, at) => ({
      ...space,
      ...{ spaceId: String(10_000 + at) as SpaceId, status: "CURRENT" as const },
      grants: world.accounts.slice(0, 1).map(({ accountId }) => ({
        ...{ kind: "permission" as const, permissionId: `p${at}`, operation: { key: "read", target: "space" } },
        principal: { kind: "account" as const, accountId },
      })),
    }));
    const accounts = world.accounts.map((each) => ({ ...each, status: "ACTIVE" as const, isLicensed: true }));
    const index = buildIndex({ ...world, accounts, spaces, globals: null, kind: "PRE_ROLES" });
    const [one, other] = accounts.map(({ accountId }) => accountId);
    const pair = [one, other] as AccountId[];
    let asked = 0;
    const { operationsOf } = index;
    index.operationsOf = (...about) => {
      asked += 1;
      return operationsOf.apply(index, about);
    };
    const { items, hasNextPage } = atOnce(findDifferences(index, pair, { first: 10, after: "11000" as SpaceId }));
    expect(items.map(({ spaceId }) => spaceId)).toEqual(Array.from({ length: 10 }, (_, at) => String(11_001 + at)));
    expect([hasNextPage, asked]).toEqual([true, 22]);
    expect(atOnce(countDifferences(index, pair))).toBe(2_000);
    const once = asked;
    expect(atOnce(countDifferences(index, pair))).toBe(2_000);
    expect(asked).toBe(once);
    index.replaceSpaceGrants("10000" as SpaceId, { items: [], gaps: [], asOfMs: 1, assumptions: [] });
    expect([...countDifferences(index, pair)].length).toBeGreaterThan(50);
  });
});
