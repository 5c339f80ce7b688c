/** How many items a page holds where the query does not say, and at most. */
export const pageLimits = { default: 100, max: 1_000 } as const;
