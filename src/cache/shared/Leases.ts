import type { Clock } from "../../domain/Clock.js";
import { EngineAway, type FleetEngine } from "../../fleet/FleetEngine.js";
import { workForNobody } from "../../http/Waiting.js";
import { keep } from "./functions.js";

/** How long a lease lasts without its owner, and how often that owner says that it is there. */
export const leaseMs = 3_000;
const beatMs = 1_000;
const keptAtOnce = 500;

/**
 * The leases that this process has: while it reads something, the others wait for that. They last for as long as it says that it is
 * there.
 */
export class Leases {
  readonly #engine: FleetEngine;
  readonly #clock: Clock;
  readonly #tokens = new Map<string, string>();
  readonly #closed = new AbortController();
  #isBeating = false;
  #given = 0;

  constructor(engine: FleetEngine, clock: Clock) {
    this.#engine = engine;
    this.#clock = clock;
  }

  /** By what a lease is known again that is taken next. */
  nextToken(): string {
    this.#given += 1;
    return `${this.#engine.processId}:${this.#given}`;
  }

  /** We have it now. */
  hold(lease: string, token: string): void {
    this.#tokens.set(lease, token);
    if (this.#isBeating) return;
    this.#isBeating = true;
    workForNobody(() => void this.#beat());
  }

  /** Its token, where we have it. */
  tokenOf(lease: string): string | undefined {
    return this.#tokens.get(lease);
  }

  /** It has ended. */
  drop(lease: string, token: string): void {
    if (this.#tokens.get(lease) === token) this.#tokens.delete(lease);
  }

  /** They are not worth anything any more: where they were kept is away. */
  clear(): void {
    this.#tokens.clear();
  }

  get size(): number {
    return this.#tokens.size;
  }

  close(): void {
    this.#closed.abort("closed");
  }

  async #beat(): Promise<void> {
    const { signal } = this.#closed;
    while (this.#tokens.size > 0 && !signal.aborted) {
      await this.#clock.sleep(beatMs, signal).catch(() => undefined);
      const held = [...this.#tokens];
      for (let start = 0; start < held.length; start += keptAtOnce) {
        const some = held.slice(start, start + keptAtOnce);
        await this.#keep(some);
      }
    }
    this.#isBeating = false;
  }

  async #keep(held: readonly (readonly [lease: string, token: string])[]): Promise<void> {
    try {
      const tokens = held.map(([, token]) => token);
      await this.#engine.unhurried.run(
        keep,
        held.map(([lease]) => lease),
        [leaseMs, ...tokens],
      );
    } catch (error) {
      if (!(error instanceof EngineAway)) throw error;
    }
  }
}
