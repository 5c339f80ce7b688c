import type { Clock } from "../../domain/Clock.js";
import { EngineAway, type EngineReply, type FleetEngine } from "../../fleet/FleetEngine.js";
import { workForNobody } from "../../http/Waiting.js";
import { shapeVersion } from "../cacheKey.js";
import type { ReadTime } from "../TtlCache.js";
import { Era } from "./Era.js";
import { decode } from "./encoding.js";
import { look, lookCodes } from "./functions.js";
import { Leases, leaseMs } from "./Leases.js";
import { Outbox, type Parcel } from "./Outbox.js";

/** What is looked for in one step: the engine serves nobody else meanwhile. */
const keysAtOnce = 500;
/** What is answered with at once, so that it is there in time. */
const mostReplyBytes = 1_048_576;
/** Who waits for long looks at moments so far apart, together with all others who do. */
const momentsMs = 100;
/** Who looks for nothing looks so often whether what it took still counts. */
const watchMs = 1_000;

/** Where one thing stands, and the lease of who reads it. */
export interface Place {
  readonly key: string;
  readonly lease: string;
}

/** How one thing is looked for: for itself, with or without its lease, for that alone, or again after somebody else had it. */
export interface Asked {
  readonly place: Place;
  /** Nothing, `?`, `!`, or who had the lease. */
  readonly mode: string;
}

/** What came of it: its bytes; that we are to read it; that somebody else does; that it did not go into one answer; that it is not there. */
export type Looked = Buffer | "ours" | "more" | "still held" | "none" | { readonly heldBy: string };

/** What goes with a value, times by our clock. */
export interface SharedHead {
  /** Up to which change its reader had heard of all when it began. */
  readonly position: string;
  readonly times: ReadTime;
}

/** The same of what another process put there. */
export interface ForeignHead extends SharedHead {
  /** By how much that one's clock goes before ours: times that stand in the value are told by it. */
  readonly aheadMs: number;
}

interface SharedReadingsOptions {
  readonly engine: FleetEngine;
  readonly clock: Clock;
  /** What all who may share readings have in common, and nobody else has: the site, the credential, what is left out. */
  readonly scope: string;
  /** Told when a process finds out that what was read from then until then, by whichever, was read as somebody else. */
  onDistrusted(fromMs: number, toMs: number): void;
}

/**
 * What the processes of a deployment have read of one site with one credential, in the engine that they share. Storage and leases
 * only: whether something counts is for who asks to say.
 */
export class SharedReadings {
  readonly #engine: FleetEngine;
  readonly #clock: Clock;
  readonly #scope: string;
  readonly #era: Era;
  readonly #leases: Leases;
  readonly #outbox: Outbox;
  readonly #closed = new AbortController();
  #together: { readonly asked: Asked[]; readonly answers: Promise<Looked[]> } | null = null;
  #lookedAtMs = Number.NEGATIVE_INFINITY;
  #isWatching = false;

  constructor({ engine, clock, scope, onDistrusted }: SharedReadingsOptions) {
    this.#engine = engine;
    this.#clock = clock;
    this.#scope = scope;
    this.#era = new Era(engine, engine.key(scope, "era"), () => clock.now(), onDistrusted);
    this.#leases = new Leases(engine, clock);
    this.#outbox = new Outbox(engine, clock, this.#leases);
    const stop = engine.onTurn((isThere) => {
      this.#outbox.clear();
      this.#leases.clear();
      if (isThere) void this.#era.tell();
    });
    this.#closed.signal.addEventListener("abort", stop, { once: true });
  }

  get isThere(): boolean {
    return this.#engine.isThere && this.#era.isTold;
  }

  /** Whether it is worth waiting for: one that only misses a moment is. */
  get isEngineThere(): boolean {
    return this.#engine.isThere;
  }

  /** What this process has still to hand over: what it read, and the ends of its leases. */
  get pending(): number {
    return this.#outbox.size + this.#leases.size;
  }

  /** Where something of a kind stands. Another version of what is shared stands elsewhere. */
  placeOf(kind: string, id: string): Place {
    const key = this.#engine.key(this.#scope, `v${shapeVersion}`, kind, id);
    return { key, lease: `${key}:lease` };
  }

  /** Looks for things, taking the leases of what is to be read. Rejects with `EngineAway`. */
  async look(asked: readonly Asked[]): Promise<Looked[]> {
    const together = this.#together ?? { asked: [], answers: this.#nextTurn() };
    this.#together = together;
    const start = together.asked.length;
    together.asked.push(...asked);
    return (await together.answers).slice(start, start + asked.length);
  }

