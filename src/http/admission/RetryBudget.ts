/** Calls of which each earns a tenth of a repetition, beside those that there are to begin with. */
const callsARepetition = 10;
const atLeast = 20;

/**
 * How often calls to a site may be repeated, all together: a tenth of what is asked, and some more when it has been quiet.
 * A site that fails much is not asked several times as much for it. What the site itself asked to be repeated later is not counted.
 */
export class RetryBudget {
  readonly #most: number;
  #left: number;

  constructor({ concurrency }: { readonly concurrency: number }) {
    this.#most = Math.max(atLeast, 2 * concurrency);
    this.#left = this.#most;
  }

  /** A call is made for the first time. */
  earn(): void {
    this.#left = Math.min(this.#most, this.#left + 1 / callsARepetition);
  }

  /** Whether a call may be repeated; counts it. */
  spend(): boolean {
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }
}
