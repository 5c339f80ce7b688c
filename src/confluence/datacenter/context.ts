import { LRUCache } from "lru-cache";
import { z } from "zod";
import type { Clock } from "../../domain/Clock.js";
import type { AccountId, GroupId, SpaceId, SpaceKey } from "../../domain/ids.js";
import type { Group } from "../../domain/Principal.js";
import { isOfKind, notVisible, type SiteError, siteErrorOf } from "../../domain/SiteError.js";
import { forEachAtOnce } from "../fetchMany.js";
import { readShape } from "../readShape.js";
import { type DataCenterClient, readNextStart } from "./client.js";
import type { DataCenterFeatures } from "./features.js";
import { dataCenterLimits } from "./limits.js";
import { dataCenterNames, fold, groupIdOf } from "./names.js";
import { userWire } from "./wire.js";

/** What every read and write of one site goes through, and what they have learned of it. */
export interface DataCenterContext {
  /** The address people use, without a trailing slash. */
  readonly siteUrl: string;
  readonly client: DataCenterClient;
  readonly features: DataCenterFeatures;
  readonly groups: GroupNames;
  readonly userKeys: UserKeys;
  readonly usernames: RecentUsernames;
  readonly spaceKeys: SpaceKeys;
}

interface Spelling {
  readonly name: string;
  /** True when the site told it of the group itself, false when a list of somebody's groups did. */
  readonly isOwn: boolean;
}

/**
 * How a site spells its groups. Their ids do not hang on it: those are the names folded, whatever was read before. What the
 * list of groups or a look-up by name says is a group's name; the groups of an account or of a group may spell it otherwise.
 * What is forgotten is learned again from the next row.
 */
export class GroupNames {
  readonly #spellings = new LRUCache<GroupId, Spelling>({
    maxSize: dataCenterLimits.groupBytes,
    sizeCalculation: ({ name }) => dataCenterLimits.bytesPerGroup + 4 * name.length,
  });

  /** A row that is the group's own, of the list of groups or of a look-up by name. */
  learn({ name }: { readonly name: string }): Group {
    const groupId = groupIdOf(name);
    this.#spellings.set(groupId, { name, isOwn: true });
    return mapGroup(groupId, name);
  }

  /** A row of a list that names groups for another's sake. */
  meet({ name }: { readonly name: string }): Group {
    const groupId = groupIdOf(name);
    const known = this.#spellings.get(groupId);
    if (known?.isOwn === true) return mapGroup(groupId, known.name);
    this.#spellings.set(groupId, { name, isOwn: false });
    return mapGroup(groupId, name);
  }

  /** The name as the site spells it, for calls; as its id does where nothing was read of the group yet. */
  nameOf(groupId: GroupId): string {
    return this.#spellings.get(groupId)?.name ?? groupId;
  }

  /** A group that comes after one that was deleted may be spelled otherwise. */
  forget(groupId: GroupId): void {
    this.#spellings.delete(groupId);
  }
}

/** Nothing says who manages a group or what it is for. */
function mapGroup(groupId: GroupId, name: string): Group {
  return { groupId, name, managedBy: "UNKNOWN", reportedManager: null, usage: "UNKNOWN", reportedUsage: null };
}

interface SpaceKeyEntry {
  readonly key: SpaceKey;
  readonly learnedAtMs: number;
}

/**
 * Which key a space has, learned from every space that was read: calls take keys alone. A space keeps its key for good, but
 * once it is deleted its key can become another's. Keys compare without regard to case.
 */
export class SpaceKeys {
  readonly #ids = new Map<SpaceKey, SpaceId>();
  readonly #entries = new LRUCache<SpaceId, SpaceKeyEntry>({
    maxSize: dataCenterLimits.spaceKeyBytes,
    sizeCalculation: ({ key }, spaceId) => dataCenterLimits.bytesPerSpaceKey + 2 * (key.length + spaceId.length),
    dispose: ({ key }, spaceId) => {
      const settled = dataCenterNames.spaceKey(key);
      if (this.#ids.get(settled) === spaceId) this.#ids.delete(settled);
    },
  });
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whoever had the key before has it no more, and is forgotten. */
  learn(spaceId: SpaceId, key: SpaceKey): void {
    const settled = dataCenterNames.spaceKey(key);
    const former = this.#ids.get(settled);
    if (former !== undefined && former !== spaceId) this.forget(former);
    this.#entries.set(spaceId, { key, learnedAtMs: this.#clock.now() });
    this.#ids.set(settled, spaceId);
  }

  forget(spaceId: SpaceId): void {
    this.#entries.delete(spaceId);
  }

  /** `undefined` where no space of this id was read, or its key has gone to another. */
  keyOf(spaceId: SpaceId): SpaceKey | undefined {
    return this.#entries.get(spaceId)?.key;
  }

  /** Whether the space was read with its key so lately, and not before `notBeforeMs`, that nobody else can be meant by it. */
  isFresh(spaceId: SpaceId, notBeforeMs = 0): boolean {
    const learnedAtMs = this.#entries.get(spaceId)?.learnedAtMs;
    return (
      learnedAtMs !== undefined &&
      learnedAtMs >= notBeforeMs &&
      learnedAtMs + dataCenterLimits.spaceKeyBelievedMs > this.#clock.now()
    );
  }
}

