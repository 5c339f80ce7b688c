import type { SiteError } from "../domain/SiteError.js";

/**
 * What many-by-id reads answer: one outcome a key. A key that is absent from the map is not visible (missing, or hidden
 * from this credential), which only look-ups by id may say; a `SiteError` is a read that failed for that key and says nothing
 * about it. A part of what was listed or is known (members of a group, grants of a space) that answers 404 is `NotVisible`.
 */
export type Found<K, V> = ReadonlyMap<K, V | SiteError>;
