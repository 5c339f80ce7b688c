import { randomUUID } from "node:crypto";
import { join } from "node:path";
import type { RecordPlace } from "../config/Config.js";
import type { Clock } from "../domain/Clock.js";
import type { Logger } from "../observability/Logger.js";
import type { ChangeRecord } from "./ChangeRecord.js";
import { LocalLocks, type Locks } from "./Locks.js";
import { MemoryRecord } from "./MemoryRecord.js";
import { RecordUnavailable } from "./Sql.js";

const dayMs = 86_400_000;

interface RetentionOptions {
  readonly record: ChangeRecord;
  readonly retentionMs: number;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Lets go of what is older than the record is to be kept, now and every day. One that fails is told and tried again the next
 * day. Answers what ends it, once a letting go that is under way is through.
 */
export function keepRetention({ record, retentionMs, clock, logger }: RetentionOptions): () => Promise<void> {
  const stop = new AbortController();
  const isStopped = () => stop.signal.aborted;
  const work = async () => {
    while (!isStopped()) {
      try {
        const gone = await record.retain(clock.now() - retentionMs);
        if (gone > 0) logger.info({ entries: gone }, "old entries of the record were let go; a checkpoint stays");
      } catch (error) {
        if (!isStopped()) logger.warn({ error: String(error) }, "old entries of the record could not be let go");
      }
      await clock.sleep(dayMs, stop.signal).catch(() => undefined);
    }
  };
  const worked = work();
  return () => {
    stop.abort(new Error("The server stops."));
    return worked;
  };
}

/** The record, and the locks that reach as far as it does. */
interface OpenedRecord {
  readonly record: ChangeRecord;
  readonly locks: Locks;
}

/**
 * Opens the record where it is configured to be; `worker` is where the thread of the embedded database has its code. No database is loaded where none is. Rejects with a `DirectoryInUse` or a
 * `RecordUnavailable`.
 */
export async function openRecord(place: RecordPlace, clock: Clock, worker?: URL): Promise<OpenedRecord> {
  switch (place.kind) {
    case "memory":
      return { record: new MemoryRecord(clock), locks: new LocalLocks() };
    case "directory":
      return openDirectory(place.directory, clock, worker);
    case "database":
      return openDatabase(place.url.reveal(), clock);
  }
}

async function openDirectory(directory: string, clock: Clock, worker: URL | undefined): Promise<OpenedRecord> {
  const [{ lockDirectory }, { openEmbedded }, { SqlRecord }, { migrate }] = await Promise.all([
    import("./directoryLock.js"),
    import("./embedded.js"),
    import("./SqlRecord.js"),
    import("./Sql.js"),
  ]);
  const unlock = await lockDirectory(directory).catch((error: unknown) => {
    throw error instanceof Error && "syscall" in error
      ? new RecordUnavailable(`STATE_DIR cannot be used: ${error.message}`, { cause: error })
      : error;
  });
  try {
    const embedded = await openEmbedded(join(directory, "record"), worker);
    const sql = { ...embedded, close: () => embedded.close().finally(unlock) };
    await migrate(sql);
    const self = randomUUID();
    // One process a directory: whoever else began something is gone.
    const owners = { self, isAlive: async (owner: string) => owner === self };
    return { record: new SqlRecord({ sql, clock, owners }), locks: new LocalLocks() };
  } catch (error) {
    await unlock();
    throw error;
  }
}

async function openDatabase(url: string, clock: Clock): Promise<OpenedRecord> {
  const [{ openPostgres, PostgresOwners }, { PostgresLocks }, { SqlRecord }, { migrate }] = await Promise.all([
    import("./postgres.js"),
    import("./PostgresLocks.js"),
    import("./SqlRecord.js"),
    import("./Sql.js"),
  ]);
  const server = openPostgres(url);
  const owners = new PostgresOwners(url, server);
  const sql = { ...server, close: () => owners.close().then(() => server.close()) };
  try {
    await migrate(sql);
    await owners.start();
  } catch (error) {
    await sql.close();
    throw error;
  }
  return { record: new SqlRecord({ sql, clock, owners }), locks: new PostgresLocks(url) };
}
