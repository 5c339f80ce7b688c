import { isOfKind, orSiteError, outcomeOf, type SiteError } from "../domain/SiteError.js";

/**
 * What many-by-id reads answer: one outcome a key. A key that is absent from the map is not visible (missing, or hidden
 * from this credential), which only look-ups by id may say; a `SiteError` is a read that failed for that key and says nothing
 * about it. A part of what was listed or is known (members of a group, grants of a space) that answers 404 is `NotVisible`.
 */
export type Found<K, V> = ReadonlyMap<K, V | SiteError>;

/** Takes what was read for one key as soon as it is there. */
export type Take<Key, Value> = (key: Key, outcome: Value | SiteError) => Promise<void>;

/**
 * One read a key, several at once, each with its own outcome. For parts of what was listed or is known: a 404 is that key's
 * failure like any other, because it says "missing or hidden" and never "there is nothing".
 */
export async function fetchEach<Key, Value>(
  keys: readonly Key[],
  concurrency: number,
  fetchOne: (key: Key) => Promise<Value>,
  take?: Take<Key, Value>,
): Promise<Map<Key, Value | SiteError>> {
  const found = new Map<Key, Value | SiteError>();
  await forEachAtOnce(keys, concurrency, async (key) => {
    const outcome = orSiteError(await outcomeOf(fetchOne(key)));
    found.set(key, outcome);
    if (take !== undefined) await take(key, outcome);
  });
  return found;
}

/** The same for look-ups by id, the only reads that may answer "not there": a key that answers 404 is left out. */
export async function lookUpEach<Key, Value>(
  keys: readonly Key[],
  concurrency: number,
  fetchOne: (key: Key) => Promise<Value>,
): Promise<Map<Key, Value | SiteError>> {
  const found = await fetchEach(keys, concurrency, fetchOne);
  for (const [key, outcome] of found) {
    if (isOfKind(outcome, "NotVisible")) found.delete(key);
  }
  return found;
}

/**
 * Runs a task for each item, at most `limit` at once. A fan-out over thousands of items goes through this instead of
 * queueing whole: a call's time begins when it is its turn, not when the list was made.
 */
export async function forEachAtOnce<Item>(
  items: readonly Item[],
  limit: number,
  task: (item: Item) => Promise<void>,
): Promise<void> {
  const queue = items[Symbol.iterator]();
  const worker = async () => {
    for (const item of queue) await task(item);
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
}

/** Names in as few batches as an address holds: by how many they are, and by how long they are in it, a comma for each included. */
export function batchesOf<Name extends string>(
  names: readonly Name[],
  limits: { readonly count: number; readonly length: number },
): Name[][] {
  const batches: Name[][] = [];
  let room = 0;
  for (const name of names) {
    const length = encodeURIComponent(`${name},`).length;
    const last = batches.at(-1);
    if (last === undefined || last.length >= limits.count || length > room) {
      batches.push([name]);
      room = limits.length - length;
    } else {
      last.push(name);
      room -= length;
    }
  }
  return batches;
}
