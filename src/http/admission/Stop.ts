/** What tells that something is over: an `AbortSignal`, or a `Stop`. */
export interface StopSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
  addEventListener(type: "abort", hear: () => void, options?: { readonly once?: boolean }): void;
  removeEventListener(type: "abort", hear: () => void): void;
}

/**
 * The same as an `AbortController` with its signal, for what there is one of for each call: those are event targets, and making one
 * and listening to it was a tenth of what a call costs us. Each listener hears it once.
 */
export class Stop implements StopSignal {
  #isAborted = false;
  #reason: unknown;
  readonly #listeners = new Set<() => void>();
  #controller: AbortController | null = null;

  get aborted(): boolean {
    return this.#isAborted;
  }

  get reason(): unknown {
    return this.#reason;
  }

  /** For who takes nothing else. */
  get signal(): AbortSignal {
    if (this.#controller === null) {
      this.#controller = new AbortController();
      if (this.#isAborted) this.#controller.abort(this.#reason);
    }
    return this.#controller.signal;
  }

  addEventListener(_type: "abort", hear: () => void): void {
    if (!this.#isAborted) this.#listeners.add(hear);
  }

  removeEventListener(_type: "abort", hear: () => void): void {
    this.#listeners.delete(hear);
  }

  abort(reason: unknown): void {
    if (this.#isAborted) return;
    this.#isAborted = true;
    this.#reason = reason;
    this.#controller?.abort(reason);
    for (const hear of this.#listeners) hear();
    this.#listeners.clear();
  }
}
