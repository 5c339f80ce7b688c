import { AsyncLocalStorage } from "node:async_hooks";
import { Errand } from "./admission/Errand.js";

/** Somebody who waits for an answer, and may go: a client that hangs up, a request whose time is over. */
export interface Waiter {
  readonly isGone: boolean;
  /** What its calls are made for; `null` where that is nobody's in particular. */
  readonly errand: Errand | null;
  onGone(hear: () => void): void;
}

const current = new AsyncLocalStorage<Waiter | null>();

/** Does work for somebody: its calls are worth making while they wait, and end when they go. */
export function workFor<T>(waiter: Waiter, work: () => T): T {
  return current.run(waiter, work);
}

/** Does work that is done to its end whoever goes: what others share, and every change. */
export function workForAll<T>(work: () => T): T {
  return current.getStore() == null ? work() : current.run(null, work);
}

/** The same for a change of somebody's: nobody can call it off, and its calls go before others. */
export function workForChange<T>(caller: string, work: () => T): T {
  return current.run({ isGone: false, errand: new Errand("change", caller), onGone: () => undefined }, work);
}

/** Whom the work at hand is for; `null` where it is done to its end. */
export function currentWaiter(): Waiter | null {
  return current.getStore() ?? null;
}

/** One who goes when told. */
export class Leaver implements Waiter {
  errand: Errand | null = null;
  #isGone = false;
  readonly #heard: (() => void)[] = [];

  get isGone(): boolean {
    return this.#isGone;
  }

  onGone(hear: () => void): void {
    if (this.#isGone) hear();
    else this.#heard.push(hear);
  }

  go(): void {
    if (this.#isGone) return;
    this.#isGone = true;
    for (const hear of this.#heard.splice(0)) hear();
  }
}

/** All who wait for one piece of work: gone when the last of them is. Who does not come with a name waits to the end. */
export class Crowd extends Leaver {
  #waiting = 0;

  join(waiter: Waiter | null): void {
    this.#waiting += 1;
    // What is still to be asked for it goes as soon as it would for the one of them who goes first.
    const errand = waiter?.errand ?? null;
    if (errand !== null && (this.errand === null || errand.goesBefore(this.errand))) this.errand = errand;
    waiter?.onGone(() => {
      this.#waiting -= 1;
      if (this.#waiting === 0) this.go();
    });
  }
}
