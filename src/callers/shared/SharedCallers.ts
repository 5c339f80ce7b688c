import type { Clock } from "../../domain/Clock.js";
import type { FleetEngine } from "../../fleet/FleetEngine.js";
import { Alarm } from "../../http/admission/Alarm.js";
import { callersFunction, callersLimits, readSettled, type Settled, type ToldOfCaller } from "./callersFunction.js";

/** One caller's budget, as it is told to the other processes and heard of them. */
export interface Shareable {
  readonly name: string;
  readonly isBusy: boolean;
  /** When it was heard of last. */
  readonly heardMs: number;
  tell(): ToldOfCaller;
  /** `null`: what was told last may be lost. */
  hear(settled: Settled | null): void;
}

/**
 * The budgets of callers over all processes of a deployment. What reads cost is decided on here, by what was heard last, and settled
 * behind them; so a caller of n processes may have, beyond its budget, what n - 1 of them let through within `settleMs` and a round
 * trip. What has to be exact is asked for.
 */
export class SharedCallers {
  readonly #engine: FleetEngine;
  readonly #clock: Clock;
  readonly #alarm: Alarm;
  readonly #touched = new Set<Shareable>();
  #isSettling = false;
  #isWanted = false;

  constructor(engine: FleetEngine, clock: Clock) {
    this.#engine = engine;
    this.#clock = clock;
    this.#alarm = new Alarm(clock, () => void this.#settle());
  }

  get isShared(): boolean {
    return this.#engine.isThere;
  }

  /** Of how many equal parts of each budget this process has one. */
  get parts(): number {
    return this.isShared ? 1 : Math.max(1, this.#engine.processes);
  }

  /** Something happened to it that others have to hear of, or that rests on what they did. */
  touch(budget: Shareable): void {
    if (!this.isShared) return;
    this.#touched.add(budget);
    this.#alarm.at(Math.max(this.#clock.now(), budget.heardMs + callersLimits.settleMs));
  }

  /** Tells and hears of one at once; `null`: by itself, nobody was heard. */
  async ask(budget: Shareable, ask: NonNullable<ToldOfCaller["ask"]>): Promise<Settled | null> {
    if (!this.isShared) return null;
    const [settled] = (await this.#run([budget], ask)) ?? [];
    return settled ?? null;
  }

  async #settle(): Promise<void> {
    if (this.#isSettling) {
      this.#isWanted = true;
      return;
    }
    this.#isSettling = true;
    const due = [...this.#touched];
    this.#touched.clear();
    for (let from = 0; from < due.length && this.isShared; from += callersLimits.atOnce)
      await this.#run(due.slice(from, from + callersLimits.atOnce));
    this.#isSettling = false;
    const nowMs = this.#clock.now();
    // Who is not heard of has nothing under way, so that is told again and again.
    const busy = due.filter(({ isBusy }) => isBusy);
    for (const each of busy) this.#touched.add(each);
    if (busy.length > 0) this.#alarm.at(nowMs + callersLimits.heardMs);
    if (this.#isWanted) this.#alarm.at(nowMs);
    this.#isWanted = false;
  }

  async #run(budgets: readonly Shareable[], ask?: ToldOfCaller["ask"]): Promise<readonly Settled[] | null> {
    const engine = this.#engine;
    const keys = budgets.map(({ name }) => engine.key("callers", "caller", name));
    const callers = budgets.map((each) => (ask === undefined ? each.tell() : { ...each.tell(), ask }));
    const message = JSON.stringify({ id: engine.processId, callers });
    const commands = ask === undefined ? engine.unhurried : engine;
    const settled = await commands.run(callersFunction, keys, [message]).then(
      (reply) => readSettled(reply, budgets.length),
      // The engine says by itself that it is away, and its log says why.
      () => null,
    );
    for (const [index, each] of budgets.entries()) each.hear(settled?.[index] ?? null);
    return settled;
  }
}
