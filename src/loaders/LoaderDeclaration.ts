import type { CacheKind } from "../cache/lifetimes.js";
import type { Found } from "../confluence/Found.js";
import type { SiteStore } from "./SiteStore.js";

/** What one loader is: what it reads, how it batches, how long an answer lives. Alignment by key is not its business. */
export interface LoaderDeclaration<K extends string, V> {
  readonly name: string;
  /** How upstream answers many keys. Never claims a batch that isn't one. */
  readonly upstream: "call-per-key" | { readonly bulk: number };
  readonly lifetime: Exclude<CacheKind, "misses">;
  /**
   * Reads the keys. Process-wide: what it needs of other loaders it reads through the same store, not older than
   * `notBeforeMs`.
   */
  fetch(store: SiteStore, ids: readonly K[], notBeforeMs: number): Promise<Found<K, V>>;
  /** Estimated heap of a value, in bytes. */
  sizeOf(value: V): number;
  /** When the oldest part was read, for a value that is put together from others. */
  asOfMs?(value: V): number;
  /** False for an answer that must not be remembered. Default: everything may be. */
  mayRemember?(value: V): boolean;
}
