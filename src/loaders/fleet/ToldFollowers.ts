import type { FleetEngine } from "../../fleet/FleetEngine.js";
import type { Follower, Place, Position } from "./positions/position.js";

/** What one process told last, as it stood there. */
interface Told {
  readonly sealed: Buffer;
  /** `null`: that it leaves. */
  readonly at: Position | null;
  /** When it was first seen: it was told before that. */
  readonly seenMs: number;
}

type Seals = Pick<FleetEngine, "processId" | "seal" | "open">;

/** As long as the engine keeps what is not told anew. */
const forgottenAfterMs = 10_000;
const nowhere: Position = { epoch: "-", n: 0 };
const leaving = "leaves";

/**
 * How far each process has taken changes in, as they tell each other through the engine. Each tells it sealed, under its own name, so
 * that nobody else can have a process pass for further than it is; and who was heard of and is gone from there without having said that
 * it leaves counts on, until it was not heard of for so long that it does not matter any more.
 */
export class ToldFollowers {
  readonly #engine: Seals;
  readonly #key: string;
  readonly #nowMs: () => number;
  readonly #told = new Map<string, Told>();

  constructor(engine: Seals, key: string, nowMs: () => number) {
    this.#engine = engine;
    this.#key = key;
    this.#nowMs = nowMs;
  }

  /** How far this process is, for the others. */
  tell(at: Place | null): Buffer {
    const { epoch, n } = at ?? nowhere;
    return this.#seal(`${epoch} ${n}`);
  }

  get leaving(): Buffer {
    return this.#seal(leaving);
  }

  /** All that follow, by what stands in the engine now: names, each with a moment of the engine's and what it told. */
  take(standing: ReadonlyMap<string, Buffer>): readonly Follower[] {
    const nowMs = this.#nowMs();
    for (const [processId, value] of standing) this.#take(processId, value, nowMs);
    const followers: Follower[] = [];
    for (const [processId, { at, seenMs }] of this.#told) {
      const agoMs = Math.max(0, nowMs - seenMs);
      if (at !== null) followers.push({ processId, at, agoMs });
      if (!standing.has(processId) && (at === null || agoMs >= forgottenAfterMs)) this.#told.delete(processId);
    }
    return followers;
  }

  #take(processId: string, value: Buffer, seenMs: number): void {
    const sealed = value.subarray(value.indexOf(" ") + 1);
    if (this.#told.get(processId)?.sealed.equals(sealed) === true) return;
    this.#told.set(processId, { sealed, at: this.#readPlace(processId, sealed), seenMs });
  }

  /** Whoever told what does not open is there for all that is known, as with another key, and has heard of nothing. */
  #readPlace(processId: string, sealed: Buffer): Position | null {
    const plain = this.#engine.open(this.#nameOf(processId), sealed)?.toString("latin1");
    if (plain === leaving) return null;
    const [epoch = "", n = ""] = plain?.split(" ") ?? [];
    return plain === undefined ? nowhere : { epoch, n: Number(n) };
  }

  #seal(plain: string): Buffer {
    return this.#engine.seal(this.#nameOf(this.#engine.processId), Buffer.from(plain, "latin1"));
  }

  #nameOf(processId: string): string {
    return `${this.#key} ${processId}`;
  }
}
