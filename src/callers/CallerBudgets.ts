import { LRUCache } from "lru-cache";
import type { CallerLimits } from "../config/callers/CallersConfig.js";
import type { Clock } from "../domain/Clock.js";
import type { FleetEngine } from "../fleet/FleetEngine.js";
import { Bucket } from "./Bucket.js";
import type { Caller } from "./Caller.js";
import {
  type BucketName,
  bucketNames,
  callersLimits,
  type Settled,
  type ToldOfCaller,
} from "./shared/callersFunction.js";
import { type Shareable, SharedCallers } from "./shared/SharedCallers.js";

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

/** What each caller may still ask for, by its name: all its connections share it, and so do the processes of a deployment. */
export class CallerBudgets {
  readonly #clock: Clock;
  readonly #shared: SharedCallers | null;
  /** Counted as sizes: a bound on the number alone takes up room for all of them at the start. */
  readonly #budgets = new LRUCache<string, CallerBudget>({ maxSize: maxCallers, sizeCalculation: () => 1 });

  /** @param engine by which processes share; none unless it is said. */
  constructor(clock: Clock, engine: FleetEngine | null = null) {
    this.#clock = clock;
    this.#shared = engine === null ? null : new SharedCallers(engine, clock);
  }

  of({ name, limits }: Caller): CallerBudget {
    const known = this.#budgets.get(name);
    if (known !== undefined) {
      known.limit(limits);
      return known;
    }
    const made = new CallerBudget(name, limits, { clock: this.#clock, shared: this.#shared });
    this.#budgets.set(name, made);
    return made;
  }
}

interface BudgetParts {
  readonly clock: Clock;
  readonly shared: SharedCallers | null;
}

/** What one caller may still ask for. */
export class CallerBudget implements Shareable {
  readonly name: string;
  readonly #clock: Clock;
  readonly #shared: SharedCallers | null;
  readonly #buckets: Readonly<Record<BucketName, Bucket>>;
  #limits: CallerLimits;
  #underWay = 0;
  #since: string | null = null;
  #heardMs = Number.NEGATIVE_INFINITY;
  /** Operations that other processes had under way when they were heard of. */
  #others = 0;
  /** Something was taken that others were not told of, or in vain. */
  #isApart = false;

  constructor(name: string, limits: CallerLimits, { clock, shared }: BudgetParts) {
    this.name = name;
    this.#limits = limits;
    this.#clock = clock;
    this.#shared = shared;
    this.#buckets = {
      cost: new Bucket(limits.costPerMinute, clock),
      writes: new Bucket(limits.writesPerMinute, clock),
      dryRuns: new Bucket(limits.writesPerMinute, clock),
    };
  }

  /** Limits that the file has by now: what was taken before stays taken, and what is left fills at the new rate. */
  limit(limits: CallerLimits): void {
    if (limits === this.#limits) return;
    this.#limits = limits;
    this.#buckets.cost.refit(limits.costPerMinute);
    this.#buckets.writes.refit(limits.writesPerMinute);
    this.#buckets.dryRuns.refit(limits.writesPerMinute);
  }

  /** Lets so many operations begin, or says why not. Whoever began them ends them. */
  begin(operations: number): OverBudget | null {
    const { operationsAtOnce, costPerMinute } = this.#limits;
    this.#touch();
    const retryAfterMs = this.#buckets.cost.waitMs;
    if (retryAfterMs > 0) return { budget: "cost", limit: costPerMinute ?? 0, retryAfterMs };
    if (operationsAtOnce !== null && !this.#hasRoomFor(operations, operationsAtOnce)) {
      return { budget: "operations", limit: operationsAtOnce, retryAfterMs: busyPauseMs };
    }
    this.#underWay += operations;
    return null;
  }

  end(operations: number): void {
    this.#underWay -= operations;
    this.#touch();
  }

  /** Takes what an operation has cost: known when it is through, so what goes beyond is waited for by the next. */
  charge(cost: number): void {
    this.#take("cost", cost);
  }

  /** Takes what an answer has cost that is given again: next to nothing but its bytes. */
  chargeRepeat(bytes: number): void {
    this.#take("cost", leastCost + bytes / bytesOfUnit);
  }

  /** Lets so many changes be made, or says why not: at once, unless other processes are asked. */
  write(changes: number): OverBudget | null | Promise<OverBudget | null> {
    return this.#change("writes", changes);
  }

  /** The same for changes that are planned alone: a budget of their own, so that whoever looks first may write as much. */
  rehearse(changes: number): OverBudget | null | Promise<OverBudget | null> {
    return this.#change("dryRuns", changes);
  }

  /** Takes further changes, which one that was let be made was found to be made of: the next waits for what goes beyond. */
  chargeWrites(changes: number): void {
    this.#take("writes", changes);
  }

  chargeDryRuns(changes: number): void {
    this.#take("dryRuns", changes);
  }

  get isBusy(): boolean {
    return this.#underWay > 0;
  }

  get heardMs(): number {
    return this.#heardMs;
  }

  tell(): ToldOfCaller {
    const told = bucketNames.flatMap((name) => {
      const bucket = this.#buckets[name];
      const state = bucket.tell();
      return state === null ? [] : [[name, { most: bucket.perMinute ?? 0, ...state }] as const];
    });
    return {
      ...(this.#since === null ? {} : { since: this.#since }),
      isApart: this.#isApart,
      buckets: Object.fromEntries(told),
      underWay: this.#underWay,
    };
  }

  hear(settled: Settled | null): void {
    this.#heardMs = this.#clock.now();
    this.#isApart = settled === null;
    this.#others = settled?.others ?? 0;
    if (settled === null) return;
    this.#since = settled.since;
    for (const name of bucketNames) {
      const level = settled.levels[name];
      if (level !== undefined) this.#buckets[name].hear(level);
    }
  }

  #hasRoomFor(operations: number, most: number): boolean {
    const parts = this.#shared?.parts ?? 1;
    if (parts > 1) {
      // A batch is not kept out for as long as the processes do not hear of each other.
      if (this.#underWay === 0) return operations <= most;
      return (this.#underWay + operations) * parts <= most;
    }
    const areOthersKnown = this.#heardMs + callersLimits.heardMs > this.#clock.now();
    return this.#underWay + operations + (areOthersKnown ? this.#others : 0) <= most;
  }

  #change(budget: "writes" | "dryRuns", changes: number): OverBudget | null | Promise<OverBudget | null> {
    if (this.#shared?.isShared !== true || this.#limits.writesPerMinute === null)
      return this.#changeHere(budget, changes);
    return this.#shared.ask(this, { of: budget, amount: changes }).then((settled) => {
      if (settled?.isLet === undefined) return this.#changeHere(budget, changes);
      return settled.isLet ? null : this.#over(budget, Math.max(1, this.#buckets[budget].waitMs));
    });
  }

  #changeHere(budget: "writes" | "dryRuns", changes: number): OverBudget | null {
    const retryAfterMs = this.#buckets[budget].waitMs;
    if (retryAfterMs > 0) return this.#over(budget, retryAfterMs);
    this.#take(budget, changes);
    return null;
  }

  #over(budget: "writes" | "dryRuns", retryAfterMs: number): OverBudget {
    return { budget, limit: this.#limits.writesPerMinute ?? 0, retryAfterMs };
  }

  /** While this process is by itself the others take as much, for all that it knows: each has an equal part. */
  #take(name: BucketName, amount: number): void {
    const shared = this.#shared;
    this.#buckets[name].take(amount * (shared?.parts ?? 1));
    if (shared === null) return;
    if (!shared.isShared) this.#isApart = true;
    this.#touch();
  }

  #touch(): void {
    const { costPerMinute, operationsAtOnce, writesPerMinute } = this.#limits;
    if (costPerMinute === null && operationsAtOnce === null && writesPerMinute === null) return;
    this.#shared?.touch(this);
  }
}
