import type { SiteError } from "../domain/SiteError.js";

/**
 * What many-by-id reads answer: one outcome a key. A key that is absent from the map is not visible (missing, or hidden
 * from this credential); a `SiteError` is a read that failed for that key and says nothing about it.
 */
export type Found<K, V> = ReadonlyMap<K, V | SiteError>;
