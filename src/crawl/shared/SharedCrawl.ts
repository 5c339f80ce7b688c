import { whileWanted } from "../../access/index/store/slices.js";
import type { Clock } from "../../domain/Clock.js";
import type { SiteId } from "../../domain/ids.js";
import { EngineAway } from "../../fleet/FleetEngine.js";
import type { Logger } from "../../observability/Logger.js";
import { CrawlSlice, inCrawlSlices } from "../inCrawlSlices.js";
import { takeMemory } from "./crawlCopy.js";
import { type CrawlEnvelope, type Envelope, Envelopes, type SharedTimes } from "./Envelopes.js";
import type { PartShelf, ShelfTurn } from "./PartShelf.js";
import { PartWriter } from "./PartWriter.js";
import type { SharedIndexHost } from "./SharedIndexHost.js";
import type { TouchedParts } from "./TouchedParts.js";
export const shareLimits = {
  /** Between two looks at what others did. */
  turnMs: 250,
  /** How long a process that is not heard of has the site for itself. */
  leaseMs: 3_000,
  /** While nobody can tell how far this process has heard of changes. */
  hearingMs: 50,
  /** For so long; then it goes on alone. */
  deafMs: 2_000,
  /** For how many lifetimes parts stay that nobody looks after. */
  lifetimesKept: 3,
} as const;

/** `JOINING`: it looks what is there. `READING`: for all. `FOLLOWING`: what another reads. `ALONE`: for itself. */
export type CrawlRole = "JOINING" | "READING" | "FOLLOWING" | "ALONE";

/** What a crawl is shared by. */
export interface CrawlSharing {
  readonly shelf: PartShelf;
  readonly touched: TouchedParts;
  readonly times: SharedTimes;
  /** Its pauses are real ones. */
  readonly clock: Clock;
}

interface SharedCrawlOptions extends CrawlSharing {
  readonly siteId: SiteId;
  readonly host: SharedIndexHost;
  readonly logger: Logger;
}

/**
 * Of all processes of a deployment one reads a site, and writes each part of its index where the others find it; those take it
 * over. Whoever comes to read next has what was read, and reads on. Where the engine is gone each goes on by itself with what it
 * has.
 */
export class SharedCrawl {
  readonly #options: SharedCrawlOptions;
  readonly #envelopes: Envelopes;
  readonly #writer: PartWriter;
  readonly #closed = new AbortController();
  #role: CrawlRole = "JOINING";
  #wasReading = false;
  #oursUntilMs = 0;
  #fence: number | null = null;
  #life: string | null = null;
  #since = 0;
  #voids: number | null = null;
  /** Parts that a change has touched of which they do not know yet. */
  readonly #deferred = new Map<string, Envelope>();
  /** How the crawl stood when all of that was written: it counts once all of that is here. */
  #told: CrawlEnvelope | null = null;
  /** Parts that were taken over, and those that are there and could not be read. */
  readonly #taken = new Set<string>();
  readonly #unread = new Set<string>();
  /** It has let others try who may know how far what was written can be believed. */
  #hasWaited = false;
  /** Not before then it wants to read for all. */
  #wantsFromMs = 0;
  #deafSinceMs: number | null = null;
  #running: Promise<void> | null = null;

  constructor(options: SharedCrawlOptions) {
    this.#options = options;
    this.#envelopes = new Envelopes(options.times, options.clock);
    this.#writer = new PartWriter({ ...options, envelopes: this.#envelopes });
  }

  get role(): CrawlRole {
    return this.#role;
  }

