import type { SiteId } from "../domain/ids.js";

/** What separates one reader's entries from another's: what one credential may see is never served to another. */
export interface CacheScope {
  readonly siteId: SiteId;
  /** A one-way fingerprint of the credential, never the credential. */
  readonly credentialFingerprint: string;
}

/** Raised whenever the shape of a cached value changes, so that two versions never read each other's entries. */
const shapeVersion = 1;

/**
 * One key for one thing, by what the keys of its loader begin with: an encoded array, because joined strings collide as soon as an
 * id holds the separator.
 */
export function keyOfId(start: string, id: string): string {
  return `${start}${JSON.stringify(id)}]`;
}

/** What the keys of all things of one scope begin with, or of one loader in it. */
export function cacheKeyStart({ siteId, credentialFingerprint }: CacheScope, loader?: string): string {
  const parts = [siteId, credentialFingerprint, shapeVersion, ...(loader === undefined ? [] : [loader])];
  return `${JSON.stringify(parts).slice(0, -1)},`;
}

/** The id that a key of a loader is for. */
export function idOfCacheKey(key: string, start: string): string {
  const [id] = JSON.parse(`[${key.slice(start.length)}`) as [string];
  return id;
}
