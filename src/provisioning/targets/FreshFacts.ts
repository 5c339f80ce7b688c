import { SiteLoaders } from "../../loaders/engine/SiteLoaders.js";
import type { SiteStore } from "../../loaders/engine/SiteStore.js";
import { PlannedSoFar } from "../guards/PlannedSoFar.js";

/** What was read so long ago at most counts as read just now. */
const justNowMs = 1_000;

/**
 * Loaders that answer nothing older than a moment: what plans and guards rest on. Shared by the changes of a request, so that
 * the bulk calls serve them all; who had to wait for its target gets new ones.
 */
export class FreshFacts {
  readonly store: SiteStore;
  readonly planned = new PlannedSoFar();
  #loaders: SiteLoaders;

  constructor(store: SiteStore) {
    this.store = store;
    this.#loaders = new SiteLoaders(store, store.clock.now());
  }

  get loaders(): SiteLoaders {
    const nowMs = this.store.clock.now();
    if (nowMs - this.#loaders.notBeforeMs > justNowMs) this.#loaders = new SiteLoaders(this.store, nowMs);
    return this.#loaders;
  }

  /** Whoever had to wait for somebody else's change, here or in another process, rests on nothing that was read before. */
  renew(): void {
    this.#loaders = new SiteLoaders(this.store, this.store.clock.now());
  }

  /** What changes meanwhile, by whomever, is read again. */
  async throughout<T>(work: () => Promise<T>): Promise<T> {
    const { changes, site } = this.store;
    const stop = changes.subscribe((event, reached) => {
      if (reached === site.siteId) this.#loaders.forget(event);
    });
    try {
      return await work();
    } finally {
      stop();
    }
  }
}
