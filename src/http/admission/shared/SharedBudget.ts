import type { Clock } from "../../../domain/Clock.js";
import type { FleetEngine } from "../../../fleet/FleetEngine.js";
import { admissionLimits, sharingLimits } from "../../limits.js";
import type { RateLimitStatus } from "../../rateLimits.js";
import { Alarm } from "../Alarm.js";
import type { RetryBudget } from "../budget/RetryBudget.js";
import { reachOf, type Throttle, type Throttles } from "../budget/Throttles.js";
import { budgetFunction, dropFunction } from "./budgetFunction.js";
import { type BudgetReply, readBudgetReply, statusOf, type ToldToOthers, toldToOthers } from "./budgetReply.js";

/** What a process has in flight, and what could go now, by rank. */
export interface Figures {
  readonly inFlight: number;
  readonly background: number;
  readonly fresh: number;
  readonly ready: readonly number[];
  /** How many of those want nothing read before. */
  readonly freshReady: number;
  /** All that wait, those that may not go now among them. */
  readonly waiting: number;
}

/** Whose calls are let go: the limit of this process. */
export interface Door {
  figures(): Figures;
  /** Calls that may be in flight here while the process is by itself. */
  allowed(): number;
  /** Lets as many go of each rank, and answers how many of them there were. */
  letGo(granted: readonly number[]): number;
  /** Others were told by the site what holds here too. */
  heard(news: { readonly isClosedLonger: boolean; readonly told: RateLimitStatus | null }): void;
  /** The budget is one with the others' from now on, or no more. */
  turned(): void;
}

/** The processes that share a budget. */
export interface Fleet {
  readonly engine: FleetEngine;
  /** Keeps apart what is not one budget: the site, and whom it takes us for. Never stored. */
  readonly scope: string;
}

interface SharedBudgetOptions extends Fleet {
  readonly clock: Clock;
  readonly concurrency: number;
  /** What calls that nobody waits for may take, of 1. */
  readonly backgroundShare: number;
  readonly throttles: Throttles;
  readonly retries: RetryBudget;
  readonly door: Door;
}

/** What was seen since the others were told last, in its order. */
type Seen =
  | { readonly k: "a"; readonly call: string; readonly round?: number }
  | { readonly k: "t"; readonly call: string; readonly round?: number; readonly ms: number; readonly reach: string }
  | ({ readonly k: "h"; readonly b: boolean; readonly atMs: number } & ToldToOthers)
  | { readonly k: "s"; readonly ms: number }
  | { readonly k: "r"; readonly call: string; readonly ms: number };

/** Of a hash, enough to tell a few hundred calls apart. */
const nameLength = 12;

/**
 * The budget of a site that all processes of a deployment share: one question a turn of the event loop for all calls that wait
 * and all that ended. While the engine is away the process is by itself, and keeps to a share.
 */
export class SharedBudget {
  readonly #options: SharedBudgetOptions;
  readonly #key: string;
  readonly #alarm: Alarm;
  #isShared: boolean;
  /** Counts the times that it came and went: what was asked before says nothing any more. */
  #era = 0;
  #isScheduled = false;
  #isAsking = false;
  #isWanted = false;
  #seen: Seen[] = [];
  #lookMs: number = sharingLimits.firstLookMs;
  /** Which state of the engine was seen last: another one knows nothing of the calls in flight. */
  #since: string | null = null;
  #settling: { readonly expected: number; readonly untilMs: number } | null = null;
  /** How many may be in flight, where this process found out by itself that fewer may. */
  #hint: number | null = null;
  #size: number;
  #round = 0;
  #processes: number;
  #others = { inFlight: 0, waiting: 0, fresh: 0 };
  readonly #names = new Map<string, string>();
  readonly #callsByName = new Map<string, string>();

