import { type ChangeEvent, isOfOrganization, type WhatChanged } from "../../domain/Change.js";
import type { SiteId } from "../../domain/ids.js";

/** Who remembers what it read of a site. */
interface Rememberer {
  readonly site: { readonly siteId: SiteId; readonly organization: { readonly orgId: string } | null };
  /** Forgets what a change may have made untrue. Asks nobody. */
  forget(event: ChangeEvent): void;
}

type Listener = (event: ChangeEvent, reached: SiteId) => void;

/**
 * Where every change of ours is told, once for each site that it reaches: the one it was made by, and where it is of the
 * organization its other sites. What a process remembers is forgotten by it, and whoever else wants to know may listen.
 */
export class ChangeEvents {
  readonly #rememberers = new Set<Rememberer>();
  readonly #listeners = new Set<Listener>();

  /** For as long as the process serves the site. */
  join(rememberer: Rememberer): void {
    this.#rememberers.add(rememberer);
  }

  /** Called before anything is forgotten, so that who listens may look up what was known. Answers how to stop. */
  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Tells of a change made by a site. */
  tell({ site }: Rememberer, what: WhatChanged, isSeen: boolean): void {
    const event: ChangeEvent = { ...what, siteId: site.siteId, isSeen };
    for (const reached of this.#rememberers) {
      if (reached.site.siteId !== site.siteId && !(isOfOrganization(what) && isSibling(reached.site, site))) continue;
      for (const listener of this.#listeners) listener(event, reached.site.siteId);
      reached.forget(event);
    }
  }
}

function isSibling(one: Rememberer["site"], other: Rememberer["site"]): boolean {
  return one.organization !== null && one.organization.orgId === other.organization?.orgId;
}
