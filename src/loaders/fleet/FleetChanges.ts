import type { ConfluenceSite } from "../../confluence/port.js";
import type { Clock } from "../../domain/Clock.js";
import type { SiteId } from "../../domain/ids.js";
import type { FleetEngine } from "../../fleet/FleetEngine.js";
import type { Logger } from "../../observability/Logger.js";
import type { ChangeEvents } from "../engine/ChangeEvents.js";
import type { ChangeStream } from "./ChangeStream.js";
import { Following, type LostBy } from "./Following.js";
import { fleetLimits } from "./limits.js";
import { Apart } from "./positions/Apart.js";
import type { News, Unheard } from "./positions/News.js";
import { PositionTokens, type Token } from "./positions/PositionTokens.js";
import { Presented } from "./positions/Presented.js";
import type { Place } from "./positions/position.js";
import { SiteChanges, type SitePositions } from "./SiteChanges.js";
import { Telling } from "./Telling.js";
import { ToldLately } from "./ToldLately.js";
import { Watchers } from "./Watchers.js";

/**
 * On what an answer may rest: on what is remembered, or on nothing that was read before a moment, of which nobody can tell whether it
 * is as the caller knows it to be.
 */
export type Footing = "remembered" | { readonly notBeforeMs: number };

interface FleetChangesOptions {
  readonly stream: ChangeStream;
  /** Whether the stream can be reached at all, and who is told when that turns. */
  readonly engine: Pick<FleetEngine, "isThere" | "onTurn" | "key" | "seal" | "open">;
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
  readonly #tokens: PositionTokens;
  readonly #apart: Apart;
  readonly #presented: Presented;
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
    this.#tokens = new PositionTokens(options.engine);
    this.#presented = new Presented(clock);
    this.#apart = new Apart({
      clock,
      lastTicketOf: (processId) =>
        processId === stream.processId ? this.#telling.tickets : this.#following.takenIn.ticketOf(processId),
      hasTaken: ({ taken }) =>
        taken.length > 1
          ? taken.every((each) => this.#following.hasTaken(each))
          : taken.every((each) => this.#following.hasReached(each)),
      hear: (change) => this.#hearRumour(change),
      drop: ({ processId, ticket }) => {
        for (const site of this.#sites.values()) site.noteRumour(`${processId} ${ticket}`, null);
      },
    });
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
      onTaken: (processId, ticket) => this.#apart.settle(processId, ticket),
      onHeard: (count) => {
        this.counts.heard += count;
        this.#apart.expire();
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
    const tokens = this.#tokens.readAll(presented);
    if (tokens === null) return this.#readAfter(this.#options.clock.now());
    if (this.#reachesAll(tokens)) return this.footing(undefined);
    return this.#isByItself ? this.#readAfter(this.#presented.firstMs(presented)) : this.#catchUp(tokens, presented);
  }

  /**
   * The position of everything that was changed here so far, once no other process answers from a memory without it; or once that
   * takes too long, or the stream is gone.
   *
   * @param presented what the caller presented: what is not reached of it yet goes along with the position.
   */
  async settle(presented: readonly string[] = []): Promise<string> {
    const { tickets } = this.#telling;
    const isMoreKnown = presented.length > 0 || this.#apart.open.stretches.length > 0;
    const isTold = () => this.#telling.appended >= tickets;
    await this.#watchers.until(() => isTold() || this.#isAlone, fleetLimits.appendMs);
    const position = this.#position;
    const isInStream = isTold() && position !== null && !this.#isAlone;
    const { leaseMs, leaseSlackMs } = fleetLimits;
    const isSettled = () => this.#isAlone || position === null || this.#following.isTakenInByAll(position);
    if (isInStream) await this.#watchers.until(isSettled, leaseMs + leaseSlackMs);
    const unreached = this.#tokens.partsOf(presented).filter((text) => {
      const token = this.#tokens.read(text);
      return token !== null && !this.#reaches(token);
    });
    // What callers brought may not stand in the stream yet, or stand there by now, and was taken in here.
    const place = isMoreKnown ? this.#position : position;
    const { processId } = this.#options.stream;
    const own =
      isInStream && place !== null && this.#apart.open.stretches.length === 0
        ? this.#tokens.inStream(place)
        : this.#tokens.apart(processId, tickets, this.#news());
    return unreached.length === 0 ? own : this.#tokens.together([own, ...unreached]);
  }

  /** Behind our own last change, and behind everything that was taken in by now: the answer may tell of it. */
  get #position(): Place | null {
    const { place } = this.#following;
    const own = this.#lastTold;
    if (own === null || place === null) return place;
    return own.epoch === place.epoch && own.n < place.n ? place : own;
  }

  /** What others need to be told to be where this process is; `null` where that is more than it can say. */
  #news(): News | null {
    const { processId } = this.#options.stream;
    const { untold, tickets, isCut } = this.#telling;
    if (isCut) return null;
    const position = this.#position;
    const brought = this.#apart.open;
    const [first] = untold;
    return {
      taken: [...this.#following.taken.slice(0, -1), ...(position === null ? [] : [position])],
      stretches: [
        ...brought.stretches,
        ...(first === undefined ? [] : [{ processId, first: first.ticket, last: tickets }]),
      ],
      changes: [...brought.changes, ...untold.map(({ ticket, told }) => ({ processId, ticket, told }))],
    };
  }

  #hearRumour({ processId, ticket, told }: Unheard): void {
    for (const { siteId, event } of this.#options.changes.hear(told))
      this.#sites.get(siteId)?.noteRumour(`${processId} ${ticket}`, event);
    this.counts.heard += 1;
  }

  get #isAlone(): boolean {
    return this.#isBroken || !this.#options.engine.isThere;
  }

  /** Also while nobody knows yet what was missed with an epoch that is lost: till then it answers as it did without the stream. */
  get #isByItself(): boolean {
    return this.#isAlone || this.#following.isBridging;
  }

  /** Whether this process is where the position says; it takes in what the position tells of that. */
  #reaches(token: Token): boolean {
    if (token.kind === "stream") return this.#following.hasReached(token.place);
    const { processId, ticket, news } = token;
    if (processId !== this.#options.stream.processId) return news !== null && this.#apart.takeIn(news);
    // What others had made is waited for no longer after a while, and is taken in again then.
    return ticket <= this.#telling.tickets && (news === null || this.#apart.takeIn({ ...news, taken: [] }));
  }

  #reachesAll(tokens: readonly Token[]): boolean {
    // Each, also where one is not reached: it may bring something.
    return tokens.map((token) => this.#reaches(token)).every(Boolean);
  }

  /** Only what is read from then on counts. */
  #readAfter(notBeforeMs: number): Footing {
    this.counts.fresh += 1;
    return { notBeforeMs };
  }

  /** Looks twice at most: the first look may have begun before the request came. */
  async #catchUp(tokens: readonly Token[] | null, presented = ""): Promise<Footing> {
    this.counts.waited += 1;
    let looks = 0;
    let isOver = false;
    const isReached = () => tokens === null || this.#reachesAll(tokens);
    const isCaughtUp = () => this.#following.isLeased && isReached();
    const lookTwice = async () => {
      for (; looks < 2 && !isCaughtUp() && !this.#isByItself; looks += 1) await this.#look();
      isOver = true;
      this.#watchers.wake();
    };
    void lookTwice();
    await this.#watchers.until(() => isOver || isCaughtUp() || this.#isByItself, fleetLimits.catchUpMs);
    if (isCaughtUp() || (this.#isByItself && isReached())) return "remembered";
    return this.#readAfter(tokens === null ? this.#options.clock.now() : this.#presented.firstMs(presented));
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
