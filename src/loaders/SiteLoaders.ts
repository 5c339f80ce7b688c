import type { ChangeEvent } from "../domain/Change.js";
import { Loader } from "./Loader.js";
import type { LoaderDeclaration, Remembered } from "./LoaderDeclaration.js";
import type { SiteStore } from "./SiteStore.js";

/** All loaders of one site for one request. */
export class SiteLoaders implements Remembered {
  readonly #loaders = new Map<LoaderDeclaration<never, never>, Loader<never, never>>();
  readonly #memo = new Map<string, unknown>();

  constructor(
    readonly store: SiteStore,
    /** Answers read before this moment do not count: 0 for an ordinary request, its arrival for `no-cache`. */
    readonly notBeforeMs: number,
  ) {}

  of<K extends string, V>(declaration: LoaderDeclaration<K, V>): Loader<K, V> {
    const key = declaration as LoaderDeclaration<never, never>;
    const existing = this.#loaders.get(key) as Loader<K, V> | undefined;
    if (existing !== undefined) return existing;
    const created = new Loader(this.store.of(declaration), this.notBeforeMs);
    this.#loaders.set(key, created as Loader<never, never>);
    return created;
  }

  /** Computes something of this request once, such as an index over what was read. */
  once<T>(name: string, compute: () => T): T {
    if (!this.#memo.has(name)) this.#memo.set(name, compute());
    return this.#memo.get(name) as T;
  }

  get site(): SiteStore["site"] {
    return this.store.site;
  }

  remembered<K extends string, V>(declaration: LoaderDeclaration<K, V>, id: K): V | null | undefined {
    return this.of(declaration).remembered(id);
  }

  versionOf<K extends string, V>(declaration: LoaderDeclaration<K, V>): number {
    return this.store.versionOf(declaration);
  }

  /** Forgets in this request what a change may have made untrue, and all that was computed. */
  forget(event: ChangeEvent): void {
    const touched = [...this.#loaders].map(([{ touchedBy }, loader]) => ({ loader, what: touchedBy(event, this) }));
    for (const { loader, what } of touched) loader.forget(what);
    this.#memo.clear();
  }
}
