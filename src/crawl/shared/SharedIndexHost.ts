import type { AccessIndex } from "../../access/index/AccessIndex.js";
import type { CrawlMemory } from "../CrawlMemory.js";
import type { CrawlTold } from "../KeptIndex.js";

/** The index whose crawl is shared. */
export interface SharedIndexHost {
  readonly index: AccessIndex;
  readonly memory: CrawlMemory;
  /** How many parts changes have touched so far. */
  readonly touches: { readonly count: number };
  /** How the crawl stands, for others. */
  told(): CrawlTold;
  /** How it stands elsewhere. */
  take(told: CrawlTold): void;
  /** Whether a change of ours has put a group or a space in doubt, and it was not read again yet. */
  isInDoubt(id: string): boolean;
  /** Reads again what changes of ours have put in doubt. */
  settle(): void;
  /** Nothing that was read counts. */
  drop(): void;
  /** This process reads now, or does not any more; or there is something new. */
  turned(): void;
}
