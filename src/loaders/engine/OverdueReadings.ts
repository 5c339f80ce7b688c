import type { Dated } from "../../cache/Reading.js";
import type { SiteId } from "../../domain/ids.js";
import type { SiteError } from "../../domain/SiteError.js";

/** Something of one kind that an answer rests on though its time is over, because the site failed. */
export interface OverdueReading {
  readonly siteId: SiteId;
  /** What was read, by the name of its declaration. */
  readonly reading: string;
  /** When the oldest of it was read. */
  readonly asOfMs: number;
  /** And the youngest. */
  readonly youngestMs: number;
  readonly error: SiteError;
  /** When the site is asked for it again. */
  readonly retryAtMs: number;
}

/** Whether one request may be answered with what is overdue, and with what it was. */
export class OverdueReadings {
  readonly #readings = new Map<string, OverdueReading>();
  #areAllowed: boolean;

  constructor(areAllowed: boolean) {
    this.#areAllowed = areAllowed;
  }

  /** True for a query that did not ask for anything fresh. */
  get areAllowed(): boolean {
    return this.#areAllowed;
  }

  /** Nothing that comes from now on may rest on such a thing: it is planned or written. */
  refuse(): void {
    this.#areAllowed = false;
  }

  /** What was answered by something that reads one kind of thing of a site. */
  note({ siteId, name: reading }: { readonly siteId: SiteId; readonly name: string }, outcome: Dated<unknown>): void {
    const { readAtMs, overdue } = outcome;
    if (overdue === undefined) return;
    const key = `${siteId} ${reading}`;
    const known = this.#readings.get(key);
    const { asOfMs = readAtMs, youngestMs = readAtMs, retryAtMs = overdue.retryAtMs } = known ?? {};
    this.#readings.set(key, {
      ...{ siteId, reading, error: overdue.error },
      asOfMs: Math.min(asOfMs, readAtMs),
      youngestMs: Math.max(youngestMs, readAtMs),
      retryAtMs: Math.min(retryAtMs, overdue.retryAtMs),
    });
  }

  /** Nothing of what was read is overdue. */
  get areNone(): boolean {
    return this.#readings.size === 0;
  }

  all(): readonly OverdueReading[] {
    return [...this.#readings.values()];
  }
}
