import type { ConfluenceSite } from "../../confluence/port.js";
import type { Clock } from "../../domain/Clock.js";
import type { SiteId } from "../../domain/ids.js";
import type { Logger } from "../../observability/Logger.js";
import type { ChangeEvents } from "../engine/ChangeEvents.js";
import type { ChangeStream } from "./ChangeStream.js";
import { Following, type LostBy } from "./Following.js";
import { fleetLimits } from "./limits.js";
import { alonePosition, type Place, type Position, positionText, readPosition } from "./position.js";
import { SiteChanges, type SitePositions } from "./SiteChanges.js";
import { Telling } from "./Telling.js";
import { ToldLately } from "./ToldLately.js";
import { Watchers } from "./Watchers.js";

/** On what an answer may rest: on what is remembered, or on nothing that was read before. */
export type Footing = "remembered" | "fresh";

interface FleetChangesOptions {
  readonly stream: ChangeStream;
  /** Whether the stream can be reached at all, and who is told when that turns. */
  readonly engine: { readonly isThere: boolean; onTurn(listener: (isThere: boolean) => void): () => void };
  readonly changes: ChangeEvents;
  readonly clock: Clock;
  /** Milliseconds that only ever grow, whatever is done to the clock. */
  readonly elapsedMs: () => number;
  readonly logger: Logger;
}

/** What became of changes and of those who asked for them, since the start. */
export class FleetChangeCounts {
  /** Own changes that stand in the stream. */
  told = 0;
  /** Changes of other processes that were taken in. */
  heard = 0;
  /** Requests that waited for changes to be taken in. */
  waited = 0;
  /** Requests that were answered past everything remembered, because nobody could tell whether that will do. */
  fresh = 0;
  /** How often everything was forgotten, and why. */
  /** How often the stream began anew and nothing had to be forgotten, because nothing was missed. */
  bridged = 0;
  readonly lost: Record<LostBy, number> = { start: 0, gap: 0, format: 0, away: 0, fault: 0 };
}

/**
 * Keeps what this process remembers up with what all processes of the deployment change. Each tells the others of its changes by a
 * stream and takes in theirs; the answer to a change waits until each has taken it in, or may not answer from memory any more.
 * Where the stream cannot be reached a process goes on by itself, and tells others apart who have seen more than it has.
 */
export class FleetChanges {
  readonly counts = new FleetChangeCounts();
  readonly #options: FleetChangesOptions;
  readonly #sites = new Map<SiteId, SiteChanges>();
  readonly #following: Following;
  readonly #telling: Telling;
  readonly #watchers: Watchers;
  readonly #closed = new AbortController();
  #stopTurns: () => void = () => undefined;
  /** Our last change in the stream. */
  #lastTold: Place | null = null;
  /** The stream answers what it never answers. */
  #isBroken = false;
  #warnedMs: Partial<Record<LostBy, number>> = {};

