import type { ToldAbroad } from "../engine/ChangeEvents.js";
import type { Resumption } from "./changeBody.js";
import { fleetLimits } from "./limits.js";
import type { Place, Position } from "./positions/position.js";

/** The latest changes of this process that stand in the stream, by their numbers: should the stream be lost, it tells them again. */
export class ToldLately {
  readonly #processId: string;
  #epoch: string | null = null;
  #own: { readonly n: number; readonly told: ToldAbroad }[] = [];

  constructor(processId: string) {
    this.#processId = processId;
  }

  note({ epoch, n }: Position, told: ToldAbroad): void {
    if (epoch !== this.#epoch) this.#own = [];
    this.#epoch = epoch;
    // Our own are read again where the answer to their telling was lost.
    if (this.#own.some((each) => each.n === n)) return;
    this.#own.push({ n, told });
    if (this.#own.length > fleetLimits.mostResumed) this.#own.shift();
  }

  /** What is to be told of an epoch that is lost, which was taken in up to there. */
  resumptionOf({ epoch, n }: Place): Resumption {
    const own = epoch === this.#epoch ? [...this.#own] : [];
    return { processId: this.#processId, previous: epoch, applied: n, own };
  }
}
