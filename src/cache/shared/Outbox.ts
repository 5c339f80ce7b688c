import type { Clock } from "../../domain/Clock.js";
import { EngineAway, type FleetEngine } from "../../fleet/FleetEngine.js";
import { workForNobody } from "../../http/Waiting.js";
import { encode } from "./encoding.js";
import { put } from "./functions.js";
import type { Leases } from "./Leases.js";

/** What goes in one step is no more than that: it must not keep others waiting. */
const mostAtOnce = { things: 100, bytes: 262_144 } as const;
/** What is larger is every process's own: one that takes that long to send would keep all others waiting. */
const mostSealedBytes = 1_048_576;
/** What waits to go. More than the largest list puts beside itself; what comes then does not go. */
const mostWaiting = 200_000;

/** Something that was read and goes to the others, or only the end of a lease. */
export interface Parcel {
  readonly key: string;
  readonly lease: string;
  /** Of the lease that ends by it; empty where none does. */
  readonly token: string;
  readonly content: { readonly head: unknown; readonly value: unknown } | null;
  /** Until when it may be answered with, by our clock. */
  readonly untilMs: number;
  /** Told what became of it. */
  onSent(outcome: "stored" | "large"): void;
}

/** What goes to the others, in the order in which it was read: what a list tells of its items stands there before the list does. */
export class Outbox {
  readonly #engine: FleetEngine;
  readonly #clock: Clock;
  readonly #leases: Leases;
  #waiting: Parcel[] = [];
  #isSending = false;

  constructor(engine: FleetEngine, clock: Clock, leases: Leases) {
    this.#engine = engine;
    this.#clock = clock;
    this.#leases = leases;
  }

  add(parcel: Parcel): void {
    if (!this.#engine.isThere || (this.#waiting.length >= mostWaiting && parcel.token === "")) return;
    this.#waiting.push(parcel);
    if (this.#isSending) return;
    this.#isSending = true;
    // What is read in one turn of the loop goes together.
    setImmediate(() => workForNobody(() => void this.#send()));
  }

  clear(): void {
    this.#waiting = [];
  }

  get size(): number {
    return this.#waiting.length;
  }

  async #send(): Promise<void> {
    try {
      for (let at = 0; this.#waiting.length > 0; ) {
        const waiting = this.#waiting;
        at = await this.#sendSome(waiting, at);
        if (waiting === this.#waiting && at >= waiting.length) this.#waiting = [];
        if (waiting !== this.#waiting) at = 0;
        await new Promise((resolve) => setImmediate(resolve));
      }
    } catch (error) {
      if (!(error instanceof EngineAway)) throw error;
      this.#waiting = [];
    } finally {
      this.#isSending = false;
    }
  }

  /** Answers where the next begin. */
  async #sendSome(waiting: readonly Parcel[], start: number): Promise<number> {
    const sent: { readonly parcel: Parcel; readonly bytes: Buffer | null }[] = [];
    let bytes = 0;
    let at = start;
    for (; at < waiting.length && sent.length < mostAtOnce.things && bytes < mostAtOnce.bytes; at += 1) {
      const parcel = waiting[at] as Parcel;
      const sealed = await this.#seal(parcel);
      bytes += sealed?.length ?? 0;
      sent.push({ parcel, bytes: sealed });
    }
    const nowMs = this.#clock.now();
    const lasting = (parcel: Parcel) => Math.ceil(parcel.untilMs - nowMs);
    await this.#engine.unhurried.run(
      put,
      sent.flatMap(({ parcel }) => [parcel.key, parcel.lease]),
      sent.flatMap(({ parcel, bytes: sealed }) => [
        sealed !== null && lasting(parcel) > 0 ? sealed : "",
        Math.max(1, lasting(parcel)),
        parcel.token,
      ]),
    );
    for (const { parcel, bytes: sealed } of sent) {
      if (parcel.token !== "") this.#leases.drop(parcel.lease, parcel.token);
      if (parcel.content !== null) parcel.onSent(sealed === null ? "large" : "stored");
    }
    return at;
  }

  async #seal({ key, content }: Parcel): Promise<Buffer | null> {
    if (content === null) return null;
    const plain = await encode(content.head, content.value);
    if (plain === null || plain.length > mostSealedBytes) return null;
    return this.#engine.seal(key, plain);
  }
}
