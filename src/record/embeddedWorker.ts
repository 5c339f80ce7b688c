import { parentPort, workerData } from "node:worker_threads";
import { PGlite } from "@electric-sql/pglite";
import type { EmbeddedAnswer, EmbeddedQuery } from "./embedded.js";

// The thread of the embedded database: one statement at a time, in the order asked, each on disk when it is answered.
const port = parentPort;
if (port === null) throw new Error("The embedded database runs in a thread of its own.");
const { directory } = workerData as { readonly directory: string };
const answer = (message: EmbeddedAnswer) => port.postMessage(message);

const database = await PGlite.create(directory, { relaxedDurability: false }).catch((error: unknown) => {
  answer({ id: 0, error: messageOf(error) });
  process.exit(1);
});
answer({ id: 0 });

port.on("message", ({ id, text, values }: EmbeddedQuery) => void run(id, text, values));

async function run(id: number, text: string | null, values: readonly unknown[]): Promise<void> {
  try {
    if (text === null) {
      await database.close();
      return answer({ id });
    }
    const { rows } = await database.query(text, [...values]);
    answer({ id, rows });
  } catch (error) {
    answer({ id, error: messageOf(error) });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
