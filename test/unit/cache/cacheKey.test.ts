import { describe, expect, it } from "vitest";
import { type CacheScope, cacheKeyStart, keyOfId } from "../../../src/cache/cacheKey.js";
import type { SiteId } from "../../../src/domain/ids.js";

const scope = (siteId: string, credentialFingerprint: string) => ({ siteId: siteId as SiteId, credentialFingerprint });

function encodeCacheKey(of: CacheScope, loader: string, id: string): string {
  return keyOfId(cacheKeyStart(of, loader), id);
}

describe("a cache key", () => {
  it("tells apart what a joined string would not: ids may hold any separator", () => {
    const keys = [
      encodeCacheKey(scope("a", "b"), "space", "c,d"),
      encodeCacheKey(scope("a", "b"), "space,c", "d"),
      encodeCacheKey(scope("a,b", ""), "space", "c,d"),
      encodeCacheKey(scope("a", "b"), "space", 'c","d'),
    ];
    expect(new Set(keys).size).toBe(keys.length);
  });

  it("is another for another site, credential, kind or id", () => {
    const keys = [
      encodeCacheKey(scope("acme", "one"), "space", "1"),
      encodeCacheKey(scope("other", "one"), "space", "1"),
      encodeCacheKey(scope("acme", "two"), "space", "1"),
      encodeCacheKey(scope("acme", "one"), "spaceByKey", "1"),
      encodeCacheKey(scope("acme", "one"), "space", "2"),
    ];
    expect(new Set(keys).size).toBe(keys.length);
    expect(encodeCacheKey(scope("acme", "one"), "space", "1")).toBe(keys[0]);
  });
});
