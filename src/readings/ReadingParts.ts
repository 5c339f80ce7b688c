import type { Complete } from "../domain/Complete.js";
import type { Gap } from "../domain/Gap.js";
import { gapFromError } from "../domain/gapFromError.js";
import { SiteError } from "../domain/SiteError.js";

/**
 * Collects the parts of a reading that many calls make up. A part that failed becomes a gap; a bug of ours is thrown.
 * When every part failed, nothing was read, and `finish` rejects with the first failure instead of an empty list.
 */
export class ReadingParts<T> {
  readonly #items: T[] = [];
  readonly #gaps: Gap[] = [];
  #asOfMs: number;
  #firstError: SiteError | undefined;
  #hasRead = false;

  constructor(nowMs: number) {
    this.#asOfMs = nowMs;
  }

  /** Adds what one call gave. `null` is a part that is not there (a group deleted meanwhile): nothing to add, no gap. */
  add(missing: string, outcome: Complete<T> | null | Error): void {
    if (outcome instanceof Error) {
      if (!(outcome instanceof SiteError)) throw outcome;
      this.#firstError ??= outcome;
      this.#gaps.push(gapFromError(missing, outcome));
      return;
    }
    this.#hasRead = true;
    if (outcome === null) return;
    for (const item of outcome.items) this.#items.push(item);
    this.#gaps.push(...outcome.gaps);
    this.#asOfMs = Math.min(this.#asOfMs, outcome.asOfMs);
  }

  finish(): Complete<T> {
    if (!this.#hasRead && this.#firstError !== undefined) throw this.#firstError;
    return { items: this.#items, gaps: this.#gaps, asOfMs: this.#asOfMs };
  }
}
