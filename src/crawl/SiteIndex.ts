import { AccessIndex } from "../access/index/AccessIndex.js";
import type { IndexOptions } from "../access/index/parts.js";
import type { Outage } from "../access/index/SiteTables.js";
import { TtlCache } from "../cache/TtlCache.js";
import type { IndexConfig } from "../config/Config.js";
import type { ConfluenceSite } from "../confluence/port.js";
import { type Gap, gapFromError, mergeGaps } from "../domain/Complete.js";
import { SiteError } from "../domain/SiteError.js";
import { workForNobody } from "../http/Waiting.js";
import { ChangeEvents } from "../loaders/engine/ChangeEvents.js";
import { SiteStore } from "../loaders/engine/SiteStore.js";
import type { Logger } from "../observability/Logger.js";
import { CrawlMemory, Touches } from "./CrawlMemory.js";
import { crawlLimits, type IndexState, type IndexStatus, type KeptIndex } from "./KeptIndex.js";
import { OwnChanges } from "./OwnChanges.js";
import { type PartFailure, PartReader } from "./PartReader.js";
import { isOutage, Pass, PassBroken } from "./Pass.js";

interface SiteIndexOptions {
  /** What requests read the site through. */
  readonly store: SiteStore;
  /** The same site, its calls going behind all others. */
  readonly background: ConfluenceSite;
  /** What is the deployment's: its rules, and whether groups hold groups. */
  readonly index: IndexOptions;
  readonly config: IndexConfig;
  /** How long parts are told as they were after their time, while the site fails. */
  readonly maxOverdueMs: number;
  readonly logger: Logger;
}

/** The access index of one site: crawled when somebody first needs it, then read again part by part as the parts grow old. */
export class SiteIndex implements KeptIndex {
  readonly #options: SiteIndexOptions;
  readonly #crawling: SiteStore;
  readonly #closed = new AbortController();
  readonly #waiters = new Set<() => void>();
  readonly #touches = new Touches();
  /** Ends the wait for the next pass. */
  #soon = new AbortController();
  #index: AccessIndex;
  #memory = new CrawlMemory();
  #changes: OwnChanges;
  #reader: PartReader;
  #isStarted = false;
  /** The first crawl is through. */
  #isThrough = false;
  #pass: Pass | null = null;
  #beganMs = 0;
  /** How long it takes to read everything, as far as is known. */
  #wholeMs = 0;
  #brokenFor = 0;

