import { type Complete, mergeTrust, type Trust, unread } from "../domain/Complete.js";
import { gapFromError } from "../domain/gapFromError.js";
import { SiteError } from "../domain/SiteError.js";

/**
 * Collects the parts of a reading that many calls make up. A part that failed becomes a gap; a bug of ours is thrown.
 * When every part failed, nothing was read, and `finish` rejects with the first failure instead of an empty list.
 */
export class ReadingParts<T> {
  readonly #items: T[] = [];
  readonly #trusts: Trust[] = [];
  readonly #nowMs: number;
  #firstError: SiteError | undefined;
  #hasRead = false;

  constructor(nowMs: number) {
    this.#nowMs = nowMs;
  }

  /** Adds what one call gave. `null` is a part that is not there (a group deleted meanwhile): nothing to add, no gap. */
  add(missing: string, outcome: Complete<T> | null | Error): void {
    if (outcome instanceof Error) {
      if (!(outcome instanceof SiteError)) throw outcome;
      this.#firstError ??= outcome;
      this.#trusts.push(unread(gapFromError(missing, outcome), this.#nowMs));
      return;
    }
    this.#hasRead = true;
    if (outcome === null) return;
    for (const item of outcome.items) this.#items.push(item);
    this.#trusts.push(outcome);
  }

  finish(): Complete<T> {
    if (!this.#hasRead && this.#firstError !== undefined) throw this.#firstError;
    return { ...mergeTrust(this.#trusts, this.#nowMs), items: this.#items };
  }
}
