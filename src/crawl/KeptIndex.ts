import type { AccessIndex } from "../access/index/AccessIndex.js";
import type { Gap } from "../domain/Complete.js";
import type { SiteId } from "../domain/ids.js";

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

/**
 * `EMPTY`: nobody asked yet. `CRAWLING`: it is read for the first time, and what is missing is a gap. `READY`: it was read.
 * `REFRESHING`: parts are read again, and served as they were meanwhile.
 */
export type IndexState = "EMPTY" | "CRAWLING" | "READY" | "REFRESHING";

/** How the access index of a site stands. */
export interface IndexStatus {
  readonly state: IndexState;
  /** This process reads it from the site; otherwise it takes over what another process of the deployment reads. */
  readonly isReadHere: boolean;
  /** Parts read in the pass that is under way (a group, a space, a batch of accounts); `total` is `null` until it is known. */
  readonly progress: { readonly done: number; readonly total: number | null };
  /** How long that pass takes yet, by how it went so far; `null` where nothing tells. */
  readonly estimateMs: number | null;
  /** When the oldest part was read; `null` while there is none. */
  readonly asOfMs: number | null;
  readonly bytes: number;
  /** How old parts become before they are read again: as configured, or longer where the site allows no more. */
  readonly ttlMs: number;
  /** How old they were to become, as configured. */
  readonly wantedTtlMs: number;
  /** The share of what the site allows that the crawl takes at most. */
  readonly quotaShare: number;
  /** What could not be read, or was not read yet; the first of many. */
  readonly gaps: readonly Gap[];
}

/** How a crawl stands, for other processes that follow it. */
export interface CrawlTold {
  readonly isThrough: boolean;
  readonly isBroken: boolean;
  /** How long it takes to read everything, as far as is known. */
  readonly wholeMs: number;
  /** Why the site gives no answers now. */
  readonly outage: Gap | null;
  /** The pass that is under way. */
  readonly pass: { readonly done: number; readonly total: number | null; readonly estimateMs: number | null } | null;
}

/** The access index of one site, crawled when it is first needed and kept fresh from then on. */
export interface KeptIndex {
  /** The index as it is, complete or not: what is missing is a gap in it. Starts the crawl where there was none. */
  current(): AccessIndex;
  /**
   * The same once the first crawl is through and our own changes are in it, or when the wait is over, or reading broke off
   * and is tried again later.
   */
  whenReady(waitMs: number, signal?: AbortSignal): Promise<AccessIndex>;
  /** The first crawl is through, or broke off, and our own changes are in it: nobody who asks has to wait. */
  readonly isSettled: boolean;
  readonly status: IndexStatus;
}

/** The indexes of all configured sites. */
export interface KeptIndexes {
  /** Throws for a site that is not configured. */
  of(siteId: SiteId): KeptIndex;
}
