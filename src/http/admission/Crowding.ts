import { SiteError } from "../../domain/SiteError.js";
import { admissionLimits } from "../limits.js";
import type { Errand } from "./Errand.js";
import { type Rank, ranks } from "./TurnQueue.js";

/** How many wait. */
interface Line {
  readonly size: number;
  sizeOf(rank: Rank): number;
  sizeOfCaller(caller: string): number;
}

/** Whether one more may wait, and when it makes sense to come back where not. */
export class Crowding {
  readonly #line: Line;
  readonly #maxWaiting: number;
  /** How long one turn took of late. */
  #turnMs = 0;
  #lastTurnAtMs: number | null = null;

  constructor(line: Line, maxWaiting: number = admissionLimits.maxWaiting) {
    this.#line = line;
    this.#maxWaiting = maxWaiting;
  }

  /** A turn after another while somebody waits: how long that takes is how fast the queue moves. */
  noteTurn(nowMs: number): void {
    if (this.#lastTurnAtMs !== null) {
      const tookMs = this.#line.size === 0 ? 0 : nowMs - this.#lastTurnAtMs;
      this.#turnMs += (tookMs - this.#turnMs) / 16;
    }
    this.#lastTurnAtMs = nowMs;
  }

  /** Why a call finds no place; `null` where it does. */
  refusalOf(call: string, rank: Rank, { caller }: Errand): SiteError | null {
    if (rank === ranks.background || rank === ranks.change) return null;
    const waiting = this.#line.sizeOf(ranks.small) + this.#line.sizeOf(ranks.long);
    const isOfCaller = waiting < this.#maxWaiting;
    const callersPlaces = Math.max(1, Math.floor(this.#maxWaiting * admissionLimits.callerShare));
    // Counting a caller's own is work; while few wait nobody can have too many.
    if (waiting < callersPlaces || (isOfCaller && this.#line.sizeOfCaller(caller) < callersPlaces)) return null;
    const retryAfterMs = Math.max(admissionLimits.minComeBackMs, Math.ceil(waiting * this.#turnMs));
    const whose = isOfCaller ? "of the same caller " : "";
    const message = `${call} was not sent: ${waiting} calls to this site ${whose}wait for their turn already, and more may not. Ask for less at once, or again in ${Math.ceil(retryAfterMs / 1_000)} s.`;
    return new SiteError("Overloaded", message, { call, retryAfterMs });
  }
}
