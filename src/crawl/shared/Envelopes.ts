import type { PartCopy } from "../../access/index/copies/PartCopies.js";
import type { ToOwn } from "../../access/index/copies/readings.js";
import type { Clock } from "../../domain/Clock.js";
import type { GroupId } from "../../domain/ids.js";
import type { CrawlTold } from "../KeptIndex.js";
import type { MemoryCopy } from "./crawlCopy.js";

/** What stands under one name: a part of the index, or of what is remembered beside it. */
export type Kept =
  | PartCopy
  | { readonly of: "crawl"; readonly memory: MemoryCopy; readonly told: CrawlTold }
  | { readonly of: "listed"; readonly groups: readonly GroupId[] | null };

export interface Envelope {
  /** One moment, by the clock of who tells and by everybody's. */
  readonly ownMs: number;
  readonly engineMs: number;
  readonly kept: Kept;
}

/** How the crawl stood, and what it remembers. */
export type CrawlEnvelope = Envelope & { readonly kept: Extract<Kept, { readonly of: "crawl" }> };

/** A moment of this process as all processes have it, and the other way round. */
export interface SharedTimes {
  toEngineMs(ownMs: number): number;
  toOwnMs(engineMs: number): number;
}

/** Puts with what is told by which clock its ages are. */
export class Envelopes {
  readonly #times: SharedTimes;
  readonly #clock: Clock;

  constructor(times: SharedTimes, clock: Clock) {
    this.#times = times;
    this.#clock = clock;
  }

  wrap(kept: Kept): Envelope {
    const ownMs = this.#clock.now();
    return { ownMs, engineMs: this.#times.toEngineMs(ownMs), kept };
  }

  toOwn({ ownMs, engineMs }: Envelope): ToOwn {
    const here = this.#times.toOwnMs(engineMs);
    return (moment) => Math.min(here - (ownMs - moment), this.#clock.now());
  }
}
