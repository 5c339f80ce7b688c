import type { Clock } from "../domain/Clock.js";
import type { SiteId } from "../domain/ids.js";
import {
  type ChainPosition,
  type ChangeFilter,
  type ChangePosition,
  type ChangeRecord,
  type Checkpoint,
  type Claim,
  type FactKind,
  type Provenance,
  pairEntries,
  type RecordDraft,
  type RecordEntry,
  type RecordedChange,
  type RequestKey,
  type RequestState,
} from "./ChangeRecord.js";
import { bodyOf, canonicalJson, entryOf, genesis } from "./chain.js";
import type { Sql } from "./Sql.js";

/** Who carries requests out: this process, and whether another one still lives. */
export interface Owners {
  readonly self: string;
  isAlive(owner: string): Promise<boolean>;
}

interface SqlRecordOptions {
  readonly sql: Sql;
  readonly clock: Clock;
  readonly owners: Owners;
}

interface EntryRow {
  readonly number: string | number;
  readonly previous: string;
  readonly hash: string;
  readonly body: string;
}

interface RequestRow {
  readonly input: string;
  readonly state: "IN_PROGRESS" | "ENDED";
  readonly owner: string;
  readonly is_final: boolean;
  readonly result: string | null;
}

/** A fact is of no use any more after this long. */
const factLifetimeMs = 7 * 24 * 3_600_000;

/** How soon it is tried again to say that a request is not under way any more. */
const firstWaitMs = 250;
const longestWaitMs = 5_000;

/** The record in a PostgreSQL, a server or an embedded one: the same tables, each operation one statement. */
export class SqlRecord implements ChangeRecord {
  readonly isDurable = true;
  readonly heldBytes = 0;
  readonly #sql: Sql;
  readonly #clock: Clock;
  readonly #owners: Owners;
  /** The requests that this process is at. */
  readonly #running = new Set<string>();
  #isClosed = false;

  constructor({ sql, clock, owners }: SqlRecordOptions) {
    this.#sql = sql;
    this.#clock = clock;
    this.#owners = owners;
  }

