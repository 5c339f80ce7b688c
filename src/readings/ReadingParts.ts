import type { Dated } from "../cache/Reading.js";
import { type Complete, type Gap, gapFromError, mergeTrust, type Trust, unread } from "../domain/Complete.js";
import { notVisible, orSiteError, SiteError, siteErrorOf } from "../domain/SiteError.js";
import { type KeptParts, valueIn } from "../loaders/engine/KeptParts.js";
import type { Loader } from "../loaders/engine/Loader.js";
import type { SiteLoaders } from "../loaders/engine/SiteLoaders.js";

/**
 * Collects the parts of a reading that several reads make up, and is the only way to their items: whoever takes the items of
 * a part has its gaps, its age and its assumptions in the result. A part that failed, or that is not shown, becomes a gap; a
 * bug of ours is thrown. When every part failed, nothing was read, and `finish` rejects with the first failure instead of an
 * empty list.
 */
export class ReadingParts {
  readonly #nowMs: number;
  readonly #trusts: Trust[] = [];
  #firstError: SiteError | undefined;
  #hasRead = false;

  constructor(nowMs: number) {
    this.#nowMs = nowMs;
  }

  /** The items of a part. Absent is not empty: what was listed, or is known, and is not shown is a gap. */
  take<T>(missing: string, outcome: Complete<T> | null | undefined | Error): readonly T[] {
    const part = outcome ?? notVisible(missing);
    if (part instanceof Error) {
      this.miss(missing, part);
      return [];
    }
    this.restOn(part);
    return part.items;
  }

  /** A part that could not be read. */
  miss(missing: string, error: Error): void {
    const failure = siteErrorOf(error);
    this.#firstError ??= failure;
    this.#trusts.push(unread(gapFromError(missing, failure), this.#nowMs));
  }

  /** Something that belongs to the result and is not in it, for another reason than a failed read. */
  gap(gap: Gap): void {
    this.#trusts.push(unread(gap, this.#nowMs));
  }

  /** The result rests on something else that was read. */
  restOn(trust: Trust): void {
    this.#hasRead = true;
    this.#trusts.push(trust);
  }

  /** Things by their ids, each by itself; their age counts. What a failure of one means is for the caller to say. */
  async facts<K extends string, V>(loader: Loader<K, V>, ids: readonly K[]): Promise<(V | null | SiteError)[]> {
    const outcomes = await loader.getMany(ids);
    this.#restOnAges(ids.map((id) => loader.known(id)));
    return outcomes.map((outcome) => orSiteError(outcome));
  }

  /** The same of many that are kept from request to request: what still counts is not asked for one by one. */
  async keptFacts<K extends string, V>(
    loaders: SiteLoaders,
    kept: KeptParts<K, V>,
    ids: readonly K[],
  ): Promise<(V | null | SiteError)[]> {
    const outcomes = await kept.read(loaders, ids);
    this.#restOnAges(outcomes);
    return outcomes.map((outcome) => orSiteError(valueIn(outcome)));
  }

  #restOnAges(outcomes: readonly (Dated<unknown> | Error | undefined)[]): void {
    let asOfMs = this.#nowMs;
    let isStale = false;
    for (const known of outcomes) {
      if (known === undefined || known instanceof Error) continue;
      if (known.readAtMs < asOfMs) asOfMs = known.readAtMs;
      if (known.overdue !== undefined) isStale = true;
    }
    this.#trusts.push({ gaps: [], asOfMs, assumptions: isStale ? ["STALE"] : [] });
  }

  /** How far what was put together can be trusted. */
  get trust(): Trust {
    const { gaps, asOfMs, assumptions } = mergeTrust(this.#trusts, this.#nowMs);
    return { gaps, asOfMs, assumptions };
  }

  /** The items that were made of the parts, with the trust of all of them. */
  finish<T>(items: readonly T[]): Complete<T> {
    if (!this.#hasRead && this.#firstError !== undefined) throw this.#firstError;
    const { gaps, asOfMs, assumptions } = mergeTrust(this.#trusts, this.#nowMs);
    return { gaps, asOfMs, assumptions, items };
  }
}

/** A list as it was read; one that could not be read, or is not shown, is a gap. */
export function listOrGap<T>(outcome: Complete<T> | null | Error, missing: string, nowMs: number): Complete<T> {
  const read = orSiteError(outcome ?? notVisible(missing));
  return read instanceof SiteError ? unread(gapFromError(missing, read), nowMs) : read;
}
