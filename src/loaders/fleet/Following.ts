import type { Clock } from "../../domain/Clock.js";
import type { SiteId } from "../../domain/ids.js";
import { EngineAway } from "../../fleet/FleetEngine.js";
import type { ChangeEvents, ToldAbroad } from "../engine/ChangeEvents.js";
import { Bridge } from "./Bridge.js";
import type { Appended, ChangeStream, Heard } from "./ChangeStream.js";
import { type Resumption, readBody } from "./changeBody.js";
import { fleetLimits } from "./limits.js";
import { HeardPlaces } from "./positions/HeardPlaces.js";
import type { Follower, Place, Position } from "./positions/position.js";
import { TakenIn } from "./positions/TakenIn.js";
import type { SiteChanges } from "./SiteChanges.js";
import type { ToldLately } from "./ToldLately.js";

/** Why nobody knows what others have changed. */
export type LostBy = "start" | "gap" | "format" | "away" | "fault";

interface FollowingOptions {
  readonly stream: ChangeStream;
  readonly changes: ChangeEvents;
  readonly sites: ReadonlyMap<SiteId, SiteChanges>;
  readonly lately: ToldLately;
  readonly clock: Clock;
  /** Milliseconds that only ever grow, whatever is done to the clock. */
  readonly elapsedMs: () => number;
  onLost(by: LostBy, error?: unknown): void;
  /** Another epoch began: the others may need what is known of the one before. */
  onResume(resumption: Resumption): void;
  /** Another epoch began, and nothing was missed. */
  onBridged(): void;
  /** A change of another process stands in the stream, and was taken in. */
  onTaken(processId: string, ticket: number): void;
  /** Told after each look, of how many changes of others were taken in. */
  onHeard(count: number): void;
}

/** A moment by two clocks: one stands still while a machine sleeps, the other may be set back. */
interface Moment {
  readonly elapsedMs: number;
  readonly nowMs: number;
}

/**
 * How far this process has taken in what all processes change, and whether it may still answer from memory: only for a lease after
 * it last saw that nothing had come.
 */
export class Following {
  readonly takenIn = new TakenIn();
  readonly #options: FollowingOptions;
  #place: Place | null = null;
  /** What was taken in of the epoch that it is in. */
  #places: HeardPlaces | null = null;
  /** When a look began that saw the end of the stream. */
  #contact: Moment | null = null;
  #looking: Promise<void> | null = null;
  #heard = 0;
  /** From the epoch before, where that was followed to its end. */
  #bridge: Bridge | null = null;
  #bridgedUntilMs = 0;
  /** When each other process was last heard of. */
  readonly #heardOfMs = new Map<string, number>();
  /** Those whose changes were taken in and who wait to hear so. */
  readonly #toTell = new Set<string>();
  #followers: { readonly all: readonly Follower[]; readonly toldAtMs: number } = { all: [], toldAtMs: 0 };
  /** Until then there may be others that nobody has told of. */
  #unsureUntilMs = 0;

  constructor(options: FollowingOptions) {
    this.#options = options;
  }

  get place(): Place | null {
    return this.#place;
  }

  /** Whether what is remembered may be answered with. */
  get isLeased(): boolean {
    const contact = this.#contact;
    if (contact === null) return false;
    return (
      this.#options.elapsedMs() - contact.elapsedMs < fleetLimits.leaseMs &&
      this.#options.clock.now() - contact.nowMs < fleetLimits.leaseMs
    );
  }

  /** Whether it is not known yet what was missed of the epoch before. */
  get isBridging(): boolean {
    return this.#bridge !== null && !this.#bridge.isOver;
  }