  async append(draft: RecordDraft, provenance: Provenance): Promise<RecordEntry> {
    const time = this.#now();
    const body = bodyOf(draft, provenance, time);
    // The row of the head is where writers of one chain meet: the update waits for the one before and goes on from its hash.
    const [kept] = await this.#sql.query<EntryRow>(
      `with head as (
         insert into record_head as head (site_id, number, previous, hash)
         values ($1, 1, '${genesis}', encode(sha256(convert_to('${genesis}' || E'\\n1\\n' || $2::text, 'UTF8')), 'hex'))
         on conflict (site_id) do update set
           number = head.number + 1,
           previous = head.hash,
           hash = encode(sha256(convert_to(head.hash || E'\\n' || (head.number + 1)::text || E'\\n' || $2::text, 'UTF8')), 'hex')
         returning number, previous, hash
       )
       insert into record_entry
         (site_id, number, change_id, is_first, phase, time, action, subject, caller, caller_request_id, previous, hash, body)
       select $1, number, $3,
         not exists (select 1 from record_entry where change_id = $3),
         $4, $5, $6, $7::jsonb, $8, $9, previous, hash, $2
       from head
       returning number, previous, hash, body`,
      [
        draft.siteId,
        body,
        draft.changeId,
        draft.phase,
        time,
        draft.action,
        canonicalJson(draft.subject),
        provenance.caller,
        provenance.callerRequestId,
      ],
    );
    if (kept === undefined) throw new Error("The database kept no entry and gave no error.");
    return entryFrom(kept);
  }

  async claim(key: RequestKey, input: string): Promise<Claim> {
    const name = nameOf(key);
    if (this.#running.has(name)) {
      const known = await this.#request(key);
      return { kind: known !== null && known.input !== input ? "reused" : "inProgress" };
    }
    this.#running.add(name);
    let isClaimed = false;
    try {
      const claim = await this.#claimHere(key, input);
      isClaimed = claim.kind === "claimed";
      return claim;
    } finally {
      if (!isClaimed) this.#running.delete(name);
    }
  }

  async #claimHere(key: RequestKey, input: string): Promise<Claim> {
    const values = [key.caller, key.callerRequestId, input, this.#owners.self, this.#now()];
    const inserted = await this.#sql.query(
      `insert into record_request (caller, caller_request_id, input, state, owner, is_final, result, changed_at)
       values ($1, $2, $3, 'IN_PROGRESS', $4, false, null, $5)
       on conflict (caller, caller_request_id) do nothing returning 1`,
      values,
    );
    if (inserted.length > 0) return { kind: "claimed", earlier: null };
    const known = await this.#request(key);
    if (known === null) return this.#claimHere(key, input);
    if (known.input !== input) return { kind: "reused" };
    if (known.state === "ENDED" && known.is_final) return { kind: "answered", result: known.result ?? "null" };
    // What is ours and not under way here was given up when its end could not be recorded.
    const isOurs = known.owner === this.#owners.self;
    if (known.state === "IN_PROGRESS" && !isOurs && (await this.#owners.isAlive(known.owner))) {
      return { kind: "inProgress" };
    }
    // What it had answered stays until there is another answer. Of several who see the same gone owner one gets it.
    const taken = await this.#sql.query(
      `update record_request set state = 'IN_PROGRESS', owner = $4, changed_at = $5
       where caller = $1 and caller_request_id = $2 and input = $3 and state = $6 and owner = $7 and not is_final returning 1`,
      [...values, known.state, known.owner],
    );
    return taken.length > 0 ? { kind: "claimed", earlier: { result: known.result } } : { kind: "inProgress" };
  }

  async finish(key: RequestKey, outcome: { readonly result: string; readonly isFinal: boolean }): Promise<void> {
    this.#running.delete(nameOf(key));
    await this.#giveUp(key, () =>
      this.#sql.query(
        `update record_request set state = 'ENDED', result = $3, is_final = $4, changed_at = $5
         where caller = $1 and caller_request_id = $2 and owner = $6 and state = 'IN_PROGRESS'`,
        [key.caller, key.callerRequestId, outcome.result, outcome.isFinal, this.#now(), this.#owners.self],
      ),
    );
  }

  async release(key: RequestKey): Promise<void> {
    this.#running.delete(nameOf(key));
    await this.#giveUp(key, () =>
      this.#sql.query(
        `update record_request set state = 'ENDED', changed_at = $3
         where caller = $1 and caller_request_id = $2 and owner = $4 and state = 'IN_PROGRESS'`,
        [key.caller, key.callerRequestId, this.#now(), this.#owners.self],
      ),
    );
  }

  /** Other processes take a request for ours until we say otherwise: what cannot be said now is said when the database is back. */
  async #giveUp(key: RequestKey, say: () => Promise<unknown>): Promise<void> {
    try {
      await say();
    } catch (error) {
      const sayLater = (waitMs: number) => {
        setTimeout(() => {
          if (this.#isClosed || this.#running.has(nameOf(key))) return;
          say().catch(() => sayLater(Math.min(waitMs * 2, longestWaitMs)));
        }, waitMs).unref();
      };
      sayLater(firstWaitMs);
      throw error;
    }
  }

  async requestOf(key: RequestKey): Promise<RequestState | null> {
    const known = await this.#request(key);
    return known && { input: known.input, state: known.state, isFinal: known.is_final, result: known.result };
  }

  async changes(filter: ChangeFilter, after: ChangePosition | null, first: number): Promise<readonly RecordedChange[]> {
    const rows = await this.#sql.query<EntryRow>(
      `with page as (
         select change_id, time, site_id, number from record_entry
         where is_first and site_id = any($1)
           and ($2::text[] is null or action = any($2))
           and ($3::text is null or caller_request_id = $3)
           and ($4::text[] is null or change_id = any($4))
           and ($5::text is null or jsonb_path_exists(subject, $5::text::jsonpath, jsonb_build_object('id', $12::text)))
           and ($13::text is null or strpos(body, $13) > 0)
           and ($6::text is null or time >= $6)
           and ($7::text is null or time < $7)
           and ($8::text is null or (time, site_id, number) < ($8, $9::text, $10::bigint))
         order by time desc, site_id desc, number desc limit $11
       )
       select entry.number, entry.previous, entry.hash, entry.body from record_entry as entry join page using (change_id)
       order by page.time desc, page.site_id desc, page.number desc, entry.number`,
      [
        filter.siteIds,
        filter.actions,
        filter.callerRequestId,
        filter.changeIds,
        filter.subject && `$.**.${filter.subject.key} ? (@ == $id)`,
        isoOf(filter.sinceMs),
        isoOf(filter.untilMs),
        after?.time ?? null,
        after?.siteId ?? null,
        after?.number ?? null,
        first,
        filter.subject?.id ?? null,
        // The text of an entry is canonical, and what others worded in it has its quotes escaped.
        filter.linked && `${JSON.stringify(filter.linked.by)}:${JSON.stringify(filter.linked.changeId)}`,
      ],
    );
    return pairEntries(rows.map(entryFrom));
  }

  async changesOf(key: RequestKey): Promise<readonly RecordedChange[]> {
    const rows = await this.#sql.query<EntryRow>(
      `select number, previous, hash, body from record_entry
       where caller = $1 and caller_request_id = $2 order by time, site_id, number`,
      [key.caller, key.callerRequestId],
    );
    return pairEntries(rows.map(entryFrom));
  }

  async chain(siteId: SiteId, afterNumber: number, first: number): Promise<readonly RecordEntry[]> {
    const rows = await this.#sql.query<EntryRow>(
      "select number, previous, hash, body from record_entry where site_id = $1 and number > $2 order by number limit $3",
      [siteId, afterNumber, first],
    );
    return rows.map(entryFrom);
  }

  async checkpointOf(siteId: SiteId): Promise<Checkpoint | null> {
    const [row] = await this.#sql.query<{ checkpoint_number: string | number; checkpoint_hash: string }>(
      "select checkpoint_number, checkpoint_hash from record_head where site_id = $1",
      [siteId],
    );
    return row === undefined ? null : { siteId, number: Number(row.checkpoint_number), hash: row.checkpoint_hash };
  }

  async headOf(siteId: SiteId): Promise<ChainPosition | null> {
    const [row] = await this.#sql.query<{ number: string | number; hash: string }>(
      "select number, hash from record_head where site_id = $1",
      [siteId],
    );
    return row === undefined ? null : { number: Number(row.number), hash: row.hash };
  }

  async remember(kind: FactKind, siteId: SiteId, key: string, value: string): Promise<void> {
    await this.#sql.query(
      `with old as (delete from record_fact where at_ms < $6 and key <> $3)
       insert into record_fact (kind, site_id, key, value, at_ms) values ($1, $2, $3, $4, $5)
       on conflict (kind, site_id, key) do update set value = excluded.value, at_ms = excluded.at_ms`,
      [kind, siteId, key, value, this.#clock.now(), this.#clock.now() - factLifetimeMs],
    );
  }

  async recall(
    kind: FactKind,
    siteId: SiteId,
    key: string,
  ): Promise<{ readonly value: string; readonly atMs: number } | null> {
    const [row] = await this.#sql.query<{ value: string; at_ms: string | number }>(
      "select value, at_ms from record_fact where kind = $1 and site_id = $2 and key = $3",
      [kind, siteId, key],
    );
    return row === undefined ? null : { value: row.value, atMs: Number(row.at_ms) };
  }

  async forget(kind: FactKind, siteId: SiteId, key: string): Promise<void> {
    await this.#sql.query("delete from record_fact where kind = $1 and site_id = $2 and key = $3", [kind, siteId, key]);
  }

  async retain(sinceMs: number): Promise<number> {
    const since = isoOf(sinceMs);
    // The newest entry of a site always stays, and so does all that follows the first that is new enough: a chain has no holes.
    const gone = await this.#sql.query(
      `with last as (
         select site_id, max(number) as number from record_entry as entry
         where number < (select number from record_head where site_id = entry.site_id)
           and number < coalesce(
             (select min(number) from record_entry where site_id = entry.site_id and time >= $1), 9223372036854775807)
         group by site_id
       ), kept as (
         update record_head as head set checkpoint_number = last.number, checkpoint_hash =
           (select hash from record_entry where site_id = last.site_id and number = last.number)
         from last where head.site_id = last.site_id returning head.site_id, last.number
       )
       delete from record_entry as entry using kept
       where entry.site_id = kept.site_id and entry.number <= kept.number returning 1`,
      [since],
    );
    await this.#sql.query("delete from record_request where state = 'ENDED' and changed_at < $1", [since]);
    await this.#sql.query("delete from record_fact where at_ms < $1", [sinceMs]);
    return gone.length;
  }

  close(): Promise<void> {
    this.#isClosed = true;
    return this.#sql.close();
  }

  async #request(key: RequestKey): Promise<RequestRow | null> {
    const [row] = await this.#sql.query<RequestRow>(
      "select input, state, owner, is_final, result from record_request where caller = $1 and caller_request_id = $2",
      [key.caller, key.callerRequestId],
    );
    return row ?? null;
  }

  #now(): string {
    return new Date(this.#clock.now()).toISOString();
  }
}

function nameOf({ caller, callerRequestId }: RequestKey): string {
  return JSON.stringify([caller, callerRequestId]);
}

function entryFrom({ number, previous, hash, body }: EntryRow): RecordEntry {
  return entryOf({ number: Number(number), previous, hash, body });
}

function isoOf(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
