import { randomBytes } from "node:crypto";
import type { Clock } from "../domain/Clock.js";
import type { Logger } from "../observability/Logger.js";
import { EngineClock } from "./EngineClock.js";
import { FleetCounts } from "./FleetCounts.js";
import type {
  EngineArgument,
  EngineCommands,
  EngineFunction,
  EngineReply,
  FleetEngine,
  Sharing,
} from "./FleetEngine.js";
import { Pauses } from "./Pauses.js";
import { Presence, presenceParts } from "./Presence.js";
import type { Connect } from "./redis/Connection.js";
import { awayOf, type Haste, Link, type Lost } from "./redis/Link.js";
import { type FleetKeys, Sealer } from "./Sealer.js";

export const fleetLimits = {
  /** Between heartbeats. */
  beatMs: 1_000,
  /** How often in a row it has to answer well before it is trusted again. */
  goodRounds: 3,
  /** What is well. */
  roundMs: 100,
  /** How often it may be tried for that over one connection. */
  mostRounds: 10,
  /** Between those, after it was away. */
  betweenRoundsMs: 100,
  /** How long a start waits for it. */
  startMs: 1_000,
  /** Between warnings of what does not open. */
  warnEveryMs: 60_000,
} as const;

export interface RedisEngineOptions {
  readonly connect: Connect;
  readonly keys: FleetKeys;
  readonly clock: Clock;
  readonly logger: Logger;
  /** How many processes there are, as long as none was heard of. */
  readonly expectedProcesses?: number;
  readonly random?: () => number;
  /** Milliseconds that never go back. */
  readonly nowMs?: () => number;
}

/** Of a hash: all of it. */
const markLength = 22;

type Command = readonly [command: string, ...args: readonly EngineArgument[]];

/** Valkey or Redis. From a fault on it is away, for everything at once; it is looked for with growing pauses, and comes back by itself. */
export class RedisEngine implements FleetEngine {
  readonly processId = randomBytes(9).toString("base64url");
  readonly counts = new FleetCounts();
  readonly unhurried = this.#commands("unhurried");
  readonly #hurried = this.#commands("hurried");
  readonly #options: Required<RedisEngineOptions>;
  readonly #sealer: Sealer;
  readonly #time: EngineClock;
  readonly #presence: Presence;
  readonly #pauses: Pauses;
  readonly #listeners = new Set<(isThere: boolean) => void>();
  readonly #closed = new AbortController();
  #link: Link | null = null;
  #lost: Lost | null = null;
  #sinceMs: number;
  #warnedMs = Number.NEGATIVE_INFINITY;
  #tending: Promise<void> | null = null;

  constructor(options: RedisEngineOptions) {
    this.#options = { expectedProcesses: 1, random: Math.random, nowMs: () => performance.now(), ...options };
    const now = () => options.clock.now();
    this.#sealer = new Sealer(options.keys);
    this.#time = new EngineClock(now);
    const [scope, ...parts] = presenceParts;
    const key = this.#sealer.key(scope, parts);
    const markOf = (processId: string) => this.#sealer.key(scope, ["process", processId]).slice(-markLength);
    this.#presence = new Presence({ processId: this.processId, key, time: this.#time, now, markOf });
    this.#pauses = new Pauses(this.#options.random);
    this.#sinceMs = now();
  }

  /** Begins to look for it. Resolves once it was found, or not, or took too long. */
  async start(): Promise<void> {
    const looked = new AbortController();
    this.#tending ??= this.#tend(() => looked.abort());
    await this.#options.clock.atMost(fleetLimits.startMs, looked.signal).catch(() => undefined);
  }

  get isThere(): boolean {
    return this.#link !== null;
  }

