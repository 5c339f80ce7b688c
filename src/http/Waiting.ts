import { currentMarks, currentWork, type RequestMarks, runAs, type Work } from "../observability/currentWork.js";
import { Errand } from "./admission/Errand.js";

/** Somebody who waits for an answer, and may go: a client that hangs up, a request whose time is over. */
export interface Waiter {
  readonly isGone: boolean;
  /** What its calls are made for; `null` where that is nobody's in particular. */
  readonly errand: Errand | null;
  /** Of all that one caller asks, what comes by one connection comes from one; unknown where nothing of that kind is. */
  readonly from?: object | null;
  /** Answers how to stop listening: what is over long before they go must not be kept until then. */
  onGone(hear: () => void): () => void;
}

/** Work that somebody waits for, or nobody in particular. */
class WaitedFor implements Work {
  constructor(
    readonly waiter: Waiter | null,
    readonly marks: RequestMarks | null,
  ) {}
}

/** Does work for somebody: its calls are worth making while they wait, and end when they go. */
export function workFor<T>(waiter: Waiter, work: () => T, marks = currentMarks()): T {
  return runAs(new WaitedFor(waiter, marks), work);
}

/** Does work that is done to its end whoever goes: what others share, and every change. */
export function workForAll<T>(work: () => T): T {
  return currentWaiter() === null ? work() : runAs(new WaitedFor(null, currentMarks()), work);
}

/** The same for a change of somebody's: nobody can call it off, and its calls go before others. */
export function workForChange<T>(caller: string, work: () => T): T {
  const waiter = { isGone: false, errand: new Errand("change", caller), onGone: () => () => undefined };
  return runAs(new WaitedFor(waiter, currentMarks()), work);
}

/** Does work that goes on by itself, whoever asked for it first: it is no request's, and its lines in the log are none's. */
export function workForNobody<T>(work: () => T): T {
  return currentWork() === undefined ? work() : runAs(new WaitedFor(null, null), work);
}

/** Whom the work at hand is for; `null` where it is done to its end. */
export function currentWaiter(): Waiter | null {
  const work = currentWork();
  return work instanceof WaitedFor ? work.waiter : null;
}

/** One who goes when told. */
export class Leaver implements Waiter {
  errand: Errand | null = null;
  from: object | null = null;
  #isGone = false;
  /** `null` until there is one: what is answered at once has none. */
  #listeners: Set<() => void> | null = null;

  get isGone(): boolean {
    return this.#isGone;
  }

  onGone(hear: () => void): () => void {
    if (this.#isGone) hear();
    else {
      this.#listeners ??= new Set();
      this.#listeners.add(hear);
    }
    return () => this.#listeners?.delete(hear);
  }

  go(): void {
    if (this.#isGone) return;
    this.#isGone = true;
    for (const hear of this.#listeners ?? []) hear();
    this.#listeners = null;
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
