import pg from "pg";
import { type Hold, LocalLocks, LockLost, type Locks } from "./Locks.js";
import { unavailable } from "./postgres.js";

/** How locks are bounded. */
interface LockLimits {
  /** A holder that is not heard of for so long has lost its lock: the server ends its session, and others may go on. */
  readonly silenceMs: number;
  /** How often a holder that has nothing else to say is heard of. */
  readonly beatMs: number;
  /** How long one waits for a lock that another process holds. */
  readonly waitMs: number;
  /** Locks held at once, each a session of its own. */
  readonly connections: number;
}

export const defaultLockLimits: LockLimits = { silenceMs: 30_000, beatMs: 10_000, waitMs: 60_000, connections: 20 };

/** A session in which one query goes after the other: it takes no second one meanwhile. */
class LockSession {
  readonly #client: pg.PoolClient;
  #last: Promise<unknown> = Promise.resolve();
  #underWay = 0;

  constructor(client: pg.PoolClient) {
    this.#client = client;
  }

  /** Nothing was asked that is not answered: then the server hears nothing of us. */
  get isIdle(): boolean {
    return this.#underWay === 0;
  }

  query(text: string, values: readonly string[] = []): Promise<unknown> {
    this.#underWay += 1;
    const answer = this.#last.then(() => this.#client.query(text, [...values]));
    const settle = () => {
      this.#underWay -= 1;
    };
    this.#last = answer.then(settle, settle);
    return answer;
  }
}

/**
 * Locks over all processes of one database. Each is an advisory lock of a transaction of its own: the server itself lets it
 * go when the session ends, and ends the session when the holder is silent for too long, so that a process which was stopped
 * holds nobody up. Within the process whoever waits, waits without a session.
 */
export class PostgresLocks implements Locks {
  readonly areShared = true;
  readonly #local = new LocalLocks();
  readonly #pool: pg.Pool;
  readonly #limits: LockLimits;

  constructor(url: string, limits: LockLimits = defaultLockLimits) {
    this.#limits = limits;
    this.#pool = new pg.Pool({
      connectionString: url,
      max: limits.connections,
      connectionTimeoutMillis: limits.waitMs,
      application_name: "confluence-access-graph lock",
    });
    this.#pool.on("error", () => undefined);
  }

  run<T>(key: string, task: (hold: Hold) => Promise<T>): Promise<T> {
    return this.#local.run(key, () => this.#runAcross(key, task));
  }

  close(): Promise<void> {
    return this.#pool.end();
  }

  async #runAcross<T>(key: string, task: (hold: Hold) => Promise<T>): Promise<T> {
    const client = await this.#pool.connect().catch((error: unknown) => {
      throw unavailable(error);
    });
    const session = new LockSession(client);
    let isLost = false;
    // An idle session that the server ends tells so here; nobody else may hear of it.
    const lose = () => {
      isLost = true;
    };
    client.on("error", lose);
    try {
      await this.#acquire(session, key);
    } catch (error) {
      client.off("error", lose);
      client.release(true);
      throw unavailable(error);
    }
    const touch = async () => {
      if (!isLost) await session.query("select 1").catch(lose);
    };
    const beat = setInterval(() => session.isIdle && void touch(), this.#limits.beatMs);
    beat.unref();
    const hold: Hold = {
      // Another process may have held it and let it go since the caller began: that cannot be told, so it counts as so.
      hasWaited: true,
      check: async () => {
        await touch();
        if (isLost) throw new LockLost("The lock on what is changed was lost meanwhile.");
      },
      also: (second, inner) =>
        this.#local.run(second, () => this.#alsoAcross(session, second, { task: () => inner(hold), lose })),
    };
    try {
      return await task(hold);
    } finally {
      clearInterval(beat);
      if (!isLost) await session.query("commit").catch(lose);
      client.off("error", lose);
      client.release(isLost);
    }
  }

  /**
   * In the session that holds the first lock, which ends both: a session of its own could not be had while all of them hold a
   * first lock and wait for the second.
   */
  async #alsoAcross<T>(
    session: LockSession,
    key: string,
    { task, lose }: { readonly task: () => Promise<T>; readonly lose: () => void },
  ): Promise<T> {
    const name = [nameOf(key)];
    try {
      await session.query("select pg_advisory_lock(hashtextextended($1, 0))", name);
    } catch (error) {
      lose();
      throw unavailable(error);
    }
    try {
      return await task();
    } finally {
      await session.query("select pg_advisory_unlock(hashtextextended($1, 0))", name).catch(lose);
    }
  }

  async #acquire(session: LockSession, key: string): Promise<void> {
    const { waitMs, silenceMs } = this.#limits;
    await session.query("begin");
    await session.query(`set local lock_timeout = ${Math.round(waitMs)}`);
    await session.query(`set local idle_in_transaction_session_timeout = ${Math.round(silenceMs)}`);
    await session.query("select pg_advisory_xact_lock(hashtextextended($1, 0))", [nameOf(key)]);
  }
}

function nameOf(key: string): string {
  return `confluence-access-graph ${key}`;
}