  constructor(options: SiteIndexOptions) {
    this.#options = options;
    const { store, background } = options;
    const { clock } = store;
    const remembered = crawlLimits.memoryMs;
    this.#crawling = new SiteStore({
      site: background,
      scope: { siteId: background.siteId, credentialFingerprint: "crawl" },
      cache: new TtlCache({ maxBytes: crawlLimits.memoryBytes, maxEntries: crawlLimits.memoryEntries, clock }),
      lifetimes: {
        accounts: remembered,
        groups: remembered,
        spaces: remembered,
        memberships: remembered,
        grants: remembered,
        roles: remembered,
        misses: remembered,
      },
      clock,
      // Nobody is told here of changes, and nothing lives so long that it would have to be forgotten.
      changes: new ChangeEvents(),
    });
    this.#index = new AccessIndex(options.index);
    this.#changes = this.#changesOf(this.#index);
    this.#reader = this.#readerOf(this.#index);
  }

  current(): AccessIndex {
    this.start();
    return this.#index;
  }

  async whenReady(waitMs: number, signal?: AbortSignal): Promise<AccessIndex> {
    this.start();
    if (!this.isSettled && waitMs > 0 && signal?.aborted !== true) await this.#waitAtMost(waitMs, signal);
    return this.#index;
  }

  /** Bytes that it takes, about. */
  get bytes(): number {
    return this.#index.bytes;
  }

  get status(): IndexStatus {
    const { asOfMs, bytes } = this.#index;
    const pass = this.#pass;
    return {
      state: this.#state,
      progress: { done: pass?.done ?? 0, total: pass?.total ?? null },
      estimateMs: pass?.estimateMs ?? null,
      asOfMs: Number.isFinite(asOfMs) ? asOfMs : null,
      bytes,
      ttlMs: this.#ttlMs,
      wantedTtlMs: this.#options.config.ttlMs,
      quotaShare: this.#options.config.quotaShare,
      gaps: this.#gaps(),
    };
  }

  /** Begins the crawl, if it has not begun. */
  start(): void {
    if (this.#isStarted || this.#closed.signal.aborted) return;
    this.#isStarted = true;
    const { changes, clock, site } = this.#options.store;
    this.#beganMs = clock.now();
    const stop = changes.subscribe((event, reached) => {
      if (reached === site.siteId) this.#changes.tell(event);
    });
    const stopLost = changes.whenLost(() => this.distrust());
    this.#closed.signal.addEventListener("abort", stop, { once: true });
    this.#closed.signal.addEventListener("abort", stopLost, { once: true });
    void workForNobody(() => this.#keep());
  }

  /** What was read does not count: it was read as somebody else, or others have changed nobody knows what. The next question begins anew. */
  distrust(): void {
    this.#index = new AccessIndex(this.#options.index);
    this.#memory = new CrawlMemory();
    this.#changes = this.#changesOf(this.#index);
    this.#reader = this.#readerOf(this.#index);
    this.#isThrough = false;
    this.#beganMs = this.#options.store.clock.now();
    this.#soon.abort("what was read does not count");
  }

  close(): void {
    this.#closed.abort("closed");
    this.#release();
  }

  get #state(): IndexState {
    if (!this.#isStarted) return "EMPTY";
    if (!this.#isThrough) return "CRAWLING";
    return this.#pass !== null && this.#pass.total !== null ? "REFRESHING" : "READY";
  }

  get isSettled(): boolean {
    return this.#isRead && this.#changes.isSettled;
  }

  get #isRead(): boolean {
    return this.#isThrough || this.#brokenFor > 0;
  }

  /** Of how many parts the site is, roughly. */
  get #partCount(): number {
    const { accounts, groups, spaces } = this.#index.inventory.counts;
    return groups + spaces + Math.ceil(accounts / crawlLimits.accountsAtOnce);
  }

  get #ttlMs(): number {
    return Math.max(this.#options.config.ttlMs, this.#wholeMs);
  }

  #gaps(): readonly Gap[] {
    const failed = [...this.#memory.failures].map(([part, { failure }]) =>
      failure instanceof SiteError ? gapFromError(part, failure) : failure,
    );
    return mergeGaps(this.#index.inventory.siteGaps(), failed).slice(0, crawlLimits.gapsTold);
  }

  #changesOf(index: AccessIndex): OwnChanges {
    return new OwnChanges({ store: this.#options.store, index, memory: this.#memory, touches: this.#touches });
  }

  #readerOf(index: AccessIndex): PartReader {
    const { background, store } = this.#options;
    return new PartReader({ site: background, crawling: this.#crawling, store, index });
  }

  /** Reads what is due, again and again, for as long as the site is served. */
  async #keep(): Promise<void> {
    const { clock } = this.#options.store;
    while (!this.#closed.signal.aborted) {
      this.#soon = new AbortController();
      await this.#settleChanges();
      const waitMs = await this.#readDue();
      this.#release();
      const signal = AbortSignal.any([this.#closed.signal, this.#soon.signal]);
      await clock.sleep(waitMs, signal).catch(() => undefined);
    }
  }

  /** What cannot be read again stays in doubt; a bug of ours leaves it so as well. */
  async #settleChanges(): Promise<void> {
    try {
      await this.#changes.settle();
    } catch (error) {
      const { siteId } = this.#options.store.site;
      this.#options.logger.error({ siteId, err: error }, "a change was not taken into the access index");
    }
  }

  /** One pass; answers how long to wait before the next. */
  async #readDue(): Promise<number> {
    const { background, config, logger, store } = this.#options;
    const { clock, site } = store;
    const index = this.#index;
    const reader = this.#reader;
    const pass = new Pass({
      reader,
      memory: this.#memory,
      touches: this.#touches,
      site,
      clock,
      lanes: Math.max(1, Math.floor(background.upstreamState().concurrency * config.quotaShare)),
      ttlMs: this.#ttlMs,
    });
    this.#pass = pass;
    try {
      await pass.run();
      this.#brokenFor = 0;
      index.outage = null;
      if (!this.#isThrough && index === this.#index) {
        await reader.compact();
        this.#finishCrawl(pass);
      } else if (pass.done > 0) {
        // A few parts say nothing of all.
        const share = pass.done / this.#partCount;
        if (share >= crawlLimits.leastShareOfWhole) this.#wholeMs = pass.tookMs / share;
        const gaps = this.#memory.failures.size;
        logger.debug({ siteId: site.siteId, parts: pass.done, gaps }, "access index refreshed");
      }
      return Math.max(1_000, this.#ttlMs / crawlLimits.looksALifetime);
    } catch (error) {
      if (this.#closed.signal.aborted) return 0;
      this.#brokenFor += 1;
      const waitMs = Math.min(crawlLimits.maxRetryMs, crawlLimits.firstRetryMs * 2 ** (this.#brokenFor - 1));
      if (!(error instanceof PassBroken)) {
        logger.error({ siteId: site.siteId, err: error }, "the access index could not be kept");
        return waitMs;
      }
      index.outage = this.#outageFor(error.failure);
      const { kind, retryAfterMs } = error.failure;
      logger.warn({ siteId: site.siteId, kind, retryAfterMs, done: pass.done, total: pass.total }, "crawl broke off");
      return Math.max(waitMs, retryAfterMs ?? 0);
    } finally {
      this.#pass = null;
    }
  }

  /** What could not be read again in time is stale, and unknown after a while; at once where the site lets us read no more. */
  #outageFor(failure: PartFailure): Outage {
    const { maxOverdueMs, store } = this.#options;
    const { clock } = store;
    const staleAfterMs = this.#ttlMs * crawlLimits.lifetimesKept;
    const unknownAfterMs = staleAfterMs + (isOutage(failure) ? maxOverdueMs : 0);
    const missing = "what changed since the site was read";
    const gap = failure instanceof SiteError ? gapFromError(missing, failure) : { ...failure, missing };
    // Looked up at each answer: until the next try it may be hours.
    return {
      get staleBeforeMs() {
        return clock.now() - staleAfterMs;
      },
      get unknownBeforeMs() {
        return clock.now() - unknownAfterMs;
      },
      gap,
    };
  }

  #finishCrawl({ done }: Pass): void {
    const tookMs = this.#options.store.clock.now() - this.#beganMs;
    this.#wholeMs = tookMs;
    this.#isThrough = true;
    const { siteId } = this.#options.store.site;
    const { bytes, inventory } = this.#index;
    this.#options.logger.info(
      { siteId, ...inventory.counts, parts: done, gaps: this.#memory.failures.size, ms: tookMs, bytes },
      "access index crawled",
    );
  }

  #waitAtMost(waitMs: number, signal: AbortSignal | undefined): Promise<void> {
    const over = new AbortController();
    return new Promise((resolve) => {
      const end = () => {
        this.#waiters.delete(settle);
        signal?.removeEventListener("abort", end);
        over.abort("over");
        resolve();
      };
      const settle = () => {
        this.#waiters.delete(settle);
        void this.#settleChanges().then(end);
      };
      if (this.#isRead) settle();
      else this.#waiters.add(settle);
      signal?.addEventListener("abort", end, { once: true });
      this.#options.store.clock.atMost(waitMs, over.signal).then(end, () => undefined);
    });
  }

  #release(): void {
    for (const end of [...this.#waiters]) end();
  }
}
