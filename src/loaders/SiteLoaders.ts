import { Loader } from "./Loader.js";
import type { LoaderDeclaration } from "./LoaderDeclaration.js";
import type { SiteStore } from "./SiteStore.js";

/** All loaders of one site for one request. */
export class SiteLoaders {
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

  /** Forgets what was computed in this request; called after a write. */
  forgetComputed(): void {
    this.#memo.clear();
  }
}
