/** Calls of which each earns a tenth of a repetition, beside those that there are to begin with. */
const callsARepetition = 10;
const atLeast = 20;

/**
 * How often calls to a site may be repeated, all together: a tenth of what is asked, and some more when it has been quiet.
 * A site that fails much is not asked several times as much for it. What the site itself asked to be repeated later is not counted.
 */
export class RetryBudget {
  readonly most: number;
  #left: number;
  /** Earned less spent since the other processes that call the site were told. */
  #untold = 0;

  constructor({ concurrency }: { readonly concurrency: number }) {
    this.most = Math.max(atLeast, 2 * concurrency);
    this.#left = this.most;
  }

  /** A call is made for the first time. */
  earn(): void {
    this.#left = Math.min(this.most, this.#left + 1 / callsARepetition);
    this.#untold += 1 / callsARepetition;
  }

  /** Whether a call may be repeated; counts it. */
  spend(): boolean {
    if (this.#left < 1) return false;
    this.#left -= 1;
    this.#untold -= 1;
    return true;
  }

  /** What others have to be told: how much more there is. It counts as told. */
  tell(): number {
    const untold = this.#untold;
    this.#untold = 0;
    return untold;
  }

  /** How much there is by what all of them told. */
  hear(left: number): void {
    this.#left = Math.min(this.most, left + this.#untold);
  }

  /** From now on it is one of so many parts, and nothing is heard. */
  divide(parts: number): void {
    if (this.#left > 0) this.#left /= parts;
    this.#untold = 0;
  }
}
