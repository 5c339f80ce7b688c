import { LRUCache } from "lru-cache";
import type { CallerLimits } from "../config/callers/CallersConfig.js";
import type { Clock } from "../domain/Clock.js";
import type { Caller } from "./Caller.js";

/** What a caller has asked too much of, and when asking again makes sense. */
export interface OverBudget {
  readonly budget: "cost" | "operations" | "writes";
  readonly limit: number;
  readonly retryAfterMs: number;
}

/** Callers whose budgets are remembered: a token of an issuer names as many as it likes. */
const maxCallers = 10_000;

/** What each answer costs its caller at least. */
export const leastCost = 1;

/** Bytes that cost as much as a unit of work: an answer of 1,000 rows that is given again costs a fiftieth or less of one made anew. */
const bytesOfUnit = 1_024;

/** How soon a caller may ask again whose operations are all under way. */
const busyPauseMs = 1_000;

/** What each caller may still ask for, by its name: all its connections share it. */
export class CallerBudgets {
  readonly #clock: Clock;
  readonly #budgets = new LRUCache<string, CallerBudget>({ max: maxCallers });

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  of({ name, limits }: Caller): CallerBudget {
    const known = this.#budgets.get(name);
    // Limits that were changed in the file begin anew.
    if (known?.limits === limits) return known;
    const made = new CallerBudget(limits, this.#clock);
    this.#budgets.set(name, made);
    return made;
  }
}

/** What one caller may still ask for. */
export class CallerBudget {
  readonly #cost: Bucket;
  readonly #writes: Bucket;
  #underWay = 0;

  constructor(
    readonly limits: CallerLimits,
    clock: Clock,
  ) {
    this.#cost = new Bucket(limits.costPerMinute, clock);
    this.#writes = new Bucket(limits.writesPerMinute, clock);
  }

  /** Lets so many operations begin, or says why not. Whoever began them ends them. */
  begin(operations: number): OverBudget | null {
    const { operationsAtOnce, costPerMinute } = this.limits;
    const retryAfterMs = this.#cost.waitMs;
    if (retryAfterMs > 0) return { budget: "cost", limit: costPerMinute ?? 0, retryAfterMs };
    if (operationsAtOnce !== null && this.#underWay + operations > operationsAtOnce) {
      return { budget: "operations", limit: operationsAtOnce, retryAfterMs: busyPauseMs };
    }
    this.#underWay += operations;
    return null;
  }

  end(operations: number): void {
    this.#underWay -= operations;
  }

  /** Takes what an operation has cost: known when it is through, so what goes beyond is waited for by the next. */
  charge(cost: number): void {
    this.#cost.take(cost);
  }

  /** Takes what an answer has cost that is given again: next to nothing but its bytes. */
  chargeRepeat(bytes: number): void {
    this.#cost.take(leastCost + bytes / bytesOfUnit);
  }

  /** Lets so many changes be made, or says why not. */
  write(changes: number): OverBudget | null {
    const retryAfterMs = this.#writes.waitMs;
    if (retryAfterMs > 0) return { budget: "writes", limit: this.limits.writesPerMinute ?? 0, retryAfterMs };
    this.#writes.take(changes);
    return null;
  }

  /** Takes further changes, which one that was let be made was found to be made of: the next waits for what goes beyond. */
  chargeWrites(changes: number): void {
    this.#writes.take(changes);
  }
}

/** Fills evenly, a minute's worth at most; one who overdrew waits until there is something in it again. */
class Bucket {
  readonly #perMinute: number | null;
  readonly #clock: Clock;
  #level: number;
  #atMs: number;

  constructor(perMinute: number | null, clock: Clock) {
    this.#perMinute = perMinute;
    this.#clock = clock;
    this.#level = perMinute ?? 0;
    this.#atMs = clock.now();
  }

  get waitMs(): number {
    if (this.#perMinute === null) return 0;
    this.#fill(this.#perMinute);
    // A whole unit has to be there: a sliver of one would let a caller through at any rate.
    return this.#level >= 1 ? 0 : Math.ceil(((1 - this.#level) * 60_000) / this.#perMinute);
  }

  take(amount: number): void {
    if (this.#perMinute === null) return;
    this.#fill(this.#perMinute);
    this.#level -= amount;
  }

  #fill(perMinute: number): void {
    const now = this.#clock.now();
    this.#level = Math.min(perMinute, this.#level + ((now - this.#atMs) * perMinute) / 60_000);
    this.#atMs = now;
  }
}
