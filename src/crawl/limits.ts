/** How a crawl is dimensioned. Durations in milliseconds. */
export const crawlLimits = {
  /** Accounts whose facts are read at once: whole batches of the site's call and of the organization's. */
  accountsAtOnce: 500,
  /** How long the crawl goes on taking over what it read before it lets requests run. */
  sliceMs: 5,
  /** Parts in a row that may fail before the site is taken to be down and the crawl is put off. */
  failuresInARow: 5,
  /** How long a crawl that broke off waits before it goes on: at first, and at most, doubling between. */
  firstRetryMs: 5_000,
  maxRetryMs: 300_000,
  /** Parts that were not read whole are tried again after this, or sooner where the index lives shorter. */
  gapRetryMs: 300_000,
  /** A part that could not be read again is served as it was up to this many lifetimes; then it is a gap. */
  lifetimesKept: 2,
  /** How often it is looked for parts that are due, as a part of how long they live. */
  looksALifetime: 20,
  /** From such a share of all parts on, of 1, a pass tells how long reading all of them would take. */
  leastShareOfWhole: 0.02,
  /** What the crawl remembers of accounts between two of its calls. */
  memoryBytes: 4 * 1024 * 1024,
  memoryEntries: 10_000,
  memoryMs: 60_000,
  /** Gaps that the status tells. */
  gapsTold: 50,
} as const;
