import { randomUUID } from "node:crypto";
import pg from "pg";
import { RecordUnavailable, type Sql } from "./Sql.js";
import type { Owners } from "./SqlRecord.js";

/** How long the database may take. */
const limits = { connectMs: 5_000, statementMs: 10_000, connections: 8 } as const;

/** A PostgreSQL server, by its address (`postgres://…`). The address holds a password: it is never in a message. */
export function openPostgres(url: string): Sql {
  const pool = new pg.Pool({
    connectionString: url,
    max: limits.connections,
    connectionTimeoutMillis: limits.connectMs,
    query_timeout: limits.statementMs,
    statement_timeout: limits.statementMs,
    application_name: "confluence-access-graph",
  });
  // A connection that breaks while nobody uses it: the next query opens another, and tells if it cannot.
  pool.on("error", () => undefined);
  return {
    query: async <Row>(text: string, values: readonly unknown[] = []) => {
      try {
        const { rows } = await pool.query(text, [...values]);
        return rows as Row[];
      } catch (error) {
        throw unavailable(error);
      }
    },
    close: () => pool.end(),
  };
}

/** What became of a query, in words that hold neither address nor data. */
export function unavailable(error: unknown): RecordUnavailable {
  const code = error instanceof Error && "code" in error && typeof error.code === "string" ? ` (${error.code})` : "";
  return new RecordUnavailable(`The database of the record does not answer as it should${code}. Check DATABASE_URL.`, {
    cause: error,
  });
}

/**
 * This process as one of several on one database: it lives for as long as a session of its holds a lock on its id, which the
 * server lets go when the process is gone.
 */
export class PostgresOwners implements Owners {
  readonly self = randomUUID();
  readonly #url: string;
  readonly #sql: Sql;
  #session: pg.Client | null = null;
  #isClosed = false;

  constructor(url: string, sql: Sql) {
    this.#url = url;
    this.#sql = sql;
  }

  /** Takes the lock, and again whenever the session breaks. */
  async start(): Promise<void> {
    const session = new pg.Client({
      connectionString: this.#url,
      connectionTimeoutMillis: limits.connectMs,
      keepAlive: true,
      application_name: "confluence-access-graph owner",
    });
    session.on("error", () => {
      if (this.#session !== session) return;
      this.#session = null;
      void this.#restart();
    });
    try {
      await session.connect();
      await session.query("select pg_advisory_lock(hashtextextended($1, 0))", [lockNameOf(this.self)]);
    } catch (error) {
      await session.end().catch(() => undefined);
      throw unavailable(error);
    }
    this.#session = session;
  }

  async isAlive(owner: string): Promise<boolean> {
    if (owner === this.self) return true;
    const [row] = await this.#sql.query<{ free: boolean }>(
      "select pg_try_advisory_xact_lock(hashtextextended($1, 0)) as free",
      [lockNameOf(owner)],
    );
    return row?.free !== true;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const session = this.#session;
    this.#session = null;
    await session?.end().catch(() => undefined);
  }

  async #restart(): Promise<void> {
    for (let waitMs = 200; !this.#isClosed && this.#session === null; waitMs = Math.min(waitMs * 2, 5_000)) {
      await this.start().catch(() => undefined);
      if (this.#session === null) await new Promise((resolve) => setTimeout(resolve, waitMs).unref());
    }
  }
}

function lockNameOf(owner: string): string {
  return `confluence-access-graph process ${owner}`;
}
