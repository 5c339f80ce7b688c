import { SiteError } from "../domain/SiteError.js";
import { forEachAtOnce } from "./forEachAtOnce.js";

/**
 * One read a key, several at once, each with its own outcome. A key whose read answers `NotVisible` is left out of the
 * map; any other failure is that key's.
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
      if (error.kind !== "NotVisible") found.set(key, error);
    }
  });
  return found;
}
