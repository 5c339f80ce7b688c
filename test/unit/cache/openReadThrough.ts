import type { Fetched, FetchTerms } from "../../../src/cache/Reading.js";
import { ReadThrough } from "../../../src/cache/ReadThrough.js";
import { type ReadTime, TtlCache } from "../../../src/cache/TtlCache.js";
import type { SiteId } from "../../../src/domain/ids.js";
import type { SiteError } from "../../../src/domain/SiteError.js";
import { ManualClock } from "../../support/ManualClock.js";

type Answer = Fetched<string, string>;

/** One fetch that upstream has not answered yet. */
interface OpenFetch {
  readonly ids: readonly string[];
  readonly terms: FetchTerms;
  answer(found: Readonly<Record<string, string | SiteError>>): void;
  /** Brings some before the others. */
  handOn(found: Readonly<Record<string, string>>): void;
  fail(error: unknown): void;
}

interface Options {
  readonly cache?: TtlCache;
  readonly clock?: ManualClock;
  readonly credential?: string;
  readonly siteId?: string;
  readonly name?: string;
  readonly lifetimeMs?: number;
  readonly missLifetimeMs?: number;
  readonly maxKeysPerFetch?: number;
  readonly asOfMs?: (id: string) => number | undefined;
  readonly isTrusted?: (read: ReadTime) => boolean;
  readonly mayRemember?: (value: string) => boolean;
  /** How old what is answered with may be where a read fails. */
  readonly maxOverdueMs?: number;
  /** Whether it may be at all. */
  readonly isOverdueAllowed?: () => boolean;
}

/** A lifetime and a miss's, in milliseconds, unless a test says otherwise. */
export const usualMs = { lifetime: 60_000, miss: 15_000, overdue: 3_600_000 } as const;

/** A read-through under a clock that stands still, whose fetches are answered by the test. */
export function openReadThrough(options: Options = {}) {
  const clock = options.clock ?? new ManualClock();
  const cache = options.cache ?? new TtlCache({ maxBytes: 1_000_000, maxEntries: 1_000, clock });
  const fetches: OpenFetch[] = [];
  const readThrough = new ReadThrough<string, string>({
    name: options.name ?? "things",
    scope: { siteId: (options.siteId ?? "acme") as SiteId, credentialFingerprint: options.credential ?? "one" },
    cache,
    clock,
    lifetimeMsOf: () => options.lifetimeMs ?? usualMs.lifetime,
    missLifetimeMs: options.missLifetimeMs ?? usualMs.miss,
    maxKeysPerFetch: options.maxKeysPerFetch ?? 250,
    fetch: (ids, terms, early) =>
      new Promise<Answer>((resolve, reject) => {
        const fetched = (found: Readonly<Record<string, string | SiteError>>): Answer => ({
          found: new Map(Object.entries(found)),
          asOfMs: options.asOfMs ?? (() => undefined),
        });
        fetches.push({
          ids,
          terms,
          answer: (found) => resolve(fetched(found)),
          handOn: (found) => {
            for (const [id, value] of Object.entries(found))
              if (early.takes(id)) early.handOn(id, fetched({ [id]: value }));
          },
          fail: reject,
        });
      }),
    sizeOf: (value) => value.length,
    isTrusted: options.isTrusted ?? (() => true),
    mayRemember: options.mayRemember ?? (() => true),
    overdue: {
      maxAgeMs: options.maxOverdueMs ?? usualMs.overdue,
      isAllowed: options.isOverdueAllowed ?? (() => true),
      mark: (value) => `${value} (stale)`,
      onAnswered: () => undefined,
      failureIn: () => null,
    },
  });

  /** The fetch of that number, from 0; fails the test when there is none. */
  function fetchAt(index: number): OpenFetch {
    const found = fetches[index];
    if (found === undefined) throw new Error(`there is no fetch ${index}; ${fetches.length} were made`);
    return found;
  }

  return { readThrough, clock, cache, fetches, fetchAt };
}
