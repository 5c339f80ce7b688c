import { SiteError } from "../domain/SiteError.js";
import { forEachAtOnce } from "./forEachAtOnce.js";

/**
 * One read a key, several at once, each with its own outcome. For parts of what was listed or is known: a 404 is that key's
 * failure like any other, because it says "missing or hidden" and never "there is nothing".
 */
export async function fetchEach<Key, Value>(
  keys: readonly Key[],
  concurrency: number,
  fetchOne: (key: Key) => Promise<Value>,
): Promise<Map<Key, Value | SiteError>> {
  const found = new Map<Key, Value | SiteError>();
  await forEachAtOnce(keys, concurrency, async (key) => {
    try {
      found.set(key, await fetchOne(key));
    } catch (error) {
      if (!(error instanceof SiteError)) throw error;
      found.set(key, error);
    }
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
    if (outcome instanceof SiteError && outcome.kind === "NotVisible") found.delete(key);
  }
  return found;
}
