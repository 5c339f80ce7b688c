import { AccessIndex } from "../access/index/AccessIndex.js";
import { ChangedParts } from "../access/index/copies/ChangedParts.js";
import type { IndexOptions } from "../access/index/parts.js";
import type { IndexConfig } from "../config/Config.js";
import type { ConfluenceSite } from "../confluence/port.js";
import { type Gap, gapFromError, mergeGaps } from "../domain/Complete.js";
import { SiteError } from "../domain/SiteError.js";
import { workForNobody } from "../http/Waiting.js";
import type { SiteStore } from "../loaders/engine/SiteStore.js";
import type { Logger } from "../observability/Logger.js";
import { CrawlMemory, Touches } from "./CrawlMemory.js";
import { crawlingStore } from "./crawlingStore.js";
import { type CrawlTold, crawlLimits, type IndexState, type IndexStatus, type KeptIndex } from "./KeptIndex.js";
import { OwnChanges } from "./OwnChanges.js";
import { gapOfOutage, outageFor } from "./outageFor.js";
import { type PartFailure, PartReader } from "./PartReader.js";
import { Pass, PassBroken, PassLeft } from "./Pass.js";
import { type CrawlSharing, SharedCrawl } from "./shared/SharedCrawl.js";
import type { SharedIndexHost } from "./shared/SharedIndexHost.js";
import { Waiters } from "./Waiters.js";

export interface SiteIndexOptions {
  /** What requests read the site through. */
  readonly store: SiteStore;
  /** The same site, its calls going behind all others. */
  readonly background: ConfluenceSite;
  /** What is the deployment's: its rules, and whether groups hold groups. */
  readonly index: IndexOptions;
  readonly config: IndexConfig;
  /** How long parts are told as they were after their time, while the site fails. */
  readonly maxOverdueMs: number;
  /** What the crawl is shared by with other processes; `null`: this one reads for itself. */
  readonly sharing: CrawlSharing | null;
  readonly logger: Logger;
}

/** The access index of one site: crawled when somebody first needs it, then read again part by part as the parts grow old. */
export class SiteIndex implements KeptIndex {
  readonly #options: SiteIndexOptions;
  readonly #crawling: SiteStore;
  readonly #closed = new AbortController();
  readonly #waiters: Waiters;
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
  readonly #shared: SharedCrawl | null;
  /** How the crawl stands elsewhere, as it was last told. */
  #followed: CrawlTold | null = null;
  #couldRead = false;
  /** Why the site gives no answers now. */
  #outage: Gap | null = null;
  #beganMs = 0;
  /** How long it takes to read everything, as far as is known. */
  #wholeMs = 0;
  #brokenFor = 0;

