import { type Moment, momentOf, ownMs, type ToOwn } from "../../access/index/copies/readings.js";
import type { Gap } from "../../domain/Complete.js";
import type { AccountId, GroupId, SpaceId } from "../../domain/ids.js";
import type { KnownPermissionModel } from "../../domain/Site.js";
import { SiteError, type SiteErrorKind } from "../../domain/SiteError.js";
import type { CrawlMemory, FailedPart, SitePart } from "../CrawlMemory.js";

interface FailureCopy {
  readonly part: string;
  readonly atMs: Moment;
  readonly isBreaking: boolean;
  readonly gap?: Gap;
  readonly error?: ErrorCopy;
}

interface ErrorCopy {
  readonly kind: SiteErrorKind;
  readonly message: string;
  readonly call: string;
  readonly status: number | null;
  readonly retryAfterMs: number | null;
}

/** What is remembered from pass to pass beside the index, as plain data; the list of all groups, which is long, by itself. */
export interface MemoryCopy {
  readonly ages: readonly (readonly [SitePart, Moment, isWhole: boolean])[];
  readonly suspended: readonly AccountId[];
  readonly dueHidden: readonly AccountId[];
  readonly unreadHidden: readonly AccountId[];
  readonly suspendedGap: Gap | null;
  readonly failures: readonly FailureCopy[];
  readonly model: KnownPermissionModel | null;
  readonly isEverybodyTold: boolean;
  readonly dueSpaces: readonly SpaceId[];
}

export function copyMemory(memory: CrawlMemory): MemoryCopy {
  return {
    ages: [...memory.ages].map(([part, { asOfMs, isWhole }]) => [part, momentOf(asOfMs), isWhole]),
    suspended: [...memory.suspended],
    dueHidden: [...memory.dueHidden],
    unreadHidden: [...memory.unreadHidden],
    suspendedGap: memory.suspendedGap,
    failures: [...memory.failures].map(([part, failed]) => copyFailure(part, failed)),
    model: memory.model,
    isEverybodyTold: memory.isEverybodyTold,
    dueSpaces: [...memory.dueSpaces],
  };
}

export function takeMemory(memory: CrawlMemory, copy: MemoryCopy, toOwn: ToOwn): void {
  replaceAll(
    memory.ages,
    copy.ages.map(([part, asOf, isWhole]) => [part, { asOfMs: ownMs(asOf, toOwn), isWhole }]),
  );
  memory.suspended = new Set(copy.suspended);
  refill(memory.dueHidden, copy.dueHidden);
  refill(memory.unreadHidden, copy.unreadHidden);
  memory.suspendedGap = copy.suspendedGap;
  replaceAll(
    memory.failures,
    copy.failures.map(({ part, atMs, isBreaking, gap, error }): [string, FailedPart] => {
      const failure = error === undefined ? (gap ?? lost) : new SiteError(error.kind, error.message, error);
      return [part, { failure, atMs: ownMs(atMs, toOwn), isBreaking }];
    }),
  );
  memory.model = copy.model;
  memory.isEverybodyTold = copy.isEverybodyTold;
  refill(memory.dueSpaces, copy.dueSpaces);
}

/** The groups that the last list held. */
export function copyListed(listedGroups: CrawlMemory["listedGroups"]): readonly GroupId[] | null {
  return listedGroups === null ? null : [...listedGroups];
}

const lost: Gap = {
  missing: "why a part could not be read",
  kind: "ReadIncomplete",
  reason: "Nobody told.",
  call: null,
  retryAfterMs: null,
};

function copyFailure(part: string, { failure, atMs, isBreaking }: FailedPart): FailureCopy {
  const facts = { part, atMs: momentOf(atMs), isBreaking };
  if (!(failure instanceof SiteError)) return { ...facts, gap: failure };
  const { kind, message, call, status, retryAfterMs } = failure;
  return { ...facts, error: { kind, message, call, status, retryAfterMs } };
}

function replaceAll<K, V>(map: Map<K, V>, entries: readonly (readonly [K, V])[]): void {
  map.clear();
  for (const [key, value] of entries) map.set(key, value);
}

function refill<T>(set: Set<T>, items: readonly T[]): void {
  set.clear();
  for (const item of items) set.add(item);
}