  /** Up to where this process has taken things in, where one position says so; else up to where before a gap, and since. */
  get taken(): readonly Place[] {
    if (this.#place === null) return [];
    const before = this.isBridging ? this.#bridge?.from : undefined;
    return before === undefined ? [this.#place] : [before, this.#place];
  }

  /** Whether everything up to there was taken in, in this epoch or one before it, and all that was before. */
  hasReached(place: Place): boolean {
    if (this.takenIn.hasPlace(place)) return true;
    return !this.isBridging && this.hasTaken(place);
  }

  /** The same of that epoch alone: something may be missing of the one before. */
  hasTaken(place: Place): boolean {
    return this.takenIn.hasPlace(place) || this.#places?.has(place) === true;
  }

  /** Whether nobody answers from a memory in which something up to there is missing. */
  isTakenInByAll(position: Position): boolean {
    const sinceMs = this.#options.elapsedMs() - this.#followers.toldAtMs;
    if (this.#options.elapsedMs() < this.#unsureUntilMs) return false;
    return this.#followers.all.every(
      ({ processId, at, agoMs }) =>
        processId === this.#options.stream.processId ||
        (at.epoch === position.epoch && at.n >= position.n) ||
        agoMs + sinceMs >= fleetLimits.leaseMs + fleetLimits.leaseSlackMs,
    );
  }

  /** Looks what has come, and takes it in. Joined by who wants to look while somebody does. */
  look(): Promise<void> {
    this.#looking ??= this.#look().finally(() => {
      this.#looking = null;
    });
    return this.#looking;
  }

