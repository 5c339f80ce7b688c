import type { LongTask, LongTaskId } from "../confluence/writerPort.js";

/** A removal that a site accepted and carries out in its own time. */
export interface AccountRemoval {
  readonly taskId: LongTaskId;
  /** How far it is; `null` where the site does not know the task (any more). */
  readonly task: LongTask | null;
}
