import { describe, expect, it } from "vitest";
import { type CacheScope, cacheKeyStart, idOfCacheKey, KeysOfIds } from "../../../src/cache/cacheKey.js";
import type { SiteId } from "../../../src/domain/ids.js";

const scope = (siteId: string, credentialFingerprint: string) => ({ siteId: siteId as SiteId, credentialFingerprint });

function encodeCacheKey(of: CacheScope, loader: string, id: string): string {
  return new KeysOfIds(cacheKeyStart(of, loader)).of(id);
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

  it("is the same however many others were asked for in between", () => {
    const start = cacheKeyStart(scope("a", "b"), "space");
    const keys = new KeysOfIds(start);
    const first = keys.of("0");
    for (let id = 0; id < 10_000; id += 1) expect(idOfCacheKey(keys.of(String(id)), start)).toBe(String(id));
    expect(keys.of("0")).toBe(first);
  });
});
