import { EngineAway } from "../../fleet/FleetEngine.js";
import { currentWaiter } from "../../http/Waiting.js";
import { isNobodyThere, nothingRead } from "../Flight.js";
import type { Arrived, FetchMany, SharedValue } from "../SecondLevel.js";
import { leaseOnly, noLease } from "./functions.js";
import type { ForeignHead, Looked, Place, SharedReadings } from "./SharedReadings.js";

/** Who waits for another process looks again after so long, and then ever less often. */
const pauses = { firstMs: 10, longestMs: 100 } as const;
/** However alive that one says it is: then whoever waits reads by itself, and so nobody waits for what nobody reads. */
const longestWaitMs = 30_000;

/** What became of what was looked for among what the processes share, and of what was read for them, since the start. */
export class SharedCounts {
  /** Answered with what some process had read. */
  hits = 0;
  /** Not there: it was read by this process. */
  misses = 0;
  /** Another process was reading it. */
  waited = 0;
  /** There, and of no use: too old here, touched by a change, read as somebody else, or not to be opened. */
  refused = 0;
  /** Put there. */
  stored = 0;
  /** Too large to be put there. */
  large = 0;
}

export interface SharedReadOptions<K extends string, V> {
  readonly readings: SharedReadings;
  readonly counts: SharedCounts;
  readonly places: ReadonlyMap<K, Place>;
  /** Only what is there: nobody waits for it, and it is not read. */
  readonly isOnlyKnown?: boolean;
  /** What of bytes that were there may be answered with. */
  usable(id: K, head: ForeignHead, value: unknown): Promise<SharedValue<V> | null>;
  readonly fetch: FetchMany<K, V>;
}

/**
 * One reading of some ids by way of what the processes share: what is there, what another process reads just now, and the rest from
 * upstream, in one go. Whoever waits for another does so once: if that one brought nothing, they read by themselves.
 */
export class SharedRead<K extends string, V> {
  readonly #options: SharedReadOptions<K, V>;
  /** What is still looked for, and how. */
  readonly #modes: Map<K, string>;
  readonly #waitedFor = new Set<K>();
  readonly #settle = new Map<K, (arrived: Arrived<K, V> | Promise<Arrived<K, V>>) => void>();

  constructor(options: SharedReadOptions<K, V>) {
    this.#options = options;
    const mode = options.isOnlyKnown === true ? noLease : "";
    this.#modes = new Map([...options.places.keys()].map((id) => [id, mode]));
  }

  start(): ReadonlyMap<K, Promise<Arrived<K, V>>> {
    const outcomes = new Map<K, Promise<Arrived<K, V>>>();
    for (const id of this.#modes.keys()) outcomes.set(id, new Promise((resolve) => void this.#settle.set(id, resolve)));
    void this.#run();
    return outcomes;
  }

  async #run(): Promise<void> {
    try {
      await this.#read();
    } catch (error) {
      if (error instanceof EngineAway) this.#fetch([...this.#modes.keys()]);
      else this.#endAll(() => (error instanceof Error ? error : new Error(String(error))));
    }
  }

  async #read(): Promise<void> {
    const gone = new AbortController();
    currentWaiter()?.onGone(() => gone.abort("gone"));
    let waitedMs = 0;
    for (let pauseMs: number = pauses.firstMs; ; pauseMs = Math.min(pauses.longestMs, 2 * pauseMs)) {
      await this.#look();
      if (this.#modes.size === 0) return;
      if (waitedMs >= longestWaitMs) {
        this.#fetch([...this.#modes.keys()]);
        return;
      }
      waitedMs += pauseMs;
      await this.#options.readings.pause(pauseMs, gone.signal);
      if (isNobodyThere()) {
        this.#endAll(nothingRead);
        return;
      }
    }
  }

  /** Looks until everything is settled, or read by another process; what we are to read ourselves is asked for in one go. */
  async #look(): Promise<void> {
    const ours: K[] = [];
    for (let ids = [...this.#modes.keys()]; ids.length > 0; ) {
      const looked = await this.#lookFor(ids);
      if (looked === null) {
        ours.push(...ids.filter((id) => !this.#waitedFor.has(id)));
        break;
      }
      const again = await Promise.all(ids.map((id, index) => this.#takeIn(id, looked[index] ?? "more", ours)));
      ids = ids.filter((_, index) => again[index]);
    }
    if (ours.length > 0) this.#fetch(ours);
  }

  /** `null`: not in time, by an engine that is there. Who waits for another process goes on doing so: all others would read the same. */
  async #lookFor(ids: readonly K[]): Promise<readonly Looked[] | null> {
    const { readings } = this.#options;
    try {
      return await readings.look(ids.map((id) => ({ place: this.#placeOf(id), mode: this.#modes.get(id) ?? "" })));
    } catch (error) {
      if (error instanceof EngineAway && readings.isEngineThere) return null;
      throw error;
    }
  }

  /** Answers whether it is to be looked for again at once. */
  async #takeIn(id: K, looked: Looked, ours: K[]): Promise<boolean> {
    const { counts } = this.#options;
    if (looked === "more") return true;
    if (looked === "still held") return false;
    if (looked === "ours" || looked === "none") {
      ours.push(id);
      return false;
    }
    if (Buffer.isBuffer(looked)) {
      const known = await this.#usable(id, looked);
      if (known !== null) {
        counts.hits += 1;
        this.#end(id, known);
        return false;
      }
      counts.refused += 1;
      if (this.#options.isOnlyKnown === true) {
        ours.push(id);
        return false;
      }
      this.#modes.set(id, leaseOnly);
      return true;
    }
    // Whoever had it brought nothing, and somebody else has it now: one after the other would take too long.
    if (this.#waitedFor.has(id)) {
      ours.push(id);
      return false;
    }
    counts.waited += 1;
    this.#waitedFor.add(id);
    this.#modes.set(id, looked.heldBy);
    return false;
  }

  async #usable(id: K, bytes: Buffer): Promise<SharedValue<V> | null> {
    const opened = await this.#options.readings.open(this.#placeOf(id), bytes);
    return opened === null ? null : this.#options.usable(id, opened.head, opened.value);
  }

  #fetch(ids: readonly K[]): void {
    if (isNobodyThere()) {
      this.#endAll(nothingRead);
      return;
    }
    if (this.#options.isOnlyKnown !== true) this.#options.counts.misses += ids.length;
    const fetched = this.#options.fetch(ids);
    for (const id of ids) this.#end(id, fetched.get(id) ?? nothingRead(id));
  }

  #end(id: K, arrived: Arrived<K, V> | Promise<Arrived<K, V>>): void {
    this.#modes.delete(id);
    this.#settle.get(id)?.(arrived);
  }

  #endAll(why: (id: K) => Error): void {
    for (const id of [...this.#modes.keys()]) this.#end(id, why(id));
  }

  #placeOf(id: K): Place {
    return this.#options.places.get(id) as Place;
  }
}
