import { cleanExcerpt } from "../../http/errors.js";
import type { LongTask } from "../writerPort.js";
import type { LongTaskWire } from "./wire/longTaskWire.js";

/** A task at 100 % is over, and has failed where it says so; before that it is under way, whatever it says. */
export function mapLongTask({ percentageComplete, successful, messages }: LongTaskWire): LongTask {
  const percentage = Math.min(100, Math.max(0, percentageComplete));
  const last = messages?.at(-1);
  const message = cleanExcerpt(last?.translation ?? last?.key ?? "", []);
  return {
    state: percentage < 100 ? "RUNNING" : successful === false ? "FAILED" : "SUCCEEDED",
    percentage,
    message: message === "" ? null : message,
  };
}