  /** What is looked for in one turn of the loop, by whichever readings, is looked for in one step. */
  async #nextTurn(): Promise<Looked[]> {
    await new Promise((resolve) => setImmediate(resolve));
    const asked = this.#together?.asked ?? [];
    this.#together = null;
    const chunks: (readonly Asked[])[] = [];
    for (let start = 0; start < asked.length; start += keysAtOnce) chunks.push(asked.slice(start, start + keysAtOnce));
    return (await Promise.all(chunks.map((chunk) => this.#look(chunk)))).flat();
  }

  async #look(asked: readonly Asked[]): Promise<Looked[]> {
    const token = this.#leases.nextToken();
    const keys = asked.flatMap(({ place: { key, lease } }) => [key, lease]);
    const modes = asked.map(({ mode }) => mode);
    const answer = await this.#engine.run(
      look,
      [this.#era.key, ...keys],
      [token, leaseMs, mostReplyBytes, ...this.#era.first, ...modes],
    );
    const [eras, ...replies] = Array.isArray(answer) ? (answer as readonly EngineReply[]) : [];
    this.#lookedAtMs = this.#clock.now();
    this.#era.see(eras);
    return asked.map(({ place }, index) => {
      const looked = readLooked(replies[index]);
      if (looked === "ours") this.#leases.hold(place.lease, token);
      return looked;
    });
  }

  /** What bytes are; `null` where they do not count, whoever asks. */
  async open({ key }: Place, bytes: Buffer): Promise<{ readonly head: ForeignHead; readonly value: unknown } | null> {
    const plain = this.#engine.open(key, bytes);
    if (plain === null) return null;
    try {
      const { head, value } = await decode(plain);
      const [era, position, ...numbers] = Array.isArray(head) ? (head as readonly unknown[]) : [];
      const [readAtMs, beganAtMs, endedAtMs, offsetMs] = numbers.filter((each) => typeof each === "number");
      if (era !== this.#era.name || typeof position !== "string") return null;
      if (readAtMs === undefined || beganAtMs === undefined || endedAtMs === undefined || offsetMs === undefined)
        return null;
      this.#watch();
      const times = {
        readAtMs: this.#ownMs(readAtMs),
        beganAtMs: this.#ownMs(beganAtMs),
        endedAtMs: this.#ownMs(endedAtMs),
      };
      return { head: { position, times, aheadMs: this.#engine.toEngineMs(0) - offsetMs }, value };
    } catch {
      return null;
    }
  }

  /** Has something that was read go to the others, and ends our lease of it. */
  put({ key, lease }: Place, head: SharedHead, value: unknown, untilMs: number, onSent: Parcel["onSent"]): void {
    const { readAtMs, beganAtMs, endedAtMs } = head.times;
    const era = this.#era.name;
    // Nothing was looked for yet: who puts something there must know what it counts for.
    if (era === null) {
      this.leave({ key, lease });
      return;
    }
    const times = [readAtMs, beganAtMs, endedAtMs, 0].map((ms) => this.#engine.toEngineMs(ms));
    const token = this.#leases.tokenOf(lease) ?? "";
    this.#outbox.add({ key, lease, token, content: { head: [era, head.position, ...times], value }, untilMs, onSent });
  }

  /** Ends our lease of what is not for the others: the next may read it. */
  leave({ key, lease }: Place): void {
    const token = this.#leases.tokenOf(lease);
    if (token === undefined) return;
    this.#outbox.add({ key, lease, token, content: null, untilMs: 0, onSent: () => undefined });
  }

  /** What was read from then until then was read as somebody else: whatever is there counts no more. */
  distrust(fromMs: number, toMs: number): void {
    this.#era.begin(fromMs, toMs);
    // Should it be lost before the others have looked.
    this.#watch();
  }

  /** A pause before looking again; over at once where nobody waits any more. Long ones are over at the same moments. */
  async pause(durationMs: number, signal: AbortSignal): Promise<void> {
    const isLong = durationMs >= momentsMs;
    const leftMs = isLong ? momentsMs - (this.#clock.now() % momentsMs) : durationMs;
    await this.#clock.sleep(leftMs, signal).catch(() => undefined);
  }

  close(): void {
    this.#closed.abort("closed");
    this.#leases.close();
  }

  /** Nothing gets younger by the way, whatever the clocks say. */
  #ownMs(engineMs: number): number {
    return Math.min(this.#clock.now(), this.#engine.toOwnMs(engineMs));
  }

  /** What was taken from there may turn out to be untrue while nothing else is looked for. */
  #watch(): void {
    if (this.#isWatching) return;
    this.#isWatching = true;
    workForNobody(() => void this.#keepWatching());
  }

  async #keepWatching(): Promise<void> {
    const { signal } = this.#closed;
    while (!signal.aborted) {
      await this.#clock.sleep(watchMs, signal).catch(() => undefined);
      if (signal.aborted || !this.#engine.isThere || this.#clock.now() - this.#lookedAtMs < watchMs) continue;
      await this.#era.look();
    }
  }
}

function readLooked(reply: EngineReply | undefined): Looked {
  if (Buffer.isBuffer(reply)) return reply;
  if (reply === lookCodes.ours) return "ours";
  if (reply === lookCodes.more) return "more";
  if (reply === lookCodes.none) return "none";
  if (reply === lookCodes.stillHeld) return "still held";
  const holder: unknown = Array.isArray(reply) ? reply[0] : undefined;
  if (!Buffer.isBuffer(holder)) throw new EngineAway("an answer of another form");
  return { heldBy: holder.toString() };
}
