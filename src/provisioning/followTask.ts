import type { AccountWriter, LongTask, LongTaskId } from "../confluence/writerPort.js";
import type { Clock } from "../domain/Clock.js";
import { SiteError } from "../domain/SiteError.js";

const firstPauseMs = 500;
const longestPauseMs = 4_000;

/**
 * Asks how far a task is until it has ended or `forMs` have passed, with pauses that grow from 0.5 to 4 seconds. What it last
 * was, `null` where the site does not know it (any more). Rejects where the last question was not answered.
 */
export async function followTask(
  accounts: AccountWriter,
  taskId: LongTaskId,
  { clock, forMs }: { readonly clock: Clock; readonly forMs: number },
): Promise<LongTask | null> {
  const endMs = clock.now() + forMs;
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
    const task = await ask(accounts, taskId);
    const leftMs = endMs - clock.now();
    const isOver = task === null || (!(task instanceof SiteError) && task.state !== "RUNNING");
    if (isOver || leftMs <= 0) {
      if (task instanceof SiteError) throw task;
      return task;
    }
    await clock.sleep(Math.min(pauseMs, leftMs));
  }
}

/** One question that fails says nothing about the task: the next one may be answered. */
async function ask(accounts: AccountWriter, taskId: LongTaskId): Promise<LongTask | SiteError | null> {
  try {
    return await accounts.taskOf(taskId);
  } catch (error) {
    if (error instanceof SiteError) return error;
    throw error;
  }
}
