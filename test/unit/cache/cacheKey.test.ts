import { describe, expect, it } from "vitest";
import { type CacheScope, cacheKeyStart, idOfCacheKey, KeysOfIds } from "../../../src/cache/cacheKey.js";
import type { SiteId } from "../../../src/domain/ids.js";

const scope = (siteId: string, credentialFingerprint: string) => ({ siteId: siteId as SiteId, credentialFingerprint });

function encodeCacheKey(of: CacheScope, loader: string, id: string): string {
  return new KeysOfIds(cacheKeyStart(of, loader)).of(id);
}

describe("a cache key", () => {
  it("is known again for an id that sites give out, and not for one of any length that somebody names", () => {
    const keys = new KeysOfIds(cacheKeyStart(scope("acme", "one"), "space"));
    const long = "x".repeat(10_000);
    expect(idOfCacheKey(keys.of(long), keys.start)).toBe(long);
    expect(keys.size).toBe(0);
    for (let number = 0; number < 10_000; number += 1) keys.of(`${number}`.padEnd(255));
    expect(keys.size).toBeGreaterThan(0);
    expect(keys.size).toBeLessThanOrEqual(4_000);
  });

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