  get sharing(): Sharing {
    return { state: this.isThere ? "SHARED" : "ALONE", processes: this.processes, sinceMs: this.#sinceMs };
  }

  get present(): ReadonlySet<string> {
    return this.#presence.present;
  }

  get processes(): number {
    const { present, wasHeard } = this.#presence;
    return wasHeard ? present.size : this.#options.expectedProcesses;
  }

  onTurn(listener: (isThere: boolean) => void): () => void {
    // Each time another, so that the same function may listen twice.
    const own = (isThere: boolean) => listener(isThere);
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  }

  async keeps(): Promise<boolean> {
    return this.#isKept(this.#trusted());
  }

  key(scope: string, ...parts: readonly string[]): string {
    return this.#sealer.key(scope, parts);
  }

  seal(key: string, plain: Buffer): Buffer {
    return this.#sealer.seal(key, plain);
  }

  open(key: string, sealed: Buffer): Buffer | null {
    const plain = this.#sealer.open(key, sealed);
    if (plain === null) this.#warnOfUnopened();
    return plain;
  }

  send(command: string, ...args: readonly EngineArgument[]): Promise<EngineReply> {
    return this.#hurried.send(command, ...args);
  }

  sendAll(commands: readonly Command[]): Promise<EngineReply[]> {
    return this.#hurried.sendAll(commands);
  }

  run(script: EngineFunction, keys: readonly string[], args: readonly EngineArgument[]): Promise<EngineReply> {
    return this.#hurried.run(script, keys, args);
  }

  async await(
    lane: string,
    blockMs: number,
    command: string,
    ...args: readonly EngineArgument[]
  ): Promise<EngineReply> {
    return this.#trusted().await(lane, blockMs, command, args);
  }

  toEngineMs(ownMs: number): number {
    return this.#time.toEngineMs(ownMs);
  }

  toOwnMs(engineMs: number): number {
    return this.#time.toOwnMs(engineMs);
  }

  /** Says good-bye, so that the others need not wait until they miss us. */
  async close(): Promise<void> {
    this.#closed.abort();
    const link = this.#link;
    // Nobody goes on alone any more: nobody is told.
    this.#link = null;
    this.#listeners.clear();
    if (link !== null) {
      const [command, ...args] = this.#presence.leaving;
      await link.send("unhurried", command, args).catch(() => undefined);
      link.lose({ reason: "left" });
    }
    await this.#tending;
  }

  #commands(haste: Haste): EngineCommands {
    return {
      send: async (command, ...args) => this.#trusted().send(haste, command, args),
      sendAll: async (commands) => {
        const link = this.#trusted();
        return Promise.all(commands.map(([command, ...args]) => link.send(haste, command, args)));
      },
      run: async (...asked) => this.#trusted().run(haste, ...asked),
    };
  }

  #trusted(): Link {
    if (this.#link === null) throw awayOf(this.#lost);
    return this.#link;
  }

  /** Looks for it while it is away, and keeps its heart beating while it is there. */
  async #tend(onLooked: () => void): Promise<void> {
    for (let isFirst = true; !this.#isClosed; isFirst = false) {
      const link = await this.#look(isFirst);
      if (link !== null && link.lost === null && !this.#isClosed) {
        this.#come(link, isFirst);
        onLooked();
        const cameMs = this.#options.nowMs();
        await this.#stay(link);
        this.#pauses.tell(this.#options.nowMs() - cameMs);
      } else {
        link?.lose({ reason: "left" });
        if (isFirst && !this.#isClosed) this.#tell("cannot be reached", "begins", this.#lost);
        onLooked();
      }
      await this.#rest(this.#pauses.next(), this.#closed.signal);
    }
    onLooked();
  }

