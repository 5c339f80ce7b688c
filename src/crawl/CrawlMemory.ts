import type { Gap } from "../domain/Complete.js";
import type { AccountId, GroupId, SpaceId } from "../domain/ids.js";
import type { KnownPermissionModel } from "../domain/Site.js";
import type { SiteError } from "../domain/SiteError.js";

/** How far a part was read. */
export interface PartAge {
  readonly asOfMs: number;
  readonly isWhole: boolean;
}

export type SitePart = "roles" | "siteWide" | "groups" | "spaces" | "accounts" | "suspended";

export interface FailedPart {
  readonly failure: SiteError | Gap;
  readonly atMs: number;
  /** It said something of the site as a whole: the part itself is to be tried at once. */
  readonly isBreaking: boolean;
}

/** What is remembered from pass to pass beside the index. */
export class CrawlMemory {
  readonly ages = new Map<SitePart, PartAge>();
  /** The groups that the last list held; `null` where none could be read. */
  listedGroups: ReadonlySet<GroupId> | null = null;
  /** Whom the organization suspended, as it was last told. */
  suspended: ReadonlySet<AccountId> = new Set();
  /** Of whom the groups are to be read, as they told them themselves. */
  readonly dueHidden = new Set<AccountId>();
  /** Of whom nobody knows the groups yet. */
  readonly unreadHidden = new Set<AccountId>();
  /** Why people whom member lists leave out may be missing; `null` where they were found. */
  suspendedGap: Gap | null = null;
  /** Parts that were not read whole when they were last tried, and why. */
  readonly failures = new Map<string, FailedPart>();
  /** How the site stores access, as it was last read; `null` where that failed. */
  model: KnownPermissionModel | null = null;
  /** One list has told everybody, with all facts. */
  isEverybodyTold = false;
  /** Spaces of which rows may be gone with their holder: read whatever their age. */
  readonly dueSpaces = new Set<SpaceId>();
}

/** Which parts our own changes have touched, and in which order: what was read before does not count any more. */
export class Touches {
  readonly #last = new Map<string, number>();
  #count = 0;

  /** How many there were. A reading that begins now is older than every later one. */
  get count(): number {
    return this.#count;
  }

  note(part: string): void {
    this.#count += 1;
    this.#last.set(part, this.#count);
  }

  /** Whether a part was touched after a reading began. */
  isSince(part: string, began: number): boolean {
    return (this.#last.get(part) ?? 0) > began;
  }
}
