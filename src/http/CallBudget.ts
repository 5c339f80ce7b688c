import type { Clock } from "../domain/Clock.js";
import { SiteError } from "../domain/SiteError.js";

/** Where a call stands: obtaining its credential, waiting for a slot, on the wire, or pausing before it is repeated. */
export type CallPhase = "authorizing" | "queued" | "sent" | "pausing";

/** The time one call may take, and the one signal that ends its waiting wherever it stands. */
export class CallBudget {
  readonly startedMs: number;
  readonly deadlineMs: number;
  phase: CallPhase = "authorizing";

  readonly #clock: Clock;
  readonly #expiry = new AbortController();
  readonly #end = new AbortController();

  constructor(
    readonly call: string,
    readonly budgetMs: number,
    clock: Clock,
  ) {
    this.#clock = clock;
    this.startedMs = clock.now();
    this.deadlineMs = this.startedMs + budgetMs;
    clock.sleep(budgetMs, this.#end.signal).then(
      () => this.#expiry.abort(this.#spentError()),
      () => undefined,
    );
  }

  /** Aborted with a `SiteError` when the budget is spent or the call is cancelled. */
  get signal(): AbortSignal {
    return this.#expiry.signal;
  }

  get elapsedMs(): number {
    return this.#clock.now() - this.startedMs;
  }

  cancel(reason: SiteError): void {
    this.#expiry.abort(reason);
  }

  /** The call is over: its timer goes. */
  finish(): void {
    this.#end.abort("finished");
  }

  /** Resolves like `work`, unless the budget is spent first. */
  within<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const stop = () => reject(this.signal.reason);
      if (this.signal.aborted) stop();
      this.signal.addEventListener("abort", stop, { once: true });
      work.then(resolve, reject).finally(() => this.signal.removeEventListener("abort", stop));
    });
  }

  #spentError(): SiteError {
    const { call } = this;
    const seconds = `${this.budgetMs / 1_000} s`;
    switch (this.phase) {
      case "sent": {
        const message = `${call} got no answer within ${seconds}. The site is slow or unreachable; ask again later.`;
        return new SiteError("Unreachable", message, { call, isAnswerLost: true });
      }
      case "authorizing": {
        const message = `${call} was not sent: no credential could be obtained within ${seconds}. Check that the site's authentication service is reachable.`;
        return new SiteError("Unreachable", message, { call });
      }
      default: {
        const message = `${call} was not sent within ${seconds}: too many calls to this site wait already. Ask again later, or raise the site's concurrency.`;
        return new SiteError("Throttled", message, { call });
      }
    }
  }
}