interface UsernameEntry {
  readonly username: string;
  readonly learnedAtMs: number;
}

/** The user names that accounts were read with just now, so that a change need not ask again for what its plan was made on. */
export class RecentUsernames {
  // By size and not by number, for which room would be made at once: for all of them, where a site has few.
  readonly #entries = new LRUCache<AccountId, UsernameEntry>({
    maxSize: dataCenterLimits.usernames,
    sizeCalculation: () => 1,
  });
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** What was asked for at a moment, and is no newer. */
  learn(accountId: AccountId, username: string | null, askedAtMs: number): void {
    if (username === null) this.#entries.delete(accountId);
    else this.#entries.set(accountId, { username, learnedAtMs: askedAtMs });
  }

  /** `null` where the account was not read so lately. */
  nameOf(accountId: AccountId): string | null {
    const entry = this.#entries.get(accountId);
    return entry !== undefined && entry.learnedAtMs + dataCenterLimits.usernameBelievedMs > this.#clock.now()
      ? entry.username
      : null;
  }
}

const page = z.object({ results: z.array(z.unknown()) });
const namedWire = z.object({ userKey: z.string().min(1), username: z.string().min(1) });

/**
 * Who has which user name. A name can be given to somebody else at any moment, so nothing is remembered: what was read by name
 * is as old as the names that were looked up for it, and no older.
 */
export class UserKeys {
  readonly #client: DataCenterClient;
  readonly #features: DataCenterFeatures;
  /** How many pages the list of users had when it was last read to its end. */
  #pages: number | null = null;

  constructor(client: DataCenterClient, features: DataCenterFeatures) {
    this.#client = client;
    this.#features = features;
  }

  /**
   * By the name with all its spellings made one; `null` for nobody. Several names are looked for in the list of users, where
   * the site has it (8.4) and it has fewer pages than there are names. Who is not found there is asked for by name, one call
   * each: rows can slip out of a list that changes while it is read. That a name is nobody's two calls have to say.
   */
  async find(names: readonly string[]): Promise<ReadonlyMap<string, AccountId | SiteError | null>> {
    const wanted = new Set(names.map(fold));
    const found = new Map<string, AccountId | SiteError | null>();
    if (wanted.size > 1 && (this.#pages ?? 0) < wanted.size) {
      for (const [name, accountId] of await this.#readList(wanted)) found.set(name, accountId);
    }
    const rest = [...wanted].filter((name) => !found.has(name));
    await forEachAtOnce(rest, this.#client.concurrency, async (name) => {
      found.set(name, await this.#ask(name));
    });
    return found;
  }

  /** Whom the list of users names, read until everybody is found or it has cost as many calls as asking for each would. */
  async #readList(wanted: ReadonlySet<string>): Promise<ReadonlyMap<string, AccountId>> {
    const found = new Map<string, AccountId>();
    let start: number | null = 0;
    try {
      for (let pages = 1; start !== null && found.size < wanted.size && pages <= wanted.size; pages += 1) {
        const { rows, next } = await this.#readPage(start);
        for (const row of rows) {
          const named = namedWire.safeParse(row);
          const name = named.success ? fold(named.data.username) : "";
          if (named.success && wanted.has(name)) found.set(name, named.data.userKey as AccountId);
        }
        // A list that stands still would be read for ever.
        start = next !== null && next > start ? next : null;
        if (start === null) this.#pages = pages;
        else this.#pages = Math.max(this.#pages ?? 0, pages + 1);
      }
    } catch (error) {
      // What the list does not tell is asked for by name, and fails by itself.
      siteErrorOf(error);
    }
    return found;
  }

  async #readPage(start: number): Promise<{ rows: readonly unknown[]; next: number | null }> {
    const call = "GET /rest/api/user/list";
    const from = start === 0 ? {} : { start };
    const query = { ...from, limit: dataCenterLimits.users };
    const { body } = await this.#features.whereOffered("userList", () =>
      this.#client.transport.send({ method: "GET", call, path: "/rest/api/user/list", query }),
    );
    const { results } = readShape(page, body, call);
    return { rows: results, next: readNextStart(body, start, results.length) };
  }

  async #ask(username: string): Promise<AccountId | SiteError | null> {
    const request = {
      method: "GET",
      call: "GET /rest/api/user",
      path: "/rest/api/user",
      query: { username, expand: "status" },
    } as const;
    try {
      return (await this.#client.fetchOne(request, userWire)).userKey as AccountId;
    } catch (error) {
      return isOfKind(error, "NotVisible") ? this.#askGroups(username) : siteErrorOf(error);
    }
  }

  /** A name that nobody is found by stands in a row: it was somebody's, and whoever still has it would lose what the row gives. */
  async #askGroups(username: string): Promise<SiteError | null> {
    const call = "GET /rest/api/user/memberof";
    const request = { method: "GET", call, path: "/rest/api/user/memberof", query: { username, limit: 1 } } as const;
    try {
      await this.#client.transport.send(request);
      return notVisible(`the user "${username}", whose groups are told`, "GET /rest/api/user");
    } catch (error) {
      return isOfKind(error, "NotVisible") ? null : siteErrorOf(error);
    }
  }
}
