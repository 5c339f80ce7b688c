import { describe, expect, it } from "vitest";
import { AccessIndex } from "../../src/access/index/AccessIndex.js";
import { atOnce, type Steps } from "../../src/access/index/store/slices.js";
import { cloudAccessRules } from "../../src/access/SiteFacts.js";
import { forgettingUntold, partOf, spacesBeyond, takingSpaces, untold } from "../../src/crawl/indexParts.js";
import { knownEmpty } from "../../src/domain/Complete.js";
import type { AccountId, SpaceId, SpaceKey } from "../../src/domain/ids.js";
import type { Space } from "../../src/domain/Space.js";

const newIndex = () => new AccessIndex({ rules: cloudAccessRules, hasNestedGroups: false });
const spaceIds = Array.from({ length: 1_000 }, (_, at) => String(at) as SpaceId);
const spaces = spaceIds.map((spaceId): Space => {
  const told = { kind: "GLOBAL", reportedKind: "global", status: "CURRENT", reportedStatus: "current" } as const;
  const untoldOf = { alias: null, createdAt: null, authorId: null, ownerId: null, homepageUrl: null };
  return { spaceId, key: `S${spaceId}` as SpaceKey, name: `Space ${spaceId}`, ...told, ...untoldOf };
});
const list = { ...knownEmpty(1_000), items: spaces };
const leftOut = { spaceKeys: ["S99*"], hasPersonalSpaces: false, permissions: [] };
const isShown = (spaceId: SpaceId) => !spaceId.startsWith("99");

/** What comes of the work, and in how many steps. */
function counted<T>(steps: Steps<T>): { readonly result: T; readonly count: number } {
  for (let count = 1; ; count += 1) {
    const step = steps.next();
    if (step.done === true) return { result: step.value, count };
  }
}

describe("the lists of a large site", () => {
  it("are taken over in steps: of spaces all but those that are left out", () => {
    const index = newIndex();
    const { result, count } = counted(takingSpaces(index, [list, knownEmpty(1_000)], leftOut));
    expect(count).toBeGreaterThan(3);
    expect([...result]).toEqual(spaceIds.filter(isShown));
    expect([...index.inventory.spaces()].map(({ spaceId }) => spaceId)).toEqual([...result]);
  });

  it("are looked through in steps for what they hold no more", () => {
    const index = newIndex();
    atOnce(takingSpaces(index, [list], leftOut));
    const { result, count } = counted(spacesBeyond(index, new Set(spaceIds.filter((each) => each !== "7"))));
    expect(count).toBeGreaterThan(3);
    expect(result).toEqual(["7"]);
  });

  it("forget in steps whom they tell of no more", () => {
    const index = newIndex();
    const accountIds = spaceIds.map((each) => `account-${each}` as AccountId);
    for (const [at, accountId] of accountIds.entries())
      index.replaceAccounts([partOf(accountId, untold)], at === 3 ? 1_000 : 2_000);
    expect(counted(forgettingUntold(index, 1_500)).count).toBeGreaterThan(3);
    const gone = [...index.inventory.accounts()].filter(({ asOfMs }) => !Number.isFinite(asOfMs));
    expect(gone.map(({ accountId }) => accountId)).toEqual(["account-3"]);
  });
});
