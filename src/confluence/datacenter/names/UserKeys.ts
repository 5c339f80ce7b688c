import { z } from "zod";
import type { AccountId } from "../../../domain/ids.js";
import { SiteError } from "../../../domain/SiteError.js";
import { forEachAtOnce } from "../../forEachAtOnce.js";
import { pageSizes } from "../../pageSizes.js";
import { readShape } from "../../readShape.js";
import type { DataCenterClient } from "../DataCenterClient.js";
import type { DataCenterFeatures } from "../DataCenterFeatures.js";
import { readNextStart } from "../readNextStart.js";
import { userWire } from "../wire/userWire.js";
import { fold } from "./dataCenterNames.js";

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
   * each: rows can slip out of a list that changes while it is read.
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
      if (!(error instanceof SiteError)) throw error;
    }
    return found;
  }

  async #readPage(start: number): Promise<{ rows: readonly unknown[]; next: number | null }> {
    const call = "GET /rest/api/user/list";
    const from = start === 0 ? {} : { start };
    const query = { ...from, limit: pageSizes.dataCenterUsers };
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
      if (!(error instanceof SiteError)) throw error;
      return error.kind === "NotVisible" ? null : error;
    }
  }
}
