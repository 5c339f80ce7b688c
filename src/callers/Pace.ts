import { performance } from "node:perf_hooks";
import { currentWaiter } from "../http/Waiting.js";
import { othersTurn, sliceMs, turns, whoAsks } from "./Turns.js";

/** How a piece of work is divided that nobody has counted beforehand: by the clock alone, between any two of its steps. */
export interface Pacing {
  /** Whether others should have their turn before it goes on. */
  readonly isLate: boolean;
  /** When they have had it; `false` where nobody waits for the work any more. */
  next(): Promise<boolean>;
}

/** The pace of work while others ask. */
export class Pace implements Pacing {
  #untilMs = performance.now() + sliceMs();

  /** `null` where nobody else asks: the work is done in one go. */
  static besideOthers(): Pace | null {
    return turns.isBeside(whoAsks().from) ? new Pace() : null;
  }

  get isLate(): boolean {
    return performance.now() >= this.#untilMs;
  }

  async next(): Promise<boolean> {
    await othersTurn();
    this.#untilMs = performance.now() + sliceMs();
    return currentWaiter()?.isGone !== true;
  }
}
