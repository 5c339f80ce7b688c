import type { SiteId } from "../domain/ids.js";

/** What separates one reader's entries from another's: what one credential may see is never served to another. */
export interface CacheScope {
  readonly siteId: SiteId;
  /** A one-way fingerprint of the credential, never the credential. */
  readonly credentialFingerprint: string;
}

/** Raised whenever the shape of a cached value changes, so that two versions never read each other's entries. */
export const shapeVersion = 1;

/** Keys that are known again, of one loader. */
const keysKept = 4_000;
/** And of no longer ids: whoever asks may name some of any length that is read. */
const longestKept = 255;

/**
 * The keys of one loader's things, by what they begin with: encoded arrays, because joined strings collide as soon as an id holds the
 * separator. Those asked for lately are not put together, and hashed, for each row of each answer.
 */
export class KeysOfIds {
  readonly #known = new Map<string, string>();

  constructor(readonly start: string) {}

  /** How many are known again. */
  get size(): number {
    return this.#known.size;
  }

  of(id: string): string {
    const known = this.#known.get(id);
    if (known !== undefined) return known;
    const key = `${this.start}${JSON.stringify(id)}]`;
    if (id.length > longestKept) return key;
    if (this.#known.size >= keysKept) this.#known.clear();
    this.#known.set(id, key);
    return key;
  }
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
