import type { Fetched } from "../../../../src/cache/Reading.js";
import { ReadThrough } from "../../../../src/cache/ReadThrough.js";
import { SharedKind } from "../../../../src/cache/shared/SharedKind.js";
import { SharedReadings } from "../../../../src/cache/shared/SharedReadings.js";
import { type ReadTime, TtlCache } from "../../../../src/cache/TtlCache.js";
import type { Clock } from "../../../../src/domain/Clock.js";
import type { SiteId } from "../../../../src/domain/ids.js";
import type { SiteError } from "../../../../src/domain/SiteError.js";
import type { FleetEngine } from "../../../../src/fleet/FleetEngine.js";

/** What a test keeps: a word, or words that came in a list. */
export type Thing = string | readonly string[];

/** One fetch that upstream has not answered yet. */
export interface OpenFetch {
  readonly ids: readonly string[];
  answer(found: Readonly<Record<string, Thing | SiteError>>): void;
  fail(error: Error): void;
}

interface MemberOptions {
  readonly engine: FleetEngine;
  readonly clock: Clock;
  readonly scope?: string;
  readonly kind?: string;
  readonly maxKeysPerFetch?: number;
  readonly lifetimeMs?: number;
  readonly mayRemember?: (value: Thing) => boolean;
}

export const usualMs = { lifetime: 60_000, miss: 15_000 } as const;

/** One process of a fleet, as far as it reads one kind of thing; its fetches are answered by the test. */
export class Member {
  readonly fetches: OpenFetch[] = [];
  readonly readThrough: ReadThrough<string, Thing>;
  readonly readings: SharedReadings;
  readonly shared: SharedKind<string, Thing>;
  readonly cache: TtlCache;
  /** From when to when nothing counts, as this process was told. */
  readonly distrusted: [fromMs: number, toMs: number][] = [];
  /** Up to which change it has heard; the ids that each touched. */
  applied: number | null = 0;
  readonly changes: string[][] = [];

  constructor(options: MemberOptions) {
    const { engine, clock, scope = "acme with one credential" } = options;
    this.cache = new TtlCache({ maxBytes: 10_000_000, maxEntries: 10_000, clock });
    this.readings = new SharedReadings({
      ...{ engine, clock, scope },
      onDistrusted: (...between) => void this.distrusted.push(between),
    });
    this.shared = new SharedKind<string, Thing>({
      readings: this.readings,
      kind: options.kind ?? "things",
      position: () => (this.applied === null ? null : String(this.applied)),
      adopt: async (value) => value,
      isTouchedSince: (position, id) => this.changes.slice(Number(position)).some((touched) => touched.includes(id)),
    });
    this.readThrough = new ReadThrough<string, Thing>(
      {
        name: options.kind ?? "things",
        scope: { siteId: "acme" as SiteId, credentialFingerprint: "one" },
        ...{ cache: this.cache, clock },
        lifetimeMsOf: () => options.lifetimeMs ?? usualMs.lifetime,
        missLifetimeMs: usualMs.miss,
        maxKeysPerFetch: options.maxKeysPerFetch ?? 250,
        fetch: (ids) =>
          new Promise<Fetched<string, Thing>>((resolve, reject) => {
            this.fetches.push({
              ids,
              answer: (found) => resolve({ found: new Map(Object.entries(found)), asOfMs: () => undefined }),
              fail: reject,
            });
          }),
        sizeOf: (value) => value.length,
        isTrusted: (read) => this.#isTrusted(read),
        mayRemember: options.mayRemember ?? (() => true),
      },
      this.shared,
    );
  }

  /** Hears of a change of some ids, of its own or another's. */
  hear(...ids: readonly string[]): void {
    this.changes.push([...ids]);
    this.applied = this.changes.length;
    this.readThrough.forget(ids);
  }

  fetchAt(index: number): OpenFetch {
    const found = this.fetches[index];
    if (found === undefined) throw new Error(`there is no fetch ${index}; ${this.fetches.length} were made`);
    return found;
  }

  #isTrusted({ readAtMs, beganAtMs, endedAtMs }: ReadTime): boolean {
    return this.distrusted.every(
      ([fromMs, toMs]) => (endedAtMs < fromMs || beganAtMs > toMs) && (readAtMs < fromMs || readAtMs > toMs),
    );
  }
}

/** Lets everything run that is ready until something is so. */
export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
}
