import { mergeTrust, type Trust } from "../../domain/Complete.js";
import type { AccountId, SpaceId } from "../../domain/ids.js";
import type { Operation } from "../../domain/Operation.js";
import type { AccessIndex } from "../index/AccessIndex.js";
import type { HeldOperations } from "../index/Inspector.js";
import type { Steps } from "../index/store/slices.js";

/** A space where not all of some accounts can do the same. */
export interface AccountDifference {
  readonly spaceId: SpaceId;
  /** What each of them can do there, in the order of the accounts. */
  readonly held: readonly HeldOperations[];
}

interface DifferencePage extends Trust {
  readonly items: readonly AccountDifference[];
  readonly hasNextPage: boolean;
}

/** Spaces that one step looks at at most where somebody may read, and those that it passes by. */
const lookedAtOnce = 32;
const passedAtOnce = 4_096;

/**
 * The next spaces behind one, in the order of ids, where some accounts cannot do the same: no more is looked at than the page
 * takes. Of an index that changes between two steps each space is told as it was when it was looked at.
 */
export function* findDifferences(
  index: AccessIndex,
  accountIds: readonly AccountId[],
  { first, after }: { readonly first: number; readonly after: SpaceId | null },
): Steps<DifferencePage> {
  const items: AccountDifference[] = [];
  for (const difference of differing(index, accountIds, after)) {
    if (difference !== null) items.push(difference);
    else yield;
    if (items.length > first) break;
  }
  // Each account's answer rests on what the answer to "what can it do" rests on.
  const trusts = accountIds.map((accountId) => index.whatCan(accountId, {}, { first: 1 }));
  return { ...mergeTrust(trusts, index.asOfMs), items: items.slice(0, first), hasNextPage: items.length > first };
}

/** Counts of one index as it is, by the accounts compared. */
interface Counted {
  readonly generation: number;
  readonly counts: Map<string, number>;
}

const countedOf = new WeakMap<AccessIndex, Counted>();

/** How many such spaces there are on the whole site: found once for as long as the index stays as it is. */
export function* countDifferences(index: AccessIndex, accountIds: readonly AccountId[]): Steps<number> {
  const { generation } = index;
  const known = countedOf.get(index);
  const key = JSON.stringify(accountIds);
  const counted = known?.generation === generation ? known.counts.get(key) : undefined;
  if (counted !== undefined) return counted;
  let count = 0;
  for (const difference of differing(index, accountIds, null)) {
    if (difference !== null) count += 1;
    else yield;
  }
  if (index.generation === generation) {
    const kept = countedOf.get(index);
    const { counts } = kept?.generation === generation ? kept : { counts: new Map<string, number>() };
    if (counts.size < countsKept) counts.set(key, count);
    countedOf.set(index, { generation, counts });
  }
  return count;
}

const countsKept = 256;

/** Each difference behind a space; `null` where a step ends. */
function* differing(
  index: AccessIndex,
  accountIds: readonly AccountId[],
  after: SpaceId | null,
): Generator<AccountDifference | null> {
  let last = after;
  for (let isThrough = false; !isThrough; ) {
    // A change between two steps may have moved everything but the order.
    const { spaces } = index.view().tables;
    const { order, length } = spaces.ids;
    const mayRead = index.readableBy(accountIds);
    let place = last === null ? 0 : spaces.ids.placeOf(last, true);
    let passed = 0;
    for (let looked = 0; place < length && looked < lookedAtOnce && passed < passedAtOnce; place += 1, passed += 1) {
      const space = order[place] ?? 0;
      const spaceId = spaces.ids.keyOf(space) as SpaceId;
      last = spaceId;
      if (((mayRead[space >>> 5] ?? 0) & (1 << (space & 31))) === 0) continue;
      looked += 1;
      const held = accountIds.map((accountId) => index.operationsOf(accountId, spaceId));
      const [one, ...others] = held;
      if (one !== undefined && others.some((other) => !areAlike(one, other))) yield { spaceId, held };
    }
    isThrough = place >= length;
    if (!isThrough) yield null;
  }
}

function areAlike(one: HeldOperations, other: HeldOperations): boolean {
  return (
    one.mayHoldMore === other.mayHoldMore && areSame(one.allowed, other.allowed) && areSame(one.unknown, other.unknown)
  );
}

/** Lists of one index name operations in one order, each by one object. */
function areSame(some: readonly Operation[], others: readonly Operation[]): boolean {
  return some.length === others.length && some.every((operation, at) => operation === others[at]);
}
