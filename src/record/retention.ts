import type { Clock } from "../domain/Clock.js";
import type { Logger } from "../observability/Logger.js";
import type { ChangeRecord } from "./ChangeRecord.js";

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