  constructor(options: FleetChangesOptions) {
    const { stream, changes, clock, elapsedMs } = options;
    this.#options = options;
    this.#watchers = new Watchers(clock);
    const lately = new ToldLately(stream.processId);
    this.#following = new Following({
      ...{ stream, changes, clock, elapsedMs, lately, sites: this.#sites },
      onLost: (by, error) => this.#noteLost(by, error),
      onResume: (resumption) => this.#telling.resume(resumption),
      onBridged: () => {
        this.counts.bridged += 1;
        this.#options.logger.info(
          {},
          "the stream of changes began anew: nothing was missed, and what is remembered stays",
        );
      },
      onHeard: (count) => {
        this.counts.heard += count;
        // What stands in a stream that has ended since is no position any more.
        if (this.#lastTold?.epoch !== this.#following.place?.epoch) this.#lastTold = null;
        this.#isBroken = false;
        this.#watchers.wake();
      },
    });
    this.#telling = new Telling({
      ...{ stream, lately },
      place: () => (this.#isAlone ? null : this.#following.place),
      onAppended: (appended, { first, last }) => {
        this.counts.told += last - first + 1;
        this.#lastTold = appended.last;
        this.#following.noteAppended(appended, first);
        this.#watchers.wake();
      },
      onFailed: () => this.#goAlone(),
      onBehind: () => void this.#look(),
    });
    changes.tellAbroad((told, event, reached) => {
      const ticket = this.#telling.tell(told);
      for (const siteId of reached) this.#sites.get(siteId)?.tell(ticket, event);
    });
  }

  /** From now on the changes of a site are kept by their positions. */
  join(site: ConfluenceSite): SitePositions {
    const joined = new SiteChanges(site);
    this.#sites.set(site.siteId, joined);
    return joined;
  }

  /** Begins to follow; resolves once everything there was is taken in, or it turns out that nobody can tell. */
  async start(): Promise<void> {
    const { engine } = this.#options;
    this.#stopTurns = engine.onTurn((isThere) => {
      if (isThere) this.#following.doubt();
      else this.#goAlone();
      this.#watchers.wake();
    });
    const first = this.#isAlone ? null : this.#look();
    void this.#follow();
    await first;
  }

  async close(): Promise<void> {
    this.#closed.abort("closed");
    this.#stopTurns();
    this.#watchers.wake();
    if (this.#isAlone) return;
    // Nobody may hold it against others that we do not hear them any more.
    await this.#options.stream.leave().catch(() => undefined);
  }

  get backlog(): number {
    return this.#telling.backlog;
  }

  /**
   * On what the answer to a request may rest, asked right before it is made: at once where nothing has to be looked for.
   *
   * @param presented the position that the answer must not be behind, as it was presented.
   */
  footing(presented: string | undefined): Footing | Promise<Footing> {
    if (presented === undefined) {
      return this.#following.isLeased || this.#isByItself ? "remembered" : this.#catchUp(null);
    }
    const position = readPosition(presented);
    if (position === null) return this.#fresh();
    if (this.#isReached(position)) return this.footing(undefined);
    return this.#isByItself ? this.#fresh() : this.#catchUp(position);
  }

  /**
   * The position of everything that was changed here so far, once no other process answers from a memory without it; or once that
   * takes too long, or the stream is gone.
   */
  async settle(): Promise<string> {
    const { tickets } = this.#telling;
    const isTold = () => this.#telling.appended >= tickets;
    await this.#watchers.until(() => isTold() || this.#isAlone, fleetLimits.appendMs);
    const position = this.#position;
    if (!isTold() || position === null) return alonePosition(this.#options.stream.processId, tickets);
    const { leaseMs, leaseSlackMs } = fleetLimits;
    const isSettled = () => this.#isAlone || this.#following.isTakenInByAll(position);
    await this.#watchers.until(isSettled, leaseMs + leaseSlackMs);
    return positionText(position);
  }

  /** Behind our own last change, and behind everything that was taken in by now: the answer may tell of it. */
  get #position(): Position | null {
    const { place } = this.#following;
    const own = this.#lastTold;
    if (own === null || place === null) return this.#isAlone ? null : place;
    return own.epoch === place.epoch && own.n < place.n ? place : own;
  }

  get #isAlone(): boolean {
    return this.#isBroken || !this.#options.engine.isThere;
  }

  /** Also while nobody knows yet what was missed with an epoch that is lost: till then it answers as it did without the stream. */
  get #isByItself(): boolean {
    return this.#isAlone || this.#following.isBridging;
  }

  #isReached(position: Position): boolean {
    if (this.#following.hasReached(position)) return true;
    const own = alonePosition(this.#options.stream.processId, position.n);
    return positionText(position) === own && position.n <= this.#telling.tickets;
  }

  #fresh(): Footing {
    this.counts.fresh += 1;
    return "fresh";
  }

  /** Looks twice at most: the first look may have begun before the request came. */
  async #catchUp(position: Position | null): Promise<Footing> {
    this.counts.waited += 1;
    let looks = 0;
    let isOver = false;
    const isCaughtUp = () => this.#following.isLeased && (position === null || this.#following.hasReached(position));
    const lookTwice = async () => {
      for (; looks < 2 && !isCaughtUp() && !this.#isByItself; looks += 1) await this.#look();
      isOver = true;
      this.#watchers.wake();
    };
    void lookTwice();
    await this.#watchers.until(() => isOver || isCaughtUp() || this.#isByItself, fleetLimits.catchUpMs);
    if (isCaughtUp() || (this.#isByItself && (position === null || this.#isReached(position)))) return "remembered";
    return this.#fresh();
  }

  /** Never rejects: whoever looks in vain is alone. */
  async #look(): Promise<void> {
    try {
      await this.#following.look();
      this.#telling.go();
    } catch (error) {
      if (!this.#closed.signal.aborted) this.#goAlone(error);
    }
  }

  async #follow(): Promise<void> {
    const { engine, stream, clock } = this.#options;
    const { signal } = this.#closed;
    while (!signal.aborted) {
      if (!engine.isThere) {
        await this.#watchers.until(() => engine.isThere || signal.aborted);
        continue;
      }
      await this.#look();
      try {
        if (this.#isBroken) await clock.sleep(fleetLimits.brokenPauseMs, signal);
        else if (!signal.aborted) await stream.listen(this.#following.place);
      } catch {
        // Whether it is gone the next look tells.
      }
    }
  }

  #goAlone(error?: unknown): void {
    // The engine tells by itself that it is away. What else is wrong is wrong with what it answered, or with us.
    if (this.#options.engine.isThere) {
      if (!this.#isBroken)
        this.#options.logger.warn(
          { err: error },
          "the stream of changes cannot be followed: this process goes on by itself",
        );
      this.#isBroken = true;
    }
    this.#following.goAlone();
    this.#watchers.wake();
  }

  #noteLost(by: LostBy, error: unknown): void {
    this.counts.lost[by] += 1;
    const nowMs = this.#options.clock.now();
    const { [by]: beforeMs = Number.NEGATIVE_INFINITY } = this.#warnedMs;
    // At its start a process has forgotten nothing that anybody would miss.
    if (by === "start" || nowMs - beforeMs < fleetLimits.warnEveryMs) return;
    this.#warnedMs[by] = nowMs;
    this.#options.logger.warn(
      { reason: by, ...(error === undefined ? {} : { err: error }) },
      "changes of other processes may have been missed: everything that was remembered is read again",
    );
  }
}
