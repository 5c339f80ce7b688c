import type { CacheKind } from "../../cache/lifetimes.js";
import type { Touched } from "../../cache/ReadThrough.js";
import type { Found } from "../../confluence/Found.js";
import type { ConfluenceSite } from "../../confluence/port.js";
import type { ChangeEvent } from "../../domain/Change.js";
import { type Complete, mergeTrust, type Trust } from "../../domain/Complete.js";
import { heapOfList } from "../limits.js";
import type { FetchReader } from "./FetchReader.js";

/** The id of something that a site has one of: its group list, its role definitions. */
export const onlyOne = "*" as const;
export type OnlyOne = typeof onlyOne;

/** The kinds of things that loaders read; misses are each loader's own. */
type Lifetime = Exclude<CacheKind, "misses">;

/** What was read so far, as far as it is remembered. Asks nobody. */
export interface Remembered {
  readonly site: ConfluenceSite;
  /** `null` for a remembered miss, `undefined` for what is not remembered. */
  remembered<K extends string, V>(declaration: LoaderDeclaration<K, V>, id: K): V | null | undefined;
  /** Grows whenever more is remembered of a declaration. */
  versionOf<K extends string, V>(declaration: LoaderDeclaration<K, V>): number;
}

/** What one loader is: what it reads, how it batches, how long an answer lives. Alignment by key is not its business. */
export interface LoaderDeclaration<K extends string, V> {
  readonly name: string;
  /** How upstream answers many keys. Never claims a batch that isn't one. */
  readonly upstream: "call-per-key" | { readonly bulk: number };
  readonly lifetime: Lifetime;
  /** Another lifetime for some answers. */
  lifetimeOf?(value: V): Lifetime;
  /** Reads the keys. Process-wide: what it needs of other loaders it reads through the reader, which keeps account of it. */
  fetch(reader: FetchReader<K>, ids: readonly K[]): Promise<Found<K, V>>;
  /** What of it a change of ours may have made untrue; the one place where that is said. */
  touchedBy(event: ChangeEvent, known: Remembered): Touched<K, V>;
  /** Estimated heap of a value, in bytes. */
  sizeOf(value: V): number;
  /** The gaps and assumptions that a value carries, for who puts it together with others. */
  trustOf?(value: V): Pick<Trust, "gaps" | "assumptions">;
  /** The value, trusted no further than the parts it was put together from. */
  withTrust?(value: V, parts: Trust): V;
  /** False for an answer that must not be remembered. Default: everything may be. */
  mayRemember?(value: V): boolean;
}

/** Declares a loader. Only a name for the type: a declaration is data, the machinery is `SiteStore` and `Loader`. */
export function defineLoader<K extends string, V>(declaration: LoaderDeclaration<K, V>): LoaderDeclaration<K, V> {
  return declaration;
}

interface ListDeclaration<K extends string, T>
  extends Pick<LoaderDeclaration<K, Complete<T>>, "name" | "upstream" | "lifetime" | "fetch" | "touchedBy"> {
  /** Estimated heap of an item. */
  readonly bytesPerItem: number;
}

/** Declares a loader of lists: they carry what they rest on, and one with gaps is not remembered. */
export function defineListLoader<K extends string, T>({
  bytesPerItem,
  ...declaration
}: ListDeclaration<K, T>): LoaderDeclaration<K, Complete<T>> {
  return {
    ...declaration,
    sizeOf: (list) => heapOfList(list, bytesPerItem),
    mayRemember: (list) => list.gaps.length === 0,
    trustOf: (list) => list,
    withTrust: (list, parts) => ({ ...list, ...mergeTrust([list, parts], list.asOfMs) }),
  };
}
