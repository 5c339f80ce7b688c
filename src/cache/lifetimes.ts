/** The kinds of things the cache holds. One row each, here and in the configuration (`CACHE_TTL_<KIND>`, seconds). */
export type CacheKind = "accounts" | "groups" | "spaces" | "memberships" | "grants" | "roles" | "misses";

/** How long an answer of each kind counts as fresh, in milliseconds. 0 switches caching of that kind off. */
export type Lifetimes = Readonly<Record<CacheKind, number>>;

const secondMs = 1_000;
const minuteMs = 60 * secondMs;

/** The lifetimes where the configuration names none. */
export const defaultLifetimes: Lifetimes = {
  accounts: 5 * minuteMs,
  groups: 5 * minuteMs,
  spaces: 5 * minuteMs,
  memberships: minuteMs,
  grants: minuteMs,
  roles: 10 * minuteMs,
  /** "No such id". Short, so that what was just created is soon found. */
  misses: 15 * secondMs,
};

/**
 * An answer past its lifetime is still served, while it is read again behind it, for this many lifetimes more. Every
 * answer says when it was read (`asOf`), and `Cache-Control: no-cache` on a request goes past it.
 */
export const staleLifetimes = 1;