  constructor(options: SiteIndexOptions) {
    this.#options = options;
    const { background, sharing, store } = options;
    const { clock, site } = store;
    this.#waiters = new Waiters(clock, () => this.#settleChanges());
    this.#crawling = crawlingStore(background, clock);
    this.#shared =
      sharing === null
        ? null
        : new SharedCrawl({ ...sharing, siteId: site.siteId, host: this.#host(), logger: options.logger });
    this.#index = this.#newIndex();
    this.#changes = this.#changesOf(this.#index);
    this.#reader = this.#readerOf(this.#index);
  }

  #newIndex(): AccessIndex {
    const { index, sharing } = this.#options;
    return new AccessIndex(index, new ChangedParts(sharing !== null));
  }

  current(): AccessIndex {
    this.start();
    return this.#index;
  }

  async whenReady(waitMs: number, signal?: AbortSignal): Promise<AccessIndex> {
    this.start();
    if (!this.isSettled && waitMs > 0 && signal?.aborted !== true)
      await this.#waiters.wait(waitMs, signal, this.#isRead);
    return this.#index;
  }

  /** Bytes that it takes, about. */
  get bytes(): number {
    return this.#index.bytes;
  }

  get status(): IndexStatus {
    const { asOfMs, bytes } = this.#index;
    const pass = this.#passTold;
    return {
      state: this.#state,
      isReadHere: this.#mayRead,
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
    const stopLost = changes.whenLost(() => this.loseTrack());
    this.#closed.signal.addEventListener("abort", stop, { once: true });
    this.#closed.signal.addEventListener("abort", stopLost, { once: true });
    void workForNobody(() => {
      this.#shared?.start();
      return this.#keep();
    });
  }

  /** What was read does not count: it was read as somebody else. The next question begins anew. */
  distrust(): void {
    this.#drop();
    void this.#shared?.void();
  }

  /** Others have changed nobody knows what: what was read before may be untrue, unless another process knows. */
  loseTrack(): void {
    if (!Number.isFinite(this.#index.asOfMs) && this.#pass === null) return;
    this.#drop();
    void this.#shared?.lose();
  }

  async close(): Promise<void> {
    this.#closed.abort("closed");
    this.#waiters.release();
    await this.#shared?.close();
  }

  #drop(): void {
    this.#index = this.#newIndex();
    this.#memory = new CrawlMemory();
    this.#changes = this.#changesOf(this.#index);
    this.#reader = this.#readerOf(this.#index);
    this.#isThrough = false;
    this.#followed = null;
    this.#beganMs = this.#options.store.clock.now();
    this.#soon.abort("what was read does not count");
  }

  /** What the processes of a deployment that share the crawl know of it, and do with it. */
  #host(): SharedIndexHost {
    const index = () => this.#index;
    const memory = () => this.#memory;
    return {
      touches: this.#touches,
      get index() {
        return index();
      },
      get memory() {
        return memory();
      },
      told: () => ({
        isThrough: this.#isThrough,
        isBroken: this.#brokenFor > 0,
        wholeMs: this.#wholeMs,
        outage: this.#outage,
        pass: this.#passTold,
      }),
      take: (told) => this.#follow(told),
      isInDoubt: (id) => this.#changes.isInDoubt(id),
      settle: () => void this.#settleChanges(),
      drop: () => this.#drop(),
      turned: () => {
        if (this.#mayRead !== this.#couldRead) this.#soon.abort("another process reads the site, or none");
        if (this.#isRead) this.#waiters.release();
      },
    };
  }

  /** How it stands with whoever reads it. */
  #follow(told: CrawlTold): void {
    this.#followed = told;
    this.#isThrough = told.isThrough;
    this.#wholeMs = told.wholeMs;
    this.#brokenFor = told.isBroken ? 1 : 0;
    this.#tellOutage(told.outage);
  }

  #tellOutage(failure: PartFailure | null): void {
    const { maxOverdueMs, store } = this.#options;
    this.#outage = failure && gapOfOutage(failure);
    this.#index.outage =
      this.#outage && outageFor(this.#outage, { ttlMs: this.#ttlMs, maxOverdueMs, clock: store.clock });
  }

  /** Whether this process is the one that reads the site. */
  get #mayRead(): boolean {
    return this.#shared?.mayRead ?? true;
  }

  get #passTold(): CrawlTold["pass"] {
    if (this.#pass === null) return this.#mayRead ? null : (this.#followed?.pass ?? null);
    const { done, total, estimateMs } = this.#pass;
    return { done, total, estimateMs };
  }

  get #state(): IndexState {
    if (!this.#isStarted) return "EMPTY";
    if (!this.#isThrough) return "CRAWLING";
    return (this.#passTold?.total ?? null) !== null ? "REFRESHING" : "READY";
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
    return Math.max(this.#options.config.ttlMs, this.#wholeMs) * (this.#shared?.staggered ?? 1);
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
    return new PartReader({ site: background, crawling: this.#crawling, store, index, memory: this.#memory });
  }

  /** Reads what is due, again and again, for as long as the site is served. */
  async #keep(): Promise<void> {
    const { clock } = this.#options.store;
    while (!this.#closed.signal.aborted) {
      this.#soon = new AbortController();
      this.#couldRead = this.#mayRead;
      if (this.#couldRead) await this.#settleChanges();
      const waitMs = this.#couldRead ? await this.#readDue() : this.#ttlMs;
      if (this.#isRead) this.#waiters.release();
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
      mayGoOn: () => this.#mayRead,
    });
    this.#pass = pass;
    try {
      await pass.run();
      this.#brokenFor = 0;
      this.#outage = null;
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
      if (this.#closed.signal.aborted || error instanceof PassLeft) return 0;
      this.#brokenFor += 1;
      const waitMs = Math.min(crawlLimits.maxRetryMs, crawlLimits.firstRetryMs * 2 ** (this.#brokenFor - 1));
      if (!(error instanceof PassBroken)) {
        logger.error({ siteId: site.siteId, err: error }, "the access index could not be kept");
        return waitMs;
      }
      if (index === this.#index) this.#tellOutage(error.failure);
      const { kind, retryAfterMs } = error.failure;
      logger.warn({ siteId: site.siteId, kind, retryAfterMs, done: pass.done, total: pass.total }, "crawl broke off");
      return Math.max(waitMs, retryAfterMs ?? 0);
    } finally {
      this.#pass = null;
    }
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
}