  constructor(options: SharedBudgetOptions) {
    const { engine, scope, clock, concurrency } = options;
    this.#options = options;
    this.#key = engine.key(scope, "budget", "1");
    this.#alarm = new Alarm(clock, () => this.ask());
    this.#isShared = engine.isThere;
    this.#size = concurrency;
    this.#processes = engine.processes;
    engine.onTurn((isThere) => (isThere ? this.#comeBack() : this.#goAlone()));
  }

  get isShared(): boolean {
    return this.#isShared;
  }

  /** Calls of all that may be in flight. */
  get size(): number {
    return this.#size;
  }

  get round(): number {
    return this.#round;
  }

  /** How many processes there are, as far as is known. */
  get processes(): number {
    return this.#isShared ? Math.max(1, this.#options.engine.processes) : this.#processes;
  }

  /** What others have in flight, wait for, and read anew. */
  get others(): { readonly inFlight: number; readonly waiting: number; readonly fresh: number } {
    return this.#others;
  }

  /** @param round of the slot; `null` for one that was taken while this process was by itself. */
  answered(call: string, round: number | null): void {
    this.#see({ k: "a", call: this.#nameOf(call), ...(round === null ? {} : { round }) });
  }

  throttled(throttle: Throttle, round: number | null): void {
    const ms = Math.min(throttle.retryAfterMs ?? 0, admissionLimits.maxPauseMs);
    const call = this.#nameOf(throttle.call);
    this.#see({ k: "t", call, ms, reach: reachOf(throttle, ms), ...(round === null ? {} : { round }) });
  }

  told(status: RateLimitStatus, isBackground: boolean): void {
    this.#see({ k: "h", b: isBackground, atMs: status.observedAtMs, ...toldToOthers(status) });
  }

  /** Has the others told, and asked, at the end of this turn of the event loop. */
  ask(): void {
    if (!this.#isShared) return;
    if (this.#isAsking) this.#isWanted = true;
    else if (!this.#isScheduled) {
      this.#isScheduled = true;
      setImmediate(() => void this.#turn());
    }
  }

  /** A call of this kind may be asked for: from now on it is known by its name. */
  know(call: string): void {
    this.#nameOf(call);
  }

  /** Under which the engine knows a call: a hash. */
  #nameOf(call: string): string {
    const known = this.#names.get(call);
    if (known !== undefined) return known;
    const { engine, scope } = this.#options;
    const name = engine.key(scope, "call", call).slice(-nameLength);
    this.#names.set(call, name);
    this.#callsByName.set(name, call);
    return name;
  }

  #see(seen: Seen): void {
    if (this.#isShared) this.#seen.push(seen);
  }

  async #turn(): Promise<void> {
    this.#isScheduled = false;
    if (!this.#isShared) return;
    this.#isAsking = true;
    this.#isWanted = false;
    this.#alarm.stop();
    const { engine, clock, door } = this.#options;
    const era = this.#era;
    const figures = door.figures();
    const sentAtMs = clock.now();
    let reply: BudgetReply | null = null;
    try {
      const message = this.#message(figures, sentAtMs);
      reply = readBudgetReply(await engine.run(budgetFunction, [this.#key], [JSON.stringify(message)]));
      // What stands there makes no sense, and would not by itself: all tell it anew.
      if (reply === null) await engine.run(dropFunction, [this.#key], []);
    } catch {
      // The engine says by itself that it is away, and its log says why.
    } finally {
      this.#isAsking = false;
    }
    if (era === this.#era) {
      if (reply === null) this.#doubt();
      else this.#take(reply, figures.inFlight, sentAtMs);
    }
    if (this.#isWanted) this.ask();
  }

  #message({ inFlight, background, fresh, ready, freshReady }: Figures, nowMs: number): Record<string, unknown> {
    const { engine, concurrency, backgroundShare, retries } = this.#options;
    const seen = this.#seen;
    this.#seen = [];
    if (this.#settling !== null && this.#settling.untilMs <= nowMs) this.#settling = null;
    const settling = this.#settling;
    const hint = this.#hint;
    this.#hint = null;
    return {
      ...{ id: engine.processId, most: concurrency, share: backgroundShare },
      ...{ f: inFlight, b: background, fresh, w: ready, freshReady },
      seen: seen.map((each) =>
        each.k === "h" ? { ...each, atMs: undefined, ago: Math.max(0, nowMs - each.atMs) } : each,
      ),
      ...{ retries: retries.tell(), retriesMost: retries.most },
      expected: Math.max(engine.processes, settling?.expected ?? 1),
      ...(settling === null ? {} : { settling: true }),
      ...(this.#since === null ? {} : { since: this.#since }),
      ...(hint === null ? {} : { hint }),
    };
  }

  /** @param inFlight what was told. */
  #take(reply: BudgetReply, inFlight: number, sentAtMs: number): void {
    const { clock, throttles, retries, door, engine } = this.#options;
    const nowMs = clock.now();
    const isLost = this.#since !== null && this.#since !== reply.since;
    this.#since = reply.since;
    if (reply.settled) this.#settling = null;
    else if (isLost) this.#settle(engine.processes, nowMs);
    this.#size = reply.size;
    this.#round = reply.round;
    const granted = sum(reply.granted);
    this.#others = {
      inFlight: Math.max(0, reply.total - inFlight - granted),
      waiting: reply.others,
      fresh: reply.fresh,
    };
    retries.hear(reply.retries);
    // A clock that is set meanwhile says nothing of the way.
    const wayMs = Math.max(0, Math.min(nowMs - sentAtMs, sharingLimits.heartbeatMs));
    let isClosedLonger = reply.site > 0 && throttles.hear(null, reply.site - wayMs, nowMs);
    for (const [name, leftMs] of reply.routes) {
      const call = this.#callsByName.get(name);
      if (call !== undefined) isClosedLonger = throttles.hear(call, leftMs - wayMs, nowMs) || isClosedLonger;
    }
    door.heard({ isClosedLonger, told: reply.told === undefined ? null : statusOf(reply.told, nowMs) });
    const went = granted === 0 ? 0 : door.letGo(reply.granted);
    this.#lookMs = went > 0 ? sharingLimits.firstLookMs : Math.min(sharingLimits.lastLookMs, 2 * this.#lookMs);
    // What nobody took is told back at once.
    if (went < granted) this.#isWanted = true;
    if (!this.#isWanted) this.#lookAgain(reply.look, nowMs);
  }

  #lookAgain(lookMs: number | undefined, nowMs: number): void {
    const { inFlight, ready, waiting } = this.#options.door.figures();
    if (sum(ready) > 0) {
      const { firstLookMs, claimMs } = sharingLimits;
      const soonMs = (ready[0] ?? 0) > 0 ? firstLookMs : this.#lookMs;
      // Where others neither have nor want anything, nothing comes free but by what ends here, and that is told anyway.
      const pollMs = this.#others.inFlight + this.#others.waiting === 0 ? claimMs / 2 : soonMs;
      this.#alarm.at(nowMs + Math.min(Math.max(firstLookMs, lookMs ?? pollMs), claimMs / 2));
    } else if (inFlight + waiting > 0) this.#alarm.at(nowMs + sharingLimits.heartbeatMs);
  }

  #comeBack(): void {
    if (this.#isShared) return;
    const { clock, engine, throttles, concurrency } = this.#options;
    const nowMs = clock.now();
    this.#era += 1;
    this.#isShared = true;
    this.#settle(Math.max(this.#processes, engine.processes), nowMs);
    this.#seen = [...throttles.closed(nowMs)].map(({ call, leftMs }) =>
      call === null ? { k: "s", ms: leftMs } : { k: "r", call: this.#nameOf(call), ms: leftMs },
    );
    // What is allowed here was found out for a share.
    const allowed = this.#options.door.allowed() * this.#processes;
    this.#hint = allowed < concurrency ? allowed : null;
    this.#options.door.turned();
    this.ask();
  }

  #settle(expected: number, nowMs: number): void {
    this.#settling = { expected, untilMs: nowMs + sharingLimits.settlingMs };
  }

  #goAlone(): void {
    if (!this.#isShared) return;
    this.#era += 1;
    this.#isShared = false;
    this.#processes = Math.max(1, this.#options.engine.processes);
    this.#seen = [];
    this.#alarm.stop();
    this.#others = { inFlight: 0, waiting: 0, fresh: 0 };
    this.#options.door.turned();
  }

  /** The engine is there and does not do what it was asked: by itself for a moment, then once more. */
  #doubt(): void {
    this.#goAlone();
    const { clock, engine } = this.#options;
    clock.sleep(sharingLimits.doubtMs).then(
      () => {
        if (engine.isThere) this.#comeBack();
      },
      () => undefined,
    );
  }
}

function sum(counts: readonly number[]): number {
  return counts.reduce((all, each) => all + each, 0);
}