  /** A link that answered well as often as it has to, or `null`. */
  async #look(isFirst: boolean): Promise<Link | null> {
    const link = new Link({ ...this.#options, counts: this.counts });
    link.onLost = (lost) => this.#leave(link, lost);
    const leave = () => link.lose({ reason: "left" });
    this.#closed.signal.addEventListener("abort", leave, { once: true });
    try {
      await link.open();
      let good = 0;
      for (let round = 0; good < fleetLimits.goodRounds; round += 1) {
        if (round === fleetLimits.mostRounds) link.lose({ reason: "slow" });
        if (!isFirst && round > 0) await this.#rest(fleetLimits.betweenRoundsMs, link.ended);
        // A slow one may be our own doing, as at a start; then it answers well a moment later.
        good = (await this.#answersWell(link)) ? good + 1 : 0;
      }
      if (!isFirst) this.#presence.hold();
      await this.#beat(link);
      return link;
    } catch {
      return null;
    } finally {
      this.#closed.signal.removeEventListener("abort", leave);
    }
  }

  /** That it takes, keeps and gives, and that within a time. */
  async #answersWell(link: Link): Promise<boolean> {
    const startMs = this.#options.nowMs();
    await link.send("unhurried", "PING", []);
    await this.#isKept(link);
    return this.#options.nowMs() - startMs <= fleetLimits.roundMs;
  }

  /** A full one that makes room for each thing by another has nothing but the last. */
  async #isKept(link: Link): Promise<boolean> {
    const word = randomBytes(9).toString("base64url");
    const keys = ["probe", "another probe"].map((name) => this.#sealer.key("fleet", [name, this.processId]));
    const puts = keys.map((key) => link.send("unhurried", "SET", [key, word, "PX", fleetLimits.warnEveryMs]));
    const gets = keys.map((key) => link.send("unhurried", "GET", [key]));
    const [kept] = await Promise.all([Promise.all(gets), Promise.all(puts)]);
    const isKept = kept.every((each) => Buffer.isBuffer(each) && each.toString("latin1") === word);
    if (!isKept) link.lose({ reason: "garbage", command: "GET" });
    return isKept;
  }

  async #stay(link: Link): Promise<void> {
    while (link.lost === null) {
      await this.#rest(fleetLimits.beatMs, link.ended);
      if (link.lost !== null || this.#isClosed) return;
      await this.#beat(link).catch(() => undefined);
    }
  }

  async #beat(link: Link): Promise<void> {
    const isUnderstood = await this.#presence.beat((...asked) => link.run("unhurried", ...asked));
    if (!isUnderstood) link.lose({ reason: "garbage", command: "here" });
  }

  #come(link: Link, isFirst: boolean): void {
    this.#link = link;
    this.#sinceMs = this.#options.clock.now();
    const processes = this.processes;
    if (isFirst) this.#options.logger.info({ processes }, "what processes share is shared by CACHE_URL");
    else this.#options.logger.warn({ processes }, "the engine of CACHE_URL is back: this process shares again");
    this.#turn(true);
  }

  #leave(link: Link, lost: Lost): void {
    this.#lost = lost;
    if (lost.reason !== "left") this.counts.failures.add([lost.reason]);
    if (this.#link !== link) return;
    this.#link = null;
    this.#sinceMs = this.#options.clock.now();
    if (lost.reason !== "left") this.#tell("is away", "goes on", lost);
    this.#turn(false);
  }

  #tell(what: string, how: string, lost: Lost | null): void {
    const fields = { ...lost, processes: this.processes };
    this.#options.logger.warn(fields, `the engine of CACHE_URL ${what}: this process ${how} alone, and looks for it`);
  }

  #turn(isThere: boolean): void {
    for (const listener of this.#listeners) {
      try {
        listener(isThere);
      } catch (err) {
        this.#options.logger.error({ err, isThere }, "somebody could not take in that the engine of CACHE_URL turned");
      }
    }
  }

  #warnOfUnopened(): void {
    this.counts.unopened += 1;
    const nowMs = this.#options.nowMs();
    if (nowMs - this.#warnedMs < fleetLimits.warnEveryMs) return;
    this.#warnedMs = nowMs;
    this.#options.logger.warn(
      { unopened: this.counts.unopened },
      "something in the engine of CACHE_URL cannot be opened with CACHE_KEY: it is left out",
    );
  }

  get #isClosed(): boolean {
    return this.#closed.signal.aborted;
  }

  async #rest(durationMs: number, until: AbortSignal): Promise<void> {
    await this.#options.clock.sleep(durationMs, until).catch(() => undefined);
  }
}
