import type { CacheConfig } from "../config/Config.js";

/** How long an answer of each kind counts as fresh, in milliseconds. 0 switches caching of that kind off. */
export type Lifetimes = CacheConfig["ttlMs"];

/** The kinds of things the cache holds. */
export type CacheKind = keyof Lifetimes;

/**
 * An answer past its lifetime is still served, while it is read again behind it, for this many lifetimes more. Every
 * answer says when it was read (`asOf`), and `Cache-Control: no-cache` on a request goes past it.
 */
export const staleLifetimes = 1;
