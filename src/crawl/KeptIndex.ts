import type { AccessIndex } from "../access/index/AccessIndex.js";
import type { Gap } from "../domain/Complete.js";
import type { SiteId } from "../domain/ids.js";

/**
 * `EMPTY`: nobody asked yet. `CRAWLING`: it is read for the first time, and what is missing is a gap. `READY`: it was read.
 * `REFRESHING`: parts are read again, and served as they were meanwhile.
 */
export type IndexState = "EMPTY" | "CRAWLING" | "READY" | "REFRESHING";

/** How the access index of a site stands. */
export interface IndexStatus {
  readonly state: IndexState;
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

/** The access index of one site, crawled when it is first needed and kept fresh from then on. */
export interface KeptIndex {
  /** The index as it is, complete or not: what is missing is a gap in it. Starts the crawl where there was none. */
  current(): AccessIndex;
  /**
   * The same once the first crawl is through and our own changes are in it, or when the wait is over, or reading broke off
   * and is tried again later.
   */
  whenReady(waitMs: number, signal?: AbortSignal): Promise<AccessIndex>;
  readonly status: IndexStatus;
}

/** The indexes of all configured sites. */
export interface KeptIndexes {
  /** Throws for a site that is not configured. */
  of(siteId: SiteId): KeptIndex;
}
