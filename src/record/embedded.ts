import { Worker } from "node:worker_threads";
import { RecordUnavailable, type Sql } from "./Sql.js";

/** A statement for the thread of the database. */
export interface EmbeddedQuery {
  readonly id: number;
  /** `null`: close the database. */
  readonly text: string | null;
  readonly values: readonly unknown[];
}

/** What the thread answers: `id` 0 once when it is open. */
export interface EmbeddedAnswer {
  readonly id: number;
  readonly rows?: readonly unknown[];
  readonly error?: string;
}

interface Waiting {
  resolve(rows: readonly unknown[]): void;
  reject(error: Error): void;
}

/**
 * A PostgreSQL of our own in a directory, in a thread of its own: nothing of it is loaded before it is asked for, and no query
 * holds up the event loop.
 */
export async function openEmbedded(
  directory: string,
  worker: URL = new URL("./embeddedWorker.js", import.meta.url),
): Promise<Sql> {
  const thread = new Worker(worker, { workerData: { directory } });
  const waiting = new Map<number, Waiting>();
  let lastId = 0;
  let fault: Error | null = null;
  const fail = (error: Error) => {
    fault = new RecordUnavailable(`The record in STATE_DIR cannot be used any more: ${error.message}`, {
      cause: error,
    });
    for (const { reject } of waiting.values()) reject(fault);
    waiting.clear();
  };
  const opened = new Promise<readonly unknown[]>((resolve, reject) => waiting.set(0, { resolve, reject }));
  thread.on("message", ({ id, rows, error }: EmbeddedAnswer) => {
    const asked = waiting.get(id);
    waiting.delete(id);
    // The thread alone keeps no process alive; an answer that somebody waits for does.
    if (waiting.size === 0) thread.unref();
    if (error === undefined) asked?.resolve(rows ?? []);
    else asked?.reject(new RecordUnavailable(`The record in STATE_DIR could not be read or written: ${error}`));
  });
  thread.on("error", fail);
  thread.on("exit", () => fail(new Error("its thread has ended")));
  const ask = (text: string | null, values: readonly unknown[]) =>
    new Promise<readonly unknown[]>((resolve, reject) => {
      if (fault !== null) return reject(fault);
      lastId += 1;
      waiting.set(lastId, { resolve, reject });
      thread.ref();
      const query: EmbeddedQuery = { id: lastId, text, values };
      thread.postMessage(query);
    });
  await opened;
  return {
    query: async <Row>(text: string, values: readonly unknown[] = []) => (await ask(text, values)) as readonly Row[],
    close: async () => {
      await ask(null, []).catch(() => undefined);
      await thread.terminate();
    },
  };
}