  /** Whether this process reads the site now: for all, or for itself. */
  get mayRead(): boolean {
    if (this.#role === "ALONE") return true;
    return this.#role === "READING" && this.#options.clock.now() < this.#oursUntilMs;
  }

  /** How much older than others parts may become here before they are read again, while each process reads for itself. */
  get staggered(): number {
    if (this.#role !== "ALONE" || this.#wasReading) return 1;
    let hash = 0;
    for (const letter of this.#options.shelf.processId) hash = (hash * 31 + letter.charCodeAt(0)) % 1_000;
    return 1 + hash / 2_000;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** What was read was read as somebody else: it counts for nobody. */
  async void(): Promise<void> {
    const wasOurs = this.#role === "READING";
    this.#forget();
    if (wasOurs) await this.#options.shelf.clear(true).catch(() => undefined);
  }

  /** Nobody can tell any more which changes passed by: what others have is taken over anew, and another one reads if there is one. */
  async lose(): Promise<void> {
    const { clock, shelf } = this.#options;
    const wasOurs = this.#role === "READING";
    this.#forget();
    this.#fence = null;
    this.#wantsFromMs = clock.now() + shareLimits.leaseMs;
    this.#turnTo("JOINING");
    if (wasOurs) await shelf.leave().catch(() => undefined);
  }

  /** Writes what is not written yet, and lets the next one read. */
  async close(): Promise<void> {
    this.#closed.abort("closed");
    await this.#running;
    if (this.#role !== "READING") return;
    const { shelf } = this.#options;
    await this.#write().catch(() => undefined);
    await shelf.leave().catch(() => undefined);
  }

  async #write(): Promise<void> {
    if (this.#fence !== null && !(await this.#writer.write(this.#fence))) this.#turnTo("FOLLOWING");
  }

  #forget(): void {
    this.#life = null;
    this.#voids = null;
    this.#since = 0;
    this.#deferred.clear();
    this.#told = null;
    this.#taken.clear();
    this.#unread.clear();
    this.#writer.forget();
  }

  async #run(): Promise<void> {
    const { clock, host, logger, shelf, siteId } = this.#options;
    while (!this.#closed.signal.aborted) {
      let waitMs: number = shareLimits.turnMs;
      try {
        if (!shelf.isThere) throw new EngineAway("it is away");
        if (this.#hears()) {
          await this.#look();
          if (this.#role === "READING") {
            host.settle();
            await this.#write();
          }
        } else waitMs = shareLimits.hearingMs;
      } catch (error) {
        if (!(error instanceof EngineAway))
          logger.error({ siteId, err: error }, "the access index could not be shared");
        this.#turnTo("ALONE");
        if (error instanceof EngineAway) await this.#whenThere();
      }
      await clock.sleep(waitMs, this.#closed.signal).catch(() => undefined);
    }
  }

  /** Whether this process hears of changes: otherwise it can neither believe others nor be believed. */
  #hears(): boolean {
    const nowMs = this.#options.clock.now();
    if (this.#options.touched.upTo !== null) {
      this.#deafSinceMs = null;
      return true;
    }
    this.#deafSinceMs ??= nowMs;
    if (nowMs - this.#deafSinceMs >= shareLimits.deafMs) this.#turnTo("ALONE");
    return false;
  }

  #whenThere(): Promise<void> {
    const { shelf } = this.#options;
    return new Promise((resolve) => {
      const end = () => {
        stop();
        this.#closed.signal.removeEventListener("abort", end);
        resolve();
      };
      const stop = shelf.onTurn((isThere) => {
        if (isThere) end();
      });
      this.#closed.signal.addEventListener("abort", end, { once: true });
      if (shelf.isThere || this.#closed.signal.aborted) end();
    });
  }

  /** Takes over what others have written, and finds out who reads. */
  async #look(): Promise<void> {
    const { clock, host, shelf, touched } = this.#options;
    for (;;) {
      const askedMs = clock.now();
      const wantsLease = askedMs >= this.#wantsFromMs;
      const [life, since] = [this.#life, this.#since];
      const turn = await shelf.turn({ wantsLease, life, since, fence: this.#fence });
      // All was forgotten meanwhile: what comes behind it is not all that there is.
      if (this.#life !== life || this.#since !== since) continue;
      const isAsBefore = turn.isOurs && turn.fence === this.#fence && turn.life === this.#life;
      const isEmpty = turn.parts.length === 0 && turn.left === 0 && turn.since === 0;
      if (!isAsBefore && !isEmpty && !touched.isJoined(turn.upTo)) return await this.#waitForOthers(turn);
      if (this.#voids !== null && turn.voids > this.#voids) host.drop();
      const isOtherLife = turn.life !== this.#life;
      if (isOtherLife) this.#forget();
      this.#life = turn.life;
      this.#voids = turn.voids;
      if (turn.isOurs) this.#oursUntilMs = askedMs + shareLimits.leaseMs;
      await this.#take(turn);
      if (this.#life !== turn.life) continue;
      this.#since = turn.since;
      if (turn.isOurs && isOtherLife) await this.#writer.noteAll();
      if (turn.left > 0) continue;
      if (turn.isOurs) {
        this.#fence = turn.fence;
        // What a change has touched meanwhile is read again by this process now.
        this.#deferred.clear();
        this.#told = null;
      }
      this.#hasWaited = false;
      this.#turnTo(turn.isOurs ? "READING" : "FOLLOWING");
      host.turned();
      return;
    }
  }

  /**
   * Changes may have passed by between what was written and what was heard here. Whoever reads now writes soon how far it has heard;
   * where nobody does, another may still know; and then the site is read anew.
   */
  async #waitForOthers({ isOurs }: ShelfTurn): Promise<void> {
    const { clock, logger, shelf, siteId } = this.#options;
    this.#turnTo("FOLLOWING");
    if (!isOurs) return;
    if (this.#hasWaited) {
      logger.info({ siteId }, "what others read of the access index cannot be checked any more: it is read anew");
      await shelf.clear(false);
      return;
    }
    this.#hasWaited = true;
    await shelf.leave();
    this.#wantsFromMs = clock.now() + shareLimits.leaseMs;
  }

  /** Part by part, so that of all that is told only one is there as it is read. */
  async #take({ parts, upTo, left, life }: ShelfTurn): Promise<void> {
    const slice = new CrawlSlice();
    const told = new Set(parts.map(({ name }) => name));
    // What was told before may be among those beyond, as it is by now.
    const before = left > 0 ? [] : [...this.#deferred].filter(([name]) => !told.has(name));
    for (const [name, envelope] of before) {
      if (this.#life === life) await this.#takePart(name, envelope, upTo);
      await slice.pause();
    }
    for (const part of parts) {
      const envelope = await part.read();
      // Everything may be void by now.
      if (this.#life === life) {
        if (envelope === null) this.#unread.add(part.name);
        else {
          this.#unread.delete(part.name);
          await this.#takePart(part.name, envelope as Envelope, upTo);
        }
      }
      await slice.pause();
    }
    if (left === 0 && this.#life === life) this.#takeTold();
  }

  /** Before all parts are here nobody may take what is for whole, nor what is missing for read: not even where the engine goes now. */
  #takeTold(): void {
    const { host } = this.#options;
    if (this.#told === null || this.#unread.size > 0) return;
    for (const [name, { kept }] of this.#deferred) {
      const isInDoubt = (kept.of === "group" || kept.of === "space") && host.isInDoubt(kept.id);
      if (!isInDoubt && !this.#taken.has(name)) return;
    }
    const { kept } = this.#told;
    takeMemory(host.memory, kept.memory, this.#envelopes.toOwn(this.#told));
    host.take(kept.told);
    this.#told = null;
  }

  async #takePart(name: string, envelope: Envelope, upTo: string | null): Promise<void> {
    const { host, touched } = this.#options;
    const { kept } = envelope;
    if (kept.of === "crawl") {
      this.#told = { ...envelope, kept };
      return;
    }
    const { count } = host.touches;
    if (kept.of !== "listed" && touched.isTouched(upTo ?? "", kept)) return void this.#deferred.set(name, envelope);
    this.#deferred.delete(name);
    const toOwn = this.#envelopes.toOwn(envelope);
    if (kept.of === "listed") host.memory.listedGroups = kept.groups === null ? null : new Set(kept.groups);
    else {
      const isWanted = () => host.touches.count === count || !touched.isTouched(upTo ?? "", kept);
      // A change that came meanwhile is not undone: it waits as those that were touched before.
      if (!(await inCrawlSlices(whileWanted(host.index.copies.taking(kept, toOwn), isWanted))))
        this.#deferred.set(name, envelope);
      else this.#taken.add(name);
    }
  }

  #turnTo(role: CrawlRole): void {
    if (this.#role === role) return;
    this.#wasReading = this.#role === "READING";
    this.#role = role;
    const { host, logger, siteId } = this.#options;
    if (role === "READING") logger.info({ siteId }, "this process reads the access index for all");
    if (role === "FOLLOWING") logger.info({ siteId }, "this process follows the access index that another reads");
    host.turned();
  }
}