  /** The stream cannot be reached. Where the lease was over by then, others may have changed things and waited for nobody. */
  goAlone(): void {
    if (!this.isLeased && this.#contact !== null) this.#lose("away");
    this.#contact = null;
    for (const site of this.#options.sites.values()) site.lose();
  }

  /** Who follows may not be told rightly, as after a failover: leases that nobody tells of have run out in a while. */
  doubt(): void {
    this.#unsureUntilMs = this.#options.elapsedMs() + fleetLimits.leaseMs + fleetLimits.leaseSlackMs;
    this.#bridgedUntilMs = this.#options.elapsedMs() + fleetLimits.resumeMs;
  }

  /** Our own changes stand in the stream; they were taken in when they were made. */
  noteAppended({ before, last, randoms, followers }: Appended, firstTicket: number): void {
    this.#note(followers);
    if (!followers.some(({ processId }) => processId === this.#options.stream.processId)) this.doubt();
    if (this.#place === null || this.#place.epoch !== last.epoch || this.#place.n !== before) return;
    for (const site of this.#options.sites.values()) {
      for (let n = before + 1; n <= last.n; n += 1) site.number(firstTicket + n - before - 1, n);
    }
    for (const [at, random] of randoms.entries()) this.#advance({ epoch: last.epoch, n: before + 1 + at, random });
  }

  async #look(): Promise<void> {
    for (;;) {
      const began = this.#now();
      const isContinuous = this.#contact === null || this.isLeased;
      const toTell = [...this.#toTell];
      const heard = await this.#options.stream.follow(this.#place, toTell);
      for (const processId of toTell) this.#toTell.delete(processId);
      // One that keeps nothing would begin another again and again: whoever went along would not know any more what it has missed.
      if (this.#isAnother(heard) && !(await this.#options.stream.isKept()))
        throw new EngineAway("The stream of changes is not kept.");
      this.#heard = 0;
      const wasLost = !this.#takeIn(heard, isContinuous);
      this.#note(heard.followers);
      const isAtEnd = this.#place?.epoch === heard.tail.epoch && this.#place.n >= heard.tail.n;
      if (this.isBridging && !wasLost) this.#endBridge(isAtEnd);
      if (isAtEnd && this.#place !== null && !this.isBridging) {
        this.#contact = began;
        this.#advance(this.#place);
      }
      this.#options.onHeard(this.#heard);
      // Whoever waits for us to have heard is told so at once.
      if (isAtEnd && !wasLost && this.#toTell.size === 0) return;
    }
  }

  /** Answers false where everything had to be forgotten. */
  #takeIn(heard: Heard, isContinuous: boolean): boolean {
    if (this.#place !== null && this.#isAnother(heard)) {
      if (this.#places !== null) this.takenIn.noteEpoch(this.#places);
      const resumption = this.#options.lately.resumptionOf(this.#place);
      this.#options.onResume(resumption);
      if (isContinuous && !this.isBridging && heard.first !== null) {
        this.#beginBridge(this.#place, resumption, heard.first);
        return false;
      }
    }
    const lostBy = heard.goesOn ? this.#takeInSafely(heard) : this.#place === null ? "start" : "gap";
    if (lostBy === null) return true;
    if (lostBy !== "fault") this.#lose(lostBy);
    this.#goOnFrom(heard.tail);
    return false;
  }

  #isAnother({ goesOn, tail }: Heard): boolean {
    return !goesOn && this.#place !== null && this.#place.epoch !== tail.epoch;
  }

  #goOnFrom(place: Place): void {
    this.#place = place;
    this.#places = new HeardPlaces(place);
    for (const site of this.#options.sites.values()) site.begin(place);
  }

  /** Everything is kept, and nothing shared is believed, until it turns out whether something was missed. */
  #beginBridge(from: Place, resumption: Resumption, first: Place): void {
    const { toldAtMs } = this.#followers;
    const there = [...this.#heardOfMs].filter(([, atMs]) => toldAtMs - atMs < fleetLimits.absentMs);
    this.#heardOfMs.clear();
    this.#bridge = new Bridge(from, new Set(there.map(([processId]) => processId)));
    this.#bridge.take(resumption);
    this.#bridgedUntilMs = this.#options.elapsedMs() + fleetLimits.resumeMs;
    this.#contact = null;
    this.#goOnFrom(first);
    for (const site of this.#options.sites.values()) site.lose();
  }

  #endBridge(isAtEnd: boolean): void {
    const bridge = this.#bridge;
    if (isAtEnd && bridge?.isWhole === true) {
      bridge.isOver = true;
      this.takenIn.noteToldAgain(bridge.upTo);
      this.#options.onBridged();
    } else if (this.#options.elapsedMs() >= this.#bridgedUntilMs) {
      this.#lose("gap");
      if (this.#place !== null) this.#goOnFrom(this.#place);
    }
  }

  /** A bug of ours must not leave half of a change forgotten. */
  #takeInSafely(heard: Heard): LostBy | null {
    try {
      return this.#takeInAll(heard);
    } catch (error) {
      this.#lose("fault", error);
      return "fault";
    }
  }

  #takeInAll({ entries, tail }: Heard): LostBy | null {
    for (const entry of entries) {
      // Our own may have been put there meanwhile.
      if (this.#place === null || entry.n <= this.#place.n) continue;
      if (entry.epoch !== this.#place.epoch || entry.n !== this.#place.n + 1) return "gap";
      const body = entry.body === null ? null : readBody(entry.body);
      if (body === null) return "format";
      const isOurs = body.processId === this.#options.stream.processId;
      if (!isOurs) this.#toTell.add(body.processId);
      if ("previous" in body) {
        for (const told of isOurs ? [] : (this.#bridge?.take(body) ?? [])) this.#hear(told, entry.n);
        if (this.#bridge?.isBroken === true) return "gap";
        this.#advance({ epoch: entry.epoch, n: entry.n, random: entry.random });
        continue;
      }
      if (isOurs) {
        this.#options.lately.note(entry, body.told);
        for (const site of this.#options.sites.values()) site.number(body.ticket, entry.n);
      } else {
        this.#hear(body.told, entry.n);
        this.takenIn.noteTicket(body.processId, body.ticket);
        this.#options.onTaken(body.processId, body.ticket);
      }
      this.#advance({ epoch: entry.epoch, n: entry.n, random: entry.random });
    }
    const isShort = entries.length === 0 && this.#place !== null && this.#place.n < tail.n;
    return isShort ? "gap" : null;
  }

  #hear(told: ToldAbroad, n: number): void {
    for (const { siteId, event } of this.#options.changes.hear(told)) this.#options.sites.get(siteId)?.hear(n, event);
    this.#heard += 1;
  }

  #advance(to: Place): void {
    this.#place = to;
    this.#places?.note(to.n, to.random);
    if (this.isBridging) return;
    for (const site of this.#options.sites.values()) site.advance(to);
  }

  #lose(by: LostBy, error?: unknown): void {
    // What comes late of an epoch before is older than whatever is read from now on.
    this.#bridge = null;
    this.#options.changes.lose();
    this.#options.onLost(by, error);
  }

  #note(all: readonly Follower[]): void {
    const toldAtMs = this.#options.elapsedMs();
    this.#followers = { all, toldAtMs };
    for (const { processId, agoMs } of all) {
      if (processId !== this.#options.stream.processId) this.#heardOfMs.set(processId, toldAtMs - agoMs);
    }
    for (const [processId, atMs] of this.#heardOfMs) {
      if (toldAtMs - atMs >= fleetLimits.absentMs) this.#heardOfMs.delete(processId);
    }
  }

  #now(): Moment {
    return { elapsedMs: this.#options.elapsedMs(), nowMs: this.#options.clock.now() };
  }
}
