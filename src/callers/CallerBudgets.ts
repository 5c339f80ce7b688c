import { LRUCache } from "lru-cache";
import type { CallerLimits } from "../config/callers/CallersConfig.js";
import type { Clock } from "../domain/Clock.js";
import type { Caller } from "./Caller.js";

/** What a caller has asked too much of, and when asking again makes sense. */
export interface OverBudget {
  readonly budget: "cost" | "operations" | "writes" | "dryRuns";
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
    if (known !== undefined) {
      known.limit(limits);
      return known;
    }
    const made = new CallerBudget(limits, this.#clock);
    this.#budgets.set(name, made);
    return made;
  }
}

/** What one caller may still ask for. */
export class CallerBudget {
  readonly #cost: Bucket;
  readonly #writes: Bucket;
  readonly #dryRuns: Bucket;
  #limits: CallerLimits;
  #underWay = 0;

  constructor(limits: CallerLimits, clock: Clock) {
    this.#limits = limits;
    this.#cost = new Bucket(limits.costPerMinute, clock);
    this.#writes = new Bucket(limits.writesPerMinute, clock);
    this.#dryRuns = new Bucket(limits.writesPerMinute, clock);
  }

  /** Limits that the file has by now: what was taken before stays taken, and what is left fills at the new rate. */
  limit(limits: CallerLimits): void {
    if (limits === this.#limits) return;
    this.#limits = limits;
    this.#cost.refit(limits.costPerMinute);
    this.#writes.refit(limits.writesPerMinute);
    this.#dryRuns.refit(limits.writesPerMinute);
  }

  /** Lets so many operations begin, or says why not. Whoever began them ends them. */
  begin(operations: number): OverBudget | null {
    const { operationsAtOnce, costPerMinute } = this.#limits;
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
    return this.#change("writes", this.#writes, changes);
  }

  /** The same for changes that are planned alone: a budget of their own, so that whoever looks first may write as much. */
  rehearse(changes: number): OverBudget | null {
    return this.#change("dryRuns", this.#dryRuns, changes);
  }

  /** Takes further changes, which one that was let be made was found to be made of: the next waits for what goes beyond. */
  chargeWrites(changes: number): void {
    this.#writes.take(changes);
  }

  chargeDryRuns(changes: number): void {
    this.#dryRuns.take(changes);
  }

  #change(budget: "writes" | "dryRuns", bucket: Bucket, changes: number): OverBudget | null {
    const retryAfterMs = bucket.waitMs;
    if (retryAfterMs > 0) return { budget, limit: this.#limits.writesPerMinute ?? 0, retryAfterMs };
    bucket.take(changes);
    return null;
  }
}

/** Fills evenly, a minute's worth at most; one who overdrew waits until there is something in it again. */
class Bucket {
  readonly #clock: Clock;
  #perMinute: number | null;
  /** Whatever is not bounded has no end; what is bounded later begins with a minute's worth. */
  #level: number;
  #atMs: number;

  constructor(perMinute: number | null, clock: Clock) {
    this.#perMinute = perMinute;
    this.#clock = clock;
    this.#level = perMinute ?? Number.POSITIVE_INFINITY;
    this.#atMs = clock.now();
  }

  refit(perMinute: number | null): void {
    if (perMinute === this.#perMinute) return;
    if (this.#perMinute !== null) this.#fill(this.#perMinute);
    this.#perMinute = perMinute;
    if (perMinute !== null) this.#level = Math.min(this.#level, perMinute);
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
